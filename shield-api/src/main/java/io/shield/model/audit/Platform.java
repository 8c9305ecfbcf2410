package io.shield.model.audit;

import io.shield.error.InvalidValueException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The kind of tool a change came through. Sign-ins know the four constants; an application's own
 * code may name itself as it likes.
 *
 * @param wireName the name in JSON, command lines and documents: 1 to 50 lower-case letters, digits
 *     and {@code . _ -}, beginning with a letter
 */
public record Platform(String wireName) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,49}");

  /** The command line. */
  public static final Platform CLI = new Platform("cli");

  /** The dashboard. */
  public static final Platform DASHBOARD = new Platform("dashboard");

  /** A service's own code. */
  public static final Platform SDK = new Platform("sdk");

  /** Shield itself. */
  public static final Platform SYSTEM = new Platform("system");

  /** Those that Shield itself knows. */
  public static final List<Platform> KNOWN = List.of(CLI, DASHBOARD, SDK, SYSTEM);

  public Platform {
    Objects.requireNonNull(wireName, "platform");
    if (!NAME.matcher(wireName).matches()) {
      throw new InvalidValueException(
          "platform",
          wireName,
          "1 to 50 lower-case letters, digits and '.', '_' or '-', beginning with a letter");
    }
  }

  /**
   * Reads the name of one that Shield knows.
   *
   * @throws InvalidValueException if there is none such; the message lists the valid ones
   */
  public static Platform parse(String name) {
    return KNOWN.stream()
        .filter(platform -> platform.wireName.equals(name))
        .findFirst()
        .orElseThrow(() -> new InvalidValueException("platform", name, "one of " + names()));
  }

  private static String names() {
    return KNOWN.stream().map(Platform::wireName).collect(Collectors.joining(", "));
  }
}
