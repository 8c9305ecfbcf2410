package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.control.Control;
import io.shield.cli.control.RouteLimit;
import io.shield.cli.terminal.Surroundings;
import io.shield.cli.terminal.View;
import io.shield.model.RouteKey;
import java.util.List;
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

  /** A name without the service, where it begins with that: an application's own are without. */
  String own(String name) {
    String named = get();
    return named != null && name.startsWith(named + ":")
        ? name.substring(named.length() + 1)
        : name;
  }

  /** The key of a route without the service. */
  String own(JsonNode route) {
    return own(View.text(route, "path"));
  }

  /**
   * The rate limit of a route of that service, as the server names it: the policies of an
   * application's own routes are without the service.
   */
  RouteLimit limit(Control control, String route) {
    String named = get();
    if (named == null) {
      return RouteLimit.of(route, null);
    }
    List<JsonNode> known = control.routes(named);
    boolean bare =
        !known.isEmpty() && known.stream().allMatch(r -> own(r).equals(View.text(r, "path")));
    return bare ? RouteLimit.of(own(route), null) : RouteLimit.of(route, named);
  }

  /** The key of a route of that service, as the server names it. */
  String key(Control control, String route) {
    RouteLimit limit = limit(control, route);
    String key = key(route);
    return limit.path().startsWith("/") ? own(key) : key;
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
