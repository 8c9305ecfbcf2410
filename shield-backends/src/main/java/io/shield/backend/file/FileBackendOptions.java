package io.shield.backend.file;

import io.shield.error.InvalidValueException;
import io.vertx.core.json.JsonObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a {@link FileBackend} works. Setters validate; not thread-safe. */
public final class FileBackendOptions {
  /** The file in the working directory that is used unless said otherwise. */
  public static final String DEFAULT_PATH = "shield-state.json";

  /** How many audit entries are kept unless said otherwise. */
  public static final int DEFAULT_AUDIT_LIMIT = 1000;

  /** The most audit entries that can be kept; every commit writes them all. */
  public static final int MAX_AUDIT_LIMIT = 100_000;

  private String path = DEFAULT_PATH;
  private int auditLimit = DEFAULT_AUDIT_LIMIT;

  /** The defaults. */
  public FileBackendOptions() {}

  /** A copy. */
  public FileBackendOptions(FileBackendOptions other) {
    path = other.path;
    auditLimit = other.auditLimit;
  }

  /**
   * Reads what {@link #toJson} wrote; what is absent keeps its default.
   *
   * @throws InvalidValueException if a value is not allowed or a field is not known
   */
  public FileBackendOptions(JsonObject json) {
    for (String field : json.fieldNames()) {
      read(field, json.getValue(field));
    }
  }

  private void read(String field, @Nullable Object value) {
    switch (field) {
      case "path" -> {
        if (!(value instanceof String text)) {
          throw new InvalidValueException(field, String.valueOf(value), "a string");
        }
        setPath(text);
      }
      case "auditLimit" -> {
        if (!(value instanceof Integer number)) {
          throw notALimit(String.valueOf(value));
        }
        setAuditLimit(number);
      }
      default -> throw new InvalidValueException("field", field, "path or auditLimit");
    }
  }

  /** The file; {@value #DEFAULT_PATH} by default. */
  public String getPath() {
    return path;
  }

  /**
   * Sets the file. The extension names the format: {@code .json}, {@code .yaml}, {@code .yml} or
   * {@code .toml}. A relative path is relative to the working directory. The directory must exist.
   *
   * @throws InvalidValueException if it is blank, has control characters, or cannot be the name of
   *     a file on this system
   */
  public FileBackendOptions setPath(String value) {
    Objects.requireNonNull(value, "path");
    if (!isPath(value)) {
      throw new InvalidValueException("path", value, "the path of a file");
    }
    path = value;
    return this;
  }

  private static boolean isPath(String value) {
    if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
      return false;
    }
    try {
      return Path.of(value).getFileName() != null;
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** How many audit entries are kept; {@value #DEFAULT_AUDIT_LIMIT} by default. */
  public int getAuditLimit() {
    return auditLimit;
  }

  /**
   * Sets how many audit entries are kept; the oldest are dropped first.
   *
   * @param value 1 to {@value #MAX_AUDIT_LIMIT}
   * @throws InvalidValueException if it is not
   */
  public FileBackendOptions setAuditLimit(int value) {
    if (value < 1 || value > MAX_AUDIT_LIMIT) {
      throw notALimit(value);
    }
    auditLimit = value;
    return this;
  }

  private static InvalidValueException notALimit(Object value) {
    return new InvalidValueException(
        "auditLimit", value, "a whole number between 1 and " + MAX_AUDIT_LIMIT);
  }

  /** All options as JSON. */
  public JsonObject toJson() {
    return new JsonObject().put("path", path).put("auditLimit", auditLimit);
  }
}
