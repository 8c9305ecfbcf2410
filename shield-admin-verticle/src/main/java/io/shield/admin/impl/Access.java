package io.shield.admin.impl;

import io.shield.admin.Role;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who may call an endpoint. */
enum Access {
  /** Anybody, without a token. */
  PUBLIC,
  /** Anybody who signed in. */
  ANY_ROLE,
  /** Anybody who signed in to see more than metrics; a service sees what is its own. */
  SIGNED_IN,
  /** Who reads the metrics, and people. */
  METRICS,
  /** People who may look. */
  VIEWER,
  /** People who may change routes. */
  OPERATOR,
  /** People who may do everything. */
  ADMIN,
  /** Services, and people who may do everything. */
  SDK;

  /** The names of those that it allows, the least first. */
  String roles() {
    return Stream.of(Role.METRICS, Role.SDK, Role.VIEWER, Role.OPERATOR, Role.ADMIN)
        .filter(this::allows)
        .map(Role::wireName)
        .collect(Collectors.joining(" or "));
  }

  boolean allows(Role role) {
    return switch (this) {
      case PUBLIC, ANY_ROLE -> true;
      case SIGNED_IN -> role != Role.METRICS;
      case METRICS -> role != Role.SDK;
      case VIEWER -> role != Role.SDK && role != Role.METRICS;
      case OPERATOR -> role == Role.OPERATOR || role == Role.ADMIN;
      case ADMIN -> role == Role.ADMIN;
      case SDK -> role == Role.SDK || role == Role.ADMIN;
    };
  }
}
