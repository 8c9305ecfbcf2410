package io.shield.model.audit;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a change, through which kind of tool.
 *
 * @param name the person's or program's name, 1 to 200 characters on one line
 * @param platform the kind of tool
 * @param onBehalfOf for whom, when the actor only forwards a change; else null
 */
public record Actor(String name, Platform platform, @Nullable String onBehalfOf) {
  /** Shield itself. */
  public static final Actor SYSTEM = new Actor("system", Platform.SYSTEM, null);

  /** Shield's announcer of window edges. */
  public static final Actor SCHEDULER = new Actor("scheduler", Platform.SYSTEM, null);

  public Actor {
    Checks.nonEmptyLine("actor", name, 200);
    Objects.requireNonNull(platform, "platform");
    Checks.optionalLine("on_behalf_of", onBehalfOf, 200);
  }

  /**
   * An actor by the name of the platform.
   *
   * @param platform any name that {@link Platform} allows: {@code cli}, {@code dashboard}, {@code
   *     sdk}, {@code system}, or what the application calls itself
   * @throws InvalidValueException if a value is not allowed
   */
  public static Actor of(String name, String platform) {
    return new Actor(name, new Platform(platform), null);
  }
}
