package io.shield;

import io.shield.decision.Site;
import io.shield.error.InvalidValueException;
import io.shield.internal.JsonOptions;
import io.shield.json.ShieldJson;
import io.shield.json.WebhookJson;
import io.shield.model.RouteKey;
import io.shield.model.webhook.Webhook;
import io.shield.spi.ShieldBackend;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is set up. What is not set here is taken from the environment, then from a {@code
 * .shield} file, then from defaults. Not thread-safe; an engine copies it.
 *
 * <pre>{@code
 * ShieldOptions options = new ShieldOptions().setEnvironment("staging").setBackend("file");
 * }</pre>
 */
public class ShieldOptions {
  /** The default name of an engine: {@value}. */
  public static final String DEFAULT_NAME = "shield";

  /** The default environment: {@value}. */
  public static final String DEFAULT_ENVIRONMENT = "dev";

  /** By default a store that does not push is asked for news every second. */
  public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(1);

  /** By default a store that pushes is asked every two seconds whether anything was missed. */
  public static final Duration DEFAULT_HEAD_INTERVAL = Duration.ofSeconds(2);

  /**
   * By default a change is given up after six seconds without an answer: stores that wait five
   * seconds for a lock can still say so.
   */
  public static final Duration DEFAULT_CHANGE_TIMEOUT = Duration.ofSeconds(6);

  /** The fields of the JSON, in the order in which they are told. */
  private static final List<String> FIELDS =
      List.of(
          "name",
          "backend",
          "rateLimitBackend",
          "environment",
          "defaultEnvironment",
          "service",
          "coldStart",
          "bypassLifecycle",
          "bypassRateLimits",
          "strict",
          "settings",
          "webhooks",
          "pollInterval",
          "headInterval",
          "changeTimeout");

  private @Nullable String name;
  private @Nullable String backend;
  private @Nullable ShieldBackend backendInstance;
  private @Nullable String rateLimitBackend;
  private @Nullable ShieldBackend rateLimitBackendInstance;
  private @Nullable String environment;
  private String defaultEnvironment = DEFAULT_ENVIRONMENT;
  private @Nullable String service;
  private @Nullable ColdStart coldStart;
  private @Nullable Boolean bypassLifecycle;
  private @Nullable Boolean bypassRateLimits;
  private @Nullable Boolean strict;
  private Map<String, String> settings = new LinkedHashMap<>();
  private Duration pollInterval = DEFAULT_POLL_INTERVAL;
  private Duration headInterval = DEFAULT_HEAD_INTERVAL;
  private Duration changeTimeout = DEFAULT_CHANGE_TIMEOUT;
  private InstantSource clock = InstantSource.system();
  private List<Webhook> webhooks = new ArrayList<>();

  /** Nothing set. */
  public ShieldOptions() {}

  /** A copy. */
  public ShieldOptions(ShieldOptions other) {
    name = other.name;
    backend = other.backend;
    backendInstance = other.backendInstance;
    rateLimitBackend = other.rateLimitBackend;
    rateLimitBackendInstance = other.rateLimitBackendInstance;
    environment = other.environment;
    defaultEnvironment = other.defaultEnvironment;
    service = other.service;
    coldStart = other.coldStart;
    bypassLifecycle = other.bypassLifecycle;
    bypassRateLimits = other.bypassRateLimits;
    strict = other.strict;
    settings = new LinkedHashMap<>(other.settings);
    pollInterval = other.pollInterval;
    headInterval = other.headInterval;
    changeTimeout = other.changeTimeout;
    clock = other.clock;
    webhooks = new ArrayList<>(other.webhooks);
  }

  /**
   * What {@link #toJson} wrote. A field that is null counts as not set.
   *
   * @throws InvalidValueException if a value is not allowed or a field is not known
   */
  public ShieldOptions(JsonObject json) {
    JsonOptions in = new JsonOptions(json).only(FIELDS);
    for (String field : json.fieldNames()) {
      if (json.getValue(field) != null) {
        read(in, field);
      }
    }
  }

  private void read(JsonOptions in, String field) {
    switch (field) {
      case "name" -> setName(in.text(field));
      case "backend" -> setBackend(in.text(field));
      case "rateLimitBackend" -> setRateLimitBackend(in.text(field));
      case "environment" -> setEnvironment(in.text(field));
      case "defaultEnvironment" -> setDefaultEnvironment(in.text(field));
      case "service" -> setService(in.text(field));
      case "coldStart" -> setColdStart(ColdStart.parse(in.text(field)));
      case "bypassLifecycle" -> setBypassLifecycle(in.flag(field));
      case "bypassRateLimits" -> setBypassRateLimits(in.flag(field));
      case "strict" -> setStrict(in.flag(field));
      case "settings" -> in.texts(field).forEach(this::putSetting);
      case "pollInterval" -> setPollInterval(in.millis(field));
      case "headInterval" -> setHeadInterval(in.millis(field));
      case "webhooks" -> in.objects(field).forEach(this::readWebhook);
      case "changeTimeout" -> setChangeTimeout(in.millis(field));
      default -> throw new AssertionError(field);
    }
  }

  private void readWebhook(JsonObject json) {
    new JsonOptions(json).only(WebhookJson.FIELDS);
    addWebhook(WebhookJson.read(ShieldJson.parse("webhooks", json.encode())));
  }

  /**
   * The options as JSON, durations in milliseconds; what is not set is left out, and so are the
   * clock and backends given as objects.
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    putIfSet(json, "name", name);
    putIfSet(json, "backend", backend);
    putIfSet(json, "rateLimitBackend", rateLimitBackend);
    putIfSet(json, "environment", environment);
    putIfSet(json, "service", service);
    putIfSet(json, "coldStart", coldStart == null ? null : coldStart.wireName());
    putIfSet(json, "bypassLifecycle", bypassLifecycle);
    putIfSet(json, "bypassRateLimits", bypassRateLimits);
    putIfSet(json, "strict", strict);
    if (!settings.isEmpty()) {
      JsonObject all = new JsonObject();
      settings.forEach(all::put);
      json.put("settings", all);
    }
    if (!webhooks.isEmpty()) {
      JsonArray all = new JsonArray();
      webhooks.forEach(each -> all.add(new JsonObject(ShieldJson.text(WebhookJson.write(each)))));
      json.put("webhooks", all);
    }
    return json.put("defaultEnvironment", defaultEnvironment)
        .put("pollInterval", pollInterval.toMillis())
        .put("headInterval", headInterval.toMillis())
        .put("changeTimeout", changeTimeout.toMillis());
  }

  private static void putIfSet(JsonObject json, String field, @Nullable Object value) {
    if (value != null) {
      json.put(field, value);
    }
  }

  /** The name {@link ShieldEngine#get} finds the engine by, or null if not set. */
  public @Nullable String getName() {
    return name;
  }

  /** Sets the engine's name: 1 to 100 letters, digits, dots, dashes and underscores. */
  public ShieldOptions setName(String value) {
    if (!Objects.requireNonNull(value, "name").matches("[A-Za-z0-9._-]{1,100}")) {
      throw new InvalidValueException("name", value, "1 to 100 letters, digits, '.', '-' and '_'");
    }
    name = value;
    return this;
  }

  /** The kind of store, or null if not set. */
  public @Nullable String getBackend() {
    return backend;
  }

  /** Sets the kind of store by name ({@code SHIELD_BACKEND}), {@code memory} for instance. */
  public ShieldOptions setBackend(String value) {
    backend = Objects.requireNonNull(value, "backend");
    backendInstance = null;
    return this;
  }

  /** The store itself, or null if not set. */
  public @Nullable ShieldBackend getBackendInstance() {
    return backendInstance;
  }

  /** Sets the store itself. The engine starts it and shuts it down. */
  public ShieldOptions setBackend(ShieldBackend value) {
    backendInstance = Objects.requireNonNull(value, "backend");
    backend = null;
    return this;
  }

  /** Which kind of store counts rate limits, or null if not set. */
  public @Nullable String getRateLimitBackend() {
    return rateLimitBackend;
  }

  /**
   * Sets which kind of store counts rate limits ({@code SHIELD_RATE_LIMIT_BACKEND}): {@code
   * memory}, so that this process counts for itself, or one that several processes share, such as
   * {@code redis}. Unless it is set, the Redis of {@code SHIELD_RATE_LIMIT_REDIS_URL} counts, and
   * without one the store of states if it can.
   */
  public ShieldOptions setRateLimitBackend(String value) {
    rateLimitBackend = Objects.requireNonNull(value, "rateLimitBackend");
    rateLimitBackendInstance = null;
    return this;
  }

  /** The store that counts rate limits, or null if not set. */
  public @Nullable ShieldBackend getRateLimitBackendInstance() {
    return rateLimitBackendInstance;
  }

  /**
   * Sets the store that counts rate limits. Only its counters are used and closed: it is neither
   * started nor shut down.
   *
   * @throws InvalidValueException if it has no {@linkplain ShieldBackend#sharedCounters counters}
   *     that processes share
   */
  public ShieldOptions setRateLimitBackend(ShieldBackend value) {
    if (value.sharedCounters() == null) {
      throw new InvalidValueException(
          "rateLimitBackend", value.getClass().getSimpleName(), "a store with shared counters");
    }
    rateLimitBackendInstance = value;
    rateLimitBackend = null;
    return this;
  }

  /** The environment this process runs in, or null if not set. */
  public @Nullable String getEnvironment() {
    return environment;
  }

  /** Sets the environment ({@code SHIELD_ENV}), 1 to 100 characters. */
  public ShieldOptions setEnvironment(String value) {
    environment = new Site(Objects.requireNonNull(value, "environment"), null).environment();
    return this;
  }

  /** The environment when none is set anywhere. */
  public String getDefaultEnvironment() {
    return defaultEnvironment;
  }

  /** Sets the environment for the case that none is set anywhere, 1 to 100 characters. */
  public ShieldOptions setDefaultEnvironment(String value) {
    defaultEnvironment =
        new Site(Objects.requireNonNull(value, "defaultEnvironment"), null).environment();
    return this;
  }

  /** The service this process belongs to, or null if not set. */
  public @Nullable String getService() {
    return service;
  }

  /** Sets the service ({@code SHIELD_APP_ID}). */
  public ShieldOptions setService(String value) {
    service = RouteKey.checkService(Objects.requireNonNull(value, "service"));
    return this;
  }

  /** What a cold start enforces, or null if not set. */
  public @Nullable ColdStart getColdStart() {
    return coldStart;
  }

  /** Sets what a cold start enforces ({@code SHIELD_COLD_START}). */
  public ShieldOptions setColdStart(ColdStart value) {
    coldStart = Objects.requireNonNull(value, "coldStart");
    return this;
  }

  /** Whether states and maintenance are left unenforced, or null if not set. */
  public @Nullable Boolean getBypassLifecycle() {
    return bypassLifecycle;
  }

  /** Sets whether states and maintenance are left unenforced ({@code SHIELD_BYPASS_LIFECYCLE}). */
  public ShieldOptions setBypassLifecycle(boolean value) {
    bypassLifecycle = value;
    return this;
  }

  /** Whether rate limits are left unenforced, or null if not set. */
  public @Nullable Boolean getBypassRateLimits() {
    return bypassRateLimits;
  }

  /** Sets whether rate limits are left unenforced ({@code SHIELD_BYPASS_RATE_LIMITS}). */
  public ShieldOptions setBypassRateLimits(boolean value) {
    bypassRateLimits = value;
    return this;
  }

  /** Whether a declaration that no handler enforces fails the start, or null if not set. */
  public @Nullable Boolean getStrict() {
    return strict;
  }

  /**
   * Sets whether the start fails if something that the code declares beside a route is enforced by
   * no handler ({@code SHIELD_STRICT}; false by default). Routers have to be set up before.
   */
  public ShieldOptions setStrict(boolean value) {
    strict = value;
    return this;
  }

  /** Settings given in code instead of in the environment. */
  public Map<String, String> getSettings() {
    return Map.copyOf(settings);
  }

  /** Sets in code what the environment variable of that name would set. */
  public ShieldOptions putSetting(String variable, String value) {
    if (!Objects.requireNonNull(variable, "variable").matches("SHIELD_[A-Z0-9_]{1,100}")) {
      throw new InvalidValueException("setting", variable, "the name of a SHIELD_ variable");
    }
    settings.put(variable, Objects.requireNonNull(value, variable));
    return this;
  }

  /** The webhooks that code configures. */
  public List<Webhook> getWebhooks() {
    return List.copyOf(webhooks);
  }

  /**
   * Adds a webhook, stored when the engine starts and told of what happens from then on. One of
   * that name which people changed stays as it is. Its secret is the setting that {@link
   * Webhook#secretEnv} names; without one, requests are not signed.
   */
  public ShieldOptions addWebhook(Webhook webhook) {
    webhooks.add(Objects.requireNonNull(webhook, "webhook"));
    return this;
  }

  /** How often a store that does not push is asked for news. */
  public Duration getPollInterval() {
    return pollInterval;
  }

  /** Sets how often a store that does not push is asked for news: 10 ms to 1 hour. */
  public ShieldOptions setPollInterval(Duration value) {
    pollInterval = checkDuration("pollInterval", value);
    return this;
  }

  /** How often a store that pushes is asked whether anything was missed. */
  public Duration getHeadInterval() {
    return headInterval;
  }

  /** Sets how often a store that pushes is asked whether anything was missed: 10 ms to 1 hour. */
  public ShieldOptions setHeadInterval(Duration value) {
    headInterval = checkDuration("headInterval", value);
    return this;
  }

  /**
   * How long a change may go without an answer. The store is waited for seven eighths of it; the
   * rest is for a machine that is busy.
   */
  public Duration getChangeTimeout() {
    return changeTimeout;
  }

  /** Sets how long a change may go without an answer before it is given up: 10 ms to 1 hour. */
  public ShieldOptions setChangeTimeout(Duration value) {
    changeTimeout = checkDuration("changeTimeout", value);
    return this;
  }

  private static Duration checkDuration(String field, Duration value) {
    Objects.requireNonNull(value, field);
    if (value.compareTo(Duration.ofMillis(10)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
      throw new InvalidValueException(field, value, "between 10 ms and 1 hour");
    }
    return Duration.ofMillis(value.toMillis());
  }

  /** The clock that decisions and audit entries are made by. */
  public InstantSource getClock() {
    return clock;
  }

  /** Sets the clock, for tests. It is read in milliseconds and may be set back. */
  public ShieldOptions setClock(InstantSource value) {
    clock = Objects.requireNonNull(value, "clock");
    return this;
  }

  /**
   * What is enforced when the store cannot be reached at start and no earlier snapshot is at hand.
   */
  public enum ColdStart {
    /** What the code declares. */
    OPEN,
    /** Maintenance, reason {@code starting}, on every declared route that is not force-active. */
    CLOSED,
    /** Nothing: {@link ShieldEngine#start} completes only after the first load. */
    WAIT;

    /** The name in configuration. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a name.
     *
     * @throws InvalidValueException if there is none such
     */
    public static ColdStart parse(String name) {
      for (ColdStart value : values()) {
        if (value.wireName().equals(name.toLowerCase(Locale.ROOT))) {
          return value;
        }
      }
      throw new InvalidValueException("SHIELD_COLD_START", name, "one of open, closed, wait");
    }
  }
}
