package io.shield.impl;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.error.ShieldException;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes engines, and finds started ones by name within one Vert.x instance. */
public final class Engines {
  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
  private static final String MAP = "io.shield.engines";

  private Engines() {}

  /** See {@link ShieldEngine#create(Vertx, ShieldOptions)}. */
  public static ShieldEngine create(Vertx vertx, ShieldOptions options) {
    Objects.requireNonNull(vertx, "vertx");
    ShieldOptions own = new ShieldOptions(options);
    try {
      Configuration configuration =
          Configuration.of(own, System.getenv(), Path.of(System.getProperty("user.dir")));
      return new EngineHandle(new SharedEngine(new EngineCore(vertx, configuration), null));
    } catch (ShieldException bad) {
      Configuration harmless = Configuration.bare(own);
      return new EngineHandle(new SharedEngine(new EngineCore(vertx, harmless), bad));
    }
  }

  /** See {@link ShieldEngine#get}. */
  public static ShieldEngine get(Vertx vertx, String name) {
    LocalMap<String, Entry> engines = engines(vertx);
    Entry entry = engines.get(Objects.requireNonNull(name, "name"));
    if (entry == null || !entry.engine.retain()) {
      String known = String.join(", ", new TreeSet<>(engines.keySet()));
      throw new ShieldException(
          "no started engine is named '"
              + name
              + "'; started here: "
              + (known.isEmpty() ? "none" : known));
    }
    return new EngineHandle(entry.engine);
  }

  /** Makes a started engine known by its name. */
  static void publish(SharedEngine engine) {
    Configuration configuration = engine.core().configuration();
    String name = configuration.name();
    Entry taken = engines(engine.core().vertx()).putIfAbsent(name, new Entry(engine));
    if (taken == null) {
      return;
    }
    if (configuration.options().getName() != null) {
      throw new ShieldException(
          "an engine named '"
              + name
              + "' is already started on this Vert.x; share it with ShieldEngine.get, or choose"
              + " another name");
    }
    LOG.warn(
        "Another engine of this Vert.x is named '{}' already; this one cannot be found by"
            + " ShieldEngine.get. Share one engine, or give each a name.",
        name);
  }

  static void withdraw(SharedEngine engine) {
    engines(engine.core().vertx())
        .removeIfPresent(engine.core().configuration().name(), new Entry(engine));
  }

  private static LocalMap<String, Entry> engines(Vertx vertx) {
    return vertx.sharedData().getLocalMap(MAP);
  }

  /** An engine in the shared map; equal to another entry of the same engine. */
  private record Entry(SharedEngine engine) implements Shareable {}
}
