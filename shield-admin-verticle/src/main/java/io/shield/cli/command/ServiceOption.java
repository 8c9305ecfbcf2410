package io.shield.cli.command;

import io.shield.cli.terminal.Surroundings;
import io.shield.model.RouteKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which service's routes are meant. */
final class ServiceOption {
  private final Surroundings here;

  @Option(
      names = {"-s", "--service"},
      paramLabel = "NAME",
      completionCandidates = LiveValues.Services.class,
      description = "The service whose routes are meant (default: SHIELD_SERVICE).")
  private @Nullable String service;

  ServiceOption(Surroundings here) {
    this.here = here;
  }

  /** The service, or null for all. */
  @Nullable String get() {
    String named = service == null ? here.variable("SHIELD_SERVICE") : service;
    return named == null ? null : RouteKey.checkService(named);
  }

  /**
   * The key of a route of that service: {@code GET:/payments} becomes {@code
   * payments-service:GET:/payments}, unless it names a service itself.
   */
  String key(String route) {
    RouteKey key = RouteKey.parse(route);
    String named = get();
    return named == null || key.service() != null
        ? key.toString()
        : new RouteKey(named, key.method(), key.path()).toString();
  }
}
