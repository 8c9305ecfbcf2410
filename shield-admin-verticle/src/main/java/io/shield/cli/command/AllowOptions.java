package io.shield.cli.command;

import io.shield.RouteAction;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom a route lets pass while it is closed. */
final class AllowOptions {
  @Option(
      names = "--allow-ip",
      paramLabel = "ADDRESS",
      split = ",",
      description =
          "Let this address or block (192.0.2.0/24) pass while the route is closed; may be"
              + " repeated.")
  private @Nullable List<String> ips;

  @Option(
      names = "--allow-role",
      paramLabel = "ROLE",
      split = ",",
      description = "Let callers of this role pass while the route is closed; may be repeated.")
  private @Nullable List<String> roles;

  RouteAction.Allow get() {
    return new RouteAction.Allow(ips, roles);
  }
}
