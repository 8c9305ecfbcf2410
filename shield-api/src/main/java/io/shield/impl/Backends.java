package io.shield.impl;

import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.memory.MemoryBackend;
import io.shield.simple.SimpleBackend;
import io.shield.simple.SimpleBackends;
import io.shield.spi.BackendSettings;
import io.shield.spi.ShieldBackend;
import io.shield.spi.ShieldBackendFactory;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.time.InstantSource;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the backend that the configuration asks for. */
final class Backends {
  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);
  private static final String MEMORY = "memory";
  private static final String CUSTOM = "custom";
  private static final String CLUSTER = "cluster";
  private static final String RATE_LIMITS = "SHIELD_RATE_LIMIT_BACKEND";
  private static final String RATE_LIMITS_REDIS = "SHIELD_RATE_LIMIT_REDIS_URL";
  private static final String REDIS = "redis";
  private static final String INTERFACES =
      ShieldBackend.class.getName() + " or " + SimpleBackend.class.getName();

  private Backends() {}

  static ShieldBackend create(Vertx vertx, Configuration configuration) {
    ShieldBackend given = configuration.options().getBackendInstance();
    if (given != null) {
      checkService(given.service(), configuration.service());
      return given;
    }
    Map<String, ShieldBackendFactory> factories = factories();
    String name = name(vertx, configuration, factories);
    if (name.equals(MEMORY)) {
      return memory(configuration, null);
    }
    if (name.equals(CUSTOM)) {
      return custom(configuration.setting("SHIELD_CUSTOM_PATH"), configuration.clock());
    }
    ShieldBackendFactory factory = factories.get(name);
    if (factory == null) {
      throw unknown(name, factories);
    }
    String refusal = given(configuration) == null ? factory.refusal(vertx) : null;
    if (refusal != null) {
      String problem = "each node keeps a state of its own in memory: " + refusal;
      LOG.error("{}. Set SHIELD_BACKEND to choose another backend.", problem);
      return memory(configuration, problem);
    }
    return factory.create(configuration);
  }

  /** What is registered under another name would be enforced here and never stored. */
  private static void checkService(@Nullable String ofStore, @Nullable String ofEngine) {
    if (ofStore != null && !ofStore.equals(ofEngine)) {
      throw new InvalidValueException(
          "service",
          ofEngine == null ? "" : ofEngine,
          "'" + ofStore + "', as the backend's (setService, SHIELD_APP_ID)");
    }
  }

  private static ShieldBackend memory(Configuration configuration, @Nullable String warning) {
    return MemoryBackend.create(configuration.clock(), MemoryBackend.DEFAULT_AUDIT_LIMIT, warning);
  }

  /** What counts rate limits for several processes; null if this one counts for itself. */
  static @Nullable SharedCounters sharedCounters(
      Configuration configuration, ShieldBackend ofStates) {
    ShieldBackend given = configuration.options().getRateLimitBackendInstance();
    if (given != null) {
      return given.sharedCounters();
    }
    String name = rateLimits(configuration);
    if (name == null) {
      return ofStates.sharedCounters();
    }
    if (name.equals(MEMORY)) {
      return null;
    }
    Map<String, ShieldBackendFactory> factories = factories();
    ShieldBackendFactory factory = factories.get(name);
    SharedCounters shared =
        factory == null
            ? null
            : factory.create(new CounterSettings(configuration)).sharedCounters();
    if (shared == null) {
      throw new InvalidValueException(
          RATE_LIMITS,
          name,
          "memory, or a store with counters that processes share: cluster or redis");
    }
    return shared;
  }

  /** Whoever names a Redis for counters means it. */
  private static @Nullable String rateLimits(Configuration configuration) {
    String option = configuration.options().getRateLimitBackend();
    String name = option == null ? configuration.setting(RATE_LIMITS) : option;
    return name == null && configuration.setting(RATE_LIMITS_REDIS) != null ? REDIS : name;
  }

  /** What is set for {@code SHIELD_RATE_LIMIT_X} comes before what is set for {@code SHIELD_X}. */
  private record CounterSettings(Configuration configuration) implements BackendSettings {
    @Override
    public String name() {
      return configuration.name();
    }

    @Override
    public @Nullable String service() {
      return configuration.service();
    }

    @Override
    public InstantSource clock() {
      return configuration.clock();
    }

    @Override
    public @Nullable String setting(String variable) {
      return configuration.setting(shownName(variable));
    }

    @Override
    public String shownName(String variable) {
      String own = variable.replaceFirst("^SHIELD_", "SHIELD_RATE_LIMIT_");
      return configuration.setting(own) == null ? variable : own;
    }
  }

  private static Map<String, ShieldBackendFactory> factories() {
    Map<String, ShieldBackendFactory> found = new TreeMap<>();
    for (ShieldBackendFactory factory :
        ServiceLoader.load(ShieldBackendFactory.class, Backends.class.getClassLoader())) {
      found.put(factory.name(), factory);
    }
    return found;
  }

  private static String name(
      Vertx vertx, Configuration configuration, Map<String, ShieldBackendFactory> factories) {
    String found = given(configuration);
    if (found != null) {
      return found;
    }
    if (!vertx.isClustered()) {
      return MEMORY;
    }
    if (factories.containsKey(CLUSTER)) {
      return CLUSTER;
    }
    LOG.warn(
        "This Vert.x is clustered but no cluster backend is on the class path: each node keeps a"
            + " state of its own in memory. Set SHIELD_BACKEND to choose one.");
    return MEMORY;
  }

  private static @Nullable String given(Configuration configuration) {
    String given = configuration.options().getBackend();
    return given == null ? configuration.setting("SHIELD_BACKEND") : given;
  }

  private static InvalidValueException unknown(
      String name, Map<String, ShieldBackendFactory> factories) {
    String hint = factories.isEmpty() ? " (more with the artifact io.shield:shield-backends)" : "";
    return new InvalidValueException(
        "SHIELD_BACKEND", name, "one of " + String.join(", ", names(factories)) + hint);
  }

  private static Iterable<String> names(Map<String, ShieldBackendFactory> factories) {
    Map<String, Object> all = new TreeMap<>(factories);
    all.put(MEMORY, MEMORY);
    all.put(CUSTOM, CUSTOM);
    return all.keySet();
  }

  private static ShieldBackend custom(@Nullable String className, InstantSource clock) {
    if (className == null) {
      throw new InvalidValueException(
          "SHIELD_CUSTOM_PATH", "", "the name of a class that implements " + INTERFACES);
    }
    try {
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      ClassLoader loader = context == null ? Backends.class.getClassLoader() : context;
      Object made = Class.forName(className, true, loader).getDeclaredConstructor().newInstance();
      if (made instanceof ShieldBackend backend) {
        return backend;
      }
      if (made instanceof SimpleBackend store) {
        return SimpleBackends.adapt(store, clock);
      }
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | IllegalAccessException
        | InstantiationException e) {
      throw notABackend(className);
    } catch (InvocationTargetException e) {
      throw failed(className, e.getCause());
    } catch (LinkageError e) {
      throw failed(className, e);
    }
    throw notABackend(className);
  }

  private static ShieldException failed(String className, @Nullable Throwable cause) {
    return new ShieldException("SHIELD_CUSTOM_PATH: " + className + " failed: " + cause, cause);
  }

  private static InvalidValueException notABackend(String className) {
    return new InvalidValueException(
        "SHIELD_CUSTOM_PATH",
        className,
        "a public class with a public constructor without parameters that implements "
            + INTERFACES);
  }
}
