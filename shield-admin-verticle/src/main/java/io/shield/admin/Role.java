package io.shield.admin;

import io.shield.error.InvalidValueException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the holder of an account or token may do. */
public enum Role {
  /** Sees everything, changes nothing. */
  VIEWER,
  /** Also changes routes, maintenance and rate limits. */
  OPERATOR,
  /** Also issues tokens and decides about the store. */
  ADMIN,
  /** A service's own code: registers the routes of its service, and reports what it did. */
  SDK,
  /** Reads the metrics and nothing else. */
  METRICS;

  /** The name in JSON, options and files. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a wire name.
   *
   * @throws InvalidValueException if there is none such; the message lists the valid ones
   */
  public static Role parse(String name) {
    for (Role role : values()) {
      if (role.wireName().equals(name)) {
        return role;
      }
    }
    String valid = Arrays.stream(values()).map(Role::wireName).collect(Collectors.joining(", "));
    throw new InvalidValueException("role", name, "one of " + valid);
  }
}
