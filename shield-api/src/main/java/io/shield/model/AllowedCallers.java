package io.shield.model;

import io.shield.internal.value.Checks;
import java.util.List;

/**
 * Callers that pass a route's closed gate.
 *
 * @param ips addresses or CIDR blocks, at most 1000
 * @param roles roles, at most 1000
 */
public record AllowedCallers(List<String> ips, List<String> roles) {
  static final int MAX_COUNT = 1000;
  static final int MAX_LENGTH = 200;

  public AllowedCallers {
    ips = Checks.names("allowed_ips", ips, MAX_COUNT, MAX_LENGTH);
    roles = Checks.names("allowed_roles", roles, MAX_COUNT, MAX_LENGTH);
  }
}
