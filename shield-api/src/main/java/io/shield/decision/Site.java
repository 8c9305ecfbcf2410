package io.shield.decision;

import io.shield.error.InvalidValueException;
import io.shield.model.RouteKey;
import org.jspecify.annotations.Nullable;

/**
 * Where a decision is made.
 *
 * @param environment the environment this process runs in, such as {@code production}; 1 to 100
 *     characters
 * @param service the service it belongs to, or null
 */
public record Site(String environment, @Nullable String service) {
  public Site {
    if (environment.isBlank() || environment.length() > 100) {
      throw new InvalidValueException("environment", environment, "1 to 100 characters");
    }
    if (service != null) {
      RouteKey.checkService(service);
    }
  }
}
