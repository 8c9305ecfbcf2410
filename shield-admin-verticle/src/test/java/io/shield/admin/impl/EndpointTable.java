package io.shield.admin.impl;

import io.shield.ShieldEngine;
import io.shield.admin.AdminOptions;
import java.util.List;

/** Shows the endpoints that exist to tests outside this package. */
public final class EndpointTable {
  private EndpointTable() {}

  /** Rows of method, path and access. */
  public static List<String> of(ShieldEngine engine) {
    return AdminApi.create(engine, new AdminOptions()).endpoints().stream()
        .map(e -> e.method() + " " + e.path() + " " + e.access())
        .toList();
  }
}
