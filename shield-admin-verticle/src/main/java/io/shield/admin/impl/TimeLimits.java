package io.shield.admin.impl;

import java.time.Duration;

/**
 * How long a client may make the server wait.
 *
 * @param head for the first request's head, from the connection on
 * @param body for a request's body, from its head on
 * @param idle for another request, from the end of the last answer on
 */
record TimeLimits(Duration head, Duration body, Duration idle) {
  /** A client that means it needs milliseconds. */
  static final TimeLimits DEFAULT =
      new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(60));
}
