package io.shield.backend.redis;

import io.shield.backend.redis.impl.RedisUrl;
import io.shield.error.InvalidValueException;
import io.shield.internal.JsonOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a {@link RedisBackend} works. Setters validate; not thread-safe. */
public final class RedisBackendOptions {
  /** The Redis that is used unless said otherwise. */
  public static final String DEFAULT_URL = "redis://localhost:6379/0";

  /** What all keys and channels begin with unless said otherwise, as the original's do. */
  public static final String DEFAULT_KEY_PREFIX = "shield:";

  /** The name under which sentinels know the master unless said otherwise. */
  public static final String DEFAULT_MASTER_NAME = "mymaster";

  /** How long opening a connection may take unless said otherwise. */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(3);

  /** How long an answer may take unless said otherwise. */
  public static final Duration DEFAULT_COMMAND_TIMEOUT = Duration.ofSeconds(5);

  /** How many connections the pool holds at most unless said otherwise. */
  public static final int DEFAULT_MAX_POOL_SIZE = 6;

  /** How many audit entries are kept unless said otherwise, as many as the original keeps. */
  public static final int DEFAULT_AUDIT_LIMIT = 1000;

  /** The most audit entries that can be kept. */
  public static final int MAX_AUDIT_LIMIT = 100_000;

  /** The most replicas that can be waited for. */
  public static final int MAX_MIN_REPLICAS = 100;

  /** The fields of the JSON, in the order in which they are told. */
  private static final List<String> FIELDS =
      List.of(
          "urls",
          "topology",
          "masterName",
          "dialect",
          "keyPrefix",
          "hashTag",
          "caFile",
          "certFile",
          "keyFile",
          "connectTimeout",
          "commandTimeout",
          "maxPoolSize",
          "auditLimit",
          "minReplicas",
          "effectiveStatus",
          "countersPerPolicy");

  private static final int MAX_KEY_PART = 100;
  private static final int MAX_POOL_SIZE = 1000;

  private List<String> urls = List.of(DEFAULT_URL);
  private RedisTopology topology = RedisTopology.STANDALONE;
  private String masterName = DEFAULT_MASTER_NAME;
  private RedisDialect dialect = RedisDialect.SHIELD;
  private @Nullable String keyPrefix;
  private @Nullable String hashTag;
  private @Nullable String caFile;
  private @Nullable String certFile;
  private @Nullable String keyFile;
  private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
  private Duration commandTimeout = DEFAULT_COMMAND_TIMEOUT;
  private int maxPoolSize = DEFAULT_MAX_POOL_SIZE;
  private int auditLimit = DEFAULT_AUDIT_LIMIT;
  private int minReplicas;
  private @Nullable Boolean effectiveStatus;
  private boolean countersPerPolicy;

  /** The defaults. */
  public RedisBackendOptions() {}

  /** A copy. */
  public RedisBackendOptions(RedisBackendOptions other) {
    urls = other.urls;
    topology = other.topology;
    masterName = other.masterName;
    dialect = other.dialect;
    keyPrefix = other.keyPrefix;
    hashTag = other.hashTag;
    caFile = other.caFile;
    certFile = other.certFile;
    keyFile = other.keyFile;
    connectTimeout = other.connectTimeout;
    commandTimeout = other.commandTimeout;
    maxPoolSize = other.maxPoolSize;
    auditLimit = other.auditLimit;
    minReplicas = other.minReplicas;
    effectiveStatus = other.effectiveStatus;
    countersPerPolicy = other.countersPerPolicy;
  }

  /**
   * Reads what {@link #toJson} wrote; what is absent keeps its default.
   *
   * @throws InvalidValueException if a value is not allowed or a field is not known
   */
  public RedisBackendOptions(JsonObject json) {
    JsonOptions in = new JsonOptions(json).only(FIELDS);
    for (String field : json.fieldNames()) {
      if (json.getValue(field) != null) {
        read(in, field);
      }
    }
  }

  private void read(JsonOptions in, String field) {
    switch (field) {
      case "urls" -> setUrls(in.list(field));
      case "topology" -> setTopology(RedisTopology.parse(in.text(field)));
      case "masterName" -> setMasterName(in.text(field));
      case "dialect" -> setDialect(RedisDialect.parse(in.text(field)));
      case "keyPrefix" -> setKeyPrefix(in.text(field));
      case "hashTag" -> setHashTag(in.text(field));
      case "caFile" -> setCaFile(in.text(field));
      case "certFile" -> setCertFile(in.text(field));
      case "keyFile" -> setKeyFile(in.text(field));
      case "connectTimeout" -> setConnectTimeout(in.millis(field));
      case "commandTimeout" -> setCommandTimeout(in.millis(field));
      case "maxPoolSize" -> setMaxPoolSize(in.number(field));
      case "auditLimit" -> setAuditLimit(in.number(field));
      case "minReplicas" -> setMinReplicas(in.number(field));
      case "countersPerPolicy" -> setCountersPerPolicy(in.flag(field));
      case "effectiveStatus" -> setEffectiveStatus(in.flag(field));
      default -> throw new AssertionError(field);
    }
  }

  /** All options as JSON, durations in milliseconds. The URLs may contain passwords. */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("urls", new JsonArray(urls))
            .put("topology", topology.wireName())
            .put("masterName", masterName)
            .put("dialect", dialect.wireName())
            .put("connectTimeout", connectTimeout.toMillis())
            .put("commandTimeout", commandTimeout.toMillis())
            .put("maxPoolSize", maxPoolSize)
            .put("auditLimit", auditLimit)
            .put("minReplicas", minReplicas)
            .put("countersPerPolicy", countersPerPolicy);
    if (effectiveStatus != null) {
      json.put("effectiveStatus", effectiveStatus);
    }
    if (keyPrefix != null) {
      json.put("keyPrefix", keyPrefix);
    }
    if (hashTag != null) {
      json.put("hashTag", hashTag);
    }
    if (certFile != null) {
      json.put("certFile", certFile);
    }
    if (keyFile != null) {
      json.put("keyFile", keyFile);
    }
    return caFile == null ? json : json.put("caFile", caFile);
  }

  /** Where Redis is; {@value #DEFAULT_URL} by default. */
  public List<String> getUrls() {
    return urls;
  }

  /** Sets where Redis is, see {@link #setUrls}. */
  public RedisBackendOptions setUrl(String value) {
    return setUrls(List.of(Objects.requireNonNull(value, "url")));
  }

  /**
   * Sets where Redis is: {@code redis://user:password@host:port/database}, or {@code rediss://} for
   * TLS, also written {@code valkey://} and {@code valkeys://}; everything but the host may be left
   * out. What stands for other characters in user and password is percent-encoded. Several only for
   * a {@link #setTopology topology} of several servers.
   *
   * @throws InvalidValueException if one is not such a URL, or there is none
   */
  public RedisBackendOptions setUrls(List<String> values) {
    if (values.isEmpty()) {
      throw new InvalidValueException("urls", "[]", "at least one redis:// URL");
    }
    values.forEach(url -> RedisUrl.parse("url", url));
    urls = List.copyOf(values);
    return this;
  }

  /** How the servers belong together; {@link RedisTopology#STANDALONE} by default. */
  public RedisTopology getTopology() {
    return topology;
  }

  /** Sets how the servers belong together. */
  public RedisBackendOptions setTopology(RedisTopology value) {
    topology = Objects.requireNonNull(value, "topology");
    return this;
  }

  /** The name under which sentinels know the master. */
  public String getMasterName() {
    return masterName;
  }

  /** Sets the name under which sentinels know the master: 1 to 100 characters. */
  public RedisBackendOptions setMasterName(String value) {
    masterName = keyPart("masterName", value, 1);
    return this;
  }

  /** Whose names and values are used; those of api-shield by default, which are Shield's own. */
  public RedisDialect getDialect() {
    return dialect;
  }

  /**
   * Sets whose names and values are used, to share a Redis with instances of that library: the
   * prefix of keys and channels, the reserved names, and what stands for algorithms that the
   * library does not know. All instances of Shield that share the Redis must have the same.
   */
  public RedisBackendOptions setDialect(RedisDialect value) {
    dialect = Objects.requireNonNull(value, "dialect");
    return this;
  }

  /** What all keys and channels begin with; the dialect's name and a colon by default. */
  public String getKeyPrefix() {
    return keyPrefix == null ? dialect.wireName() + ":" : keyPrefix;
  }

  /**
   * Sets what all keys and channels begin with, so that several stores share one database: up to
   * 100 characters without spaces. The Python libraries know only the default of their dialect.
   */
  public RedisBackendOptions setKeyPrefix(String value) {
    keyPrefix = keyPart("keyPrefix", value, 0);
    return this;
  }

  /** The hash tag before the prefix, or null if there is none. */
  public @Nullable String getHashTag() {
    return hashTag;
  }

  /**
   * Sets a hash tag: {@code {tag}} is put before the prefix, so that all keys lie on one node of a
   * Redis Cluster. 1 to 100 characters without spaces and braces.
   */
  public RedisBackendOptions setHashTag(String value) {
    if (value.indexOf('{') >= 0 || value.indexOf('}') >= 0) {
      throw new InvalidValueException("hashTag", value, "without braces");
    }
    hashTag = keyPart("hashTag", value, 1);
    return this;
  }

  private static String keyPart(String field, String value, int least) {
    Objects.requireNonNull(value, field);
    boolean odd = value.chars().anyMatch(c -> Character.isISOControl(c) || c == ' ');
    if (value.length() < least || value.length() > MAX_KEY_PART || odd) {
      throw new InvalidValueException(
          field, value, least + " to " + MAX_KEY_PART + " characters without spaces");
    }
    return value;
  }

  /** The file of certificates to trust, or null for those that Java trusts. */
  public @Nullable String getCaFile() {
    return caFile;
  }

  /**
   * Sets a PEM file of the certificates that servers reached by {@code rediss://} are trusted by,
   * in place of those that Java trusts.
   *
   * @throws InvalidValueException if it is blank
   */
  public RedisBackendOptions setCaFile(String value) {
    caFile = pemFile("caFile", value);
    return this;
  }

  private static String pemFile(String field, String value) {
    if (value.isBlank()) {
      throw new InvalidValueException(field, value, "the path of a PEM file");
    }
    return value;
  }

  /** The file of the certificate that is shown to servers, or null for none. */
  public @Nullable String getCertFile() {
    return certFile;
  }

  /**
   * Sets a PEM file of the certificate, with its chain, that is shown to servers reached by {@code
   * rediss://}; with {@link #setKeyFile}.
   *
   * @throws InvalidValueException if it is blank
   */
  public RedisBackendOptions setCertFile(String value) {
    certFile = pemFile("certFile", value);
    return this;
  }

  /** The file of the certificate's private key, or null for none. */
  public @Nullable String getKeyFile() {
    return keyFile;
  }

  /**
   * Sets a PEM file of the private key (PKCS#8, not encrypted) of the certificate of {@link
   * #setCertFile}.
   *
   * @throws InvalidValueException if it is blank
   */
  public RedisBackendOptions setKeyFile(String value) {
    keyFile = pemFile("keyFile", value);
    return this;
  }

  /** How long opening a connection may take. */
  public Duration getConnectTimeout() {
    return connectTimeout;
  }

  /** Sets how long opening a connection may take: 10 ms to 1 minute. */
  public RedisBackendOptions setConnectTimeout(Duration value) {
    connectTimeout = checkDuration("connectTimeout", value);
    return this;
  }

  /** How long an answer may take. */
  public Duration getCommandTimeout() {
    return commandTimeout;
  }

  /** Sets how long an answer may take before the connection is given up: 10 ms to 1 minute. */
  public RedisBackendOptions setCommandTimeout(Duration value) {
    commandTimeout = checkDuration("commandTimeout", value);
    return this;
  }

  private static Duration checkDuration(String field, Duration value) {
    Objects.requireNonNull(value, field);
    if (value.compareTo(Duration.ofMillis(10)) < 0 || value.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new InvalidValueException(field, value, "between 10 ms and 1 minute");
    }
    return Duration.ofMillis(value.toMillis());
  }

  /** How many connections the pool holds at most. */
  public int getMaxPoolSize() {
    return maxPoolSize;
  }

  /** Sets how many connections the pool holds at most: 2 to 1000. */
  public RedisBackendOptions setMaxPoolSize(int value) {
    if (value < 2 || value > MAX_POOL_SIZE) {
      throw new InvalidValueException(
          "maxPoolSize", value, "a whole number between 2 and " + MAX_POOL_SIZE);
    }
    maxPoolSize = value;
    return this;
  }

  /** How many audit entries are kept, of all routes and of each; the oldest are dropped first. */
  public int getAuditLimit() {
    return auditLimit;
  }

  /** Sets how many audit entries are kept: 1 to {@value #MAX_AUDIT_LIMIT}. */
  public RedisBackendOptions setAuditLimit(int value) {
    if (value < 1 || value > MAX_AUDIT_LIMIT) {
      throw new InvalidValueException(
          "auditLimit", value, "a whole number between 1 and " + MAX_AUDIT_LIMIT);
    }
    auditLimit = value;
    return this;
  }

  /** How many replicas must have a change before it is confirmed; 0 by default. */
  public int getMinReplicas() {
    return minReplicas;
  }

  /**
   * Sets how many replicas must have a change before it is confirmed and told to other nodes, and
   * what is read before it is believed: 0 to {@value #MAX_MIN_REPLICAS}. With as many as there are,
   * no failover loses a confirmed change; while fewer are up to date within 2 s, no change is
   * confirmed.
   */
  public RedisBackendOptions setMinReplicas(int value) {
    if (value < 0 || value > MAX_MIN_REPLICAS) {
      throw new InvalidValueException(
          "minReplicas", value, "a whole number between 0 and " + MAX_MIN_REPLICAS);
    }
    minReplicas = value;
    return this;
  }

  /** Whether each policy's counters may lie on another node; not by default. */
  public boolean isCountersPerPolicy() {
    return countersPerPolicy;
  }

  /**
   * Sets whether the rate limit counters of each policy may lie on another node of a Redis Cluster,
   * so that no single node has to count everything. A request is then charged in one call for each
   * of its policies, at the same time, and given back where another one refused. That is weaker:
   * for a moment a refused request takes what others then find used, and what is not given back, as
   * a node does not answer, stays used. More than the limit is never let pass. All instances that
   * share counters need the same setting.
   */
  public RedisBackendOptions setCountersPerPolicy(boolean value) {
    countersPerPolicy = value;
    return this;
  }

  /** What this instance sets at its start; null, by default, if nothing. */
  public @Nullable Boolean getEffectiveStatus() {
    return effectiveStatus;
  }

  /**
   * Sets whether the status of a route in Redis is the effective one, as instances of the original
   * library need it that share the Redis: they look at nothing else, so that they know windows and
   * {@code until} from it only. What was asked for is kept beside it. It is written with each
   * change and at each moment at which a window or {@code until} changes it.
   *
   * <p>That is a setting of the store, the same for all instances: the last one that starts with
   * this option decides. A store in which nobody decided has it where the original can read the
   * keys, that is with the key prefixes {@code shield:} and {@code waygate:} and no hash tag.
   */
  public RedisBackendOptions setEffectiveStatus(boolean value) {
    effectiveStatus = value;
    return this;
  }
}
