package io.shield.cli.command;

import io.shield.RouteAction;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code env}: opens a route in some environments only. */
@Command
public final class EnvCommand {
  @Command(name = "set", description = "Opens a route in the named environments only.")
  int set(
      @Mixin OneRoute change,
      @Mixin TimeZoneOption zone,
      @Mixin AllowOptions allow,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "ENV",
              description = "An environment in which it is open.")
          List<String> envs,
      @Option(
              names = "--until",
              paramLabel = "WHEN",
              description = "When it is active everywhere again: " + TimeZoneOption.WHEN)
          @Nullable String until) {
    return change.run(
        new RouteAction.EnvGate(
            envs, change.givenReason(), zone.ahead("--until", until), allow.get()));
  }

  @Command(name = "clear", description = "Opens a route in every environment.")
  int clear(@Mixin OneRoute change) {
    return change.run(new RouteAction.Enable(change.reason()));
  }
}
