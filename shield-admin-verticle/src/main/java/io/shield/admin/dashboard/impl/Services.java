package io.shield.admin.dashboard.impl;

import io.shield.ShieldEngine;
import io.shield.Store;
import java.util.List;
import java.util.stream.Stream;

/** Services and the store, in words. */
final class Services {
  private Services() {}

  /** The services that have routes, and this process's own. */
  static List<String> names(ShieldEngine engine) {
    return Stream.concat(
            engine.snapshot().states().values().stream().map(RouteTable::service),
            Stream.ofNullable(engine.site().service()))
        .filter(name -> name != null && !name.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }

  /** How the store is doing, in a sentence. */
  static String store(Store.Status status) {
    return switch (status.condition()) {
      case STARTING -> "The store was not read yet: what the code declares is in force.";
      case READY -> "The store answers and is believed.";
      case UNREACHABLE ->
          "The store cannot be reached: what was last known is in force, changes are refused.";
      case DISTRUSTED ->
          "The store is not what it was: what was last known is in force, changes are refused.";
      case CLOSED -> "The engine is closed.";
    };
  }
}
