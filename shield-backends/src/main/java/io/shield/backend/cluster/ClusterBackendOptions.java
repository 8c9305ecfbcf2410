package io.shield.backend.cluster;

import io.shield.error.InvalidValueException;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a {@link ClusterBackend} works. Setters validate; not thread-safe. */
public final class ClusterBackendOptions {
  /** The name of the log unless said otherwise. */
  public static final String DEFAULT_NAME = "default";

  /** How many audit entries are kept unless said otherwise. */
  public static final int DEFAULT_AUDIT_LIMIT = 1000;

  /** The most audit entries that can be kept; they are part of every summary of the log. */
  public static final int MAX_AUDIT_LIMIT = 100_000;

  /** The most members that can be expected. */
  public static final int MAX_MEMBERS = 1000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private String name = DEFAULT_NAME;
  private int auditLimit = DEFAULT_AUDIT_LIMIT;
  private @Nullable Integer members;

  /** The defaults. */
  public ClusterBackendOptions() {}

  /** A copy. */
  public ClusterBackendOptions(ClusterBackendOptions other) {
    name = other.name;
    auditLimit = other.auditLimit;
    members = other.members;
  }

  /**
   * Reads what {@link #toJson} wrote; what is absent keeps its default.
   *
   * @throws InvalidValueException if a value is not allowed or a field is not known
   */
  public ClusterBackendOptions(JsonObject json) {
    for (String field : json.fieldNames()) {
      read(field, json.getValue(field));
    }
  }

  private void read(String field, @Nullable Object value) {
    switch (field) {
      case "name" -> {
        if (!(value instanceof String text)) {
          throw new InvalidValueException(field, String.valueOf(value), "a string");
        }
        setName(text);
      }
      case "auditLimit" -> {
        if (!(value instanceof Integer number)) {
          throw notALimit(String.valueOf(value));
        }
        setAuditLimit(number);
      }
      case "members" -> {
        if (value != null && !(value instanceof Integer)) {
          throw notMembers(String.valueOf(value));
        }
        setMembers((Integer) value);
      }
      default -> throw new InvalidValueException("field", field, "name, auditLimit or members");
    }
  }

  /** The name of the log; {@value #DEFAULT_NAME} by default. */
  public String getName() {
    return name;
  }

  /**
   * Sets the name of the log, which tells apart stores of one cluster. The shared map is called
   * {@code shield.NAME}, the address on the event bus {@code shield.NAME.changes}.
   *
   * @param value 1 to 100 letters, digits, dots, hyphens and underscores
   * @throws InvalidValueException if it is not
   */
  public ClusterBackendOptions setName(String value) {
    Objects.requireNonNull(value, "name");
    if (!NAME.matcher(value).matches()) {
      throw new InvalidValueException(
          "name", value, "1 to 100 letters, digits, dots, hyphens and underscores");
    }
    name = value;
    return this;
  }

  /** How many audit entries are kept; {@value #DEFAULT_AUDIT_LIMIT} by default. */
  public int getAuditLimit() {
    return auditLimit;
  }

  /**
   * Sets how many audit entries are kept; the oldest are dropped first. The same on all members.
   *
   * @param value 1 to {@value #MAX_AUDIT_LIMIT}
   * @throws InvalidValueException if it is not
   */
  public ClusterBackendOptions setAuditLimit(int value) {
    if (value < 1 || value > MAX_AUDIT_LIMIT) {
      throw notALimit(value);
    }
    auditLimit = value;
    return this;
  }

  /** How many members the cluster has when all are there; null, the default, if not told. */
  public @Nullable Integer getMembers() {
    return members;
  }

  /**
   * Sets how many members the cluster has when all are there. Changes need a majority of them, so
   * that of two halves of a cluster at most one goes on. If it is not told, it is the largest
   * number that the store has seen. Not used with ZooKeeper, which has majorities of its own.
   *
   * @param value 1 to {@value #MAX_MEMBERS}, or null
   * @throws InvalidValueException if it is not
   */
  public ClusterBackendOptions setMembers(@Nullable Integer value) {
    if (value != null && (value < 1 || value > MAX_MEMBERS)) {
      throw notMembers(value);
    }
    members = value;
    return this;
  }

  private static InvalidValueException notALimit(Object value) {
    return new InvalidValueException(
        "auditLimit", value, "a whole number between 1 and " + MAX_AUDIT_LIMIT);
  }

  private static InvalidValueException notMembers(Object value) {
    return new InvalidValueException(
        "members", value, "a whole number between 1 and " + MAX_MEMBERS);
  }

  /** All options as JSON. */
  public JsonObject toJson() {
    return new JsonObject().put("name", name).put("auditLimit", auditLimit).put("members", members);
  }
}
