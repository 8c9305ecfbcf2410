package io.shield.cli.command;

import io.shield.cli.control.WideLimitAction;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code global-rate-limit}: the limit of all routes together. */
@Command
public final class GlobalRateLimitCommand {
  @Command(name = "get", description = "Shows the limit.")
  int get(@Mixin WideLimit limit) {
    return limit.show(null);
  }

  @Command(name = "set", description = "Sets or changes the limit.")
  int set(
      @Mixin WideLimit wide,
      @Mixin LimitOptions options,
      @Option(
              names = {"-e", "--exempt"},
              paramLabel = "PATH",
              completionCandidates = LiveValues.Routes.class,
              description = "A path or route key that does not count; may be repeated.")
          @Nullable List<String> exempt,
      @Parameters(
              arity = "0..1",
              paramLabel = "LIMIT",
              description = "1000/minute, for instance; may be left out to change something else.")
          @Nullable String limit) {
    return wide.set(null, options, limit, exempt);
  }

  @Command(name = "delete", description = "Deletes the limit.")
  int delete(@Mixin WideLimit limit) {
    return limit.change(null, WideLimitAction.DELETE);
  }

  @Command(name = "reset", description = "Forgets what was counted.")
  int reset(@Mixin WideLimit limit) {
    return limit.change(null, WideLimitAction.RESET);
  }

  @Command(name = "enable", description = "Puts a paused limit into force again.")
  int enable(@Mixin WideLimit limit) {
    return limit.change(null, WideLimitAction.ENABLE);
  }

  @Command(name = "disable", description = "Pauses the limit and keeps it.")
  int disable(@Mixin WideLimit limit) {
    return limit.change(null, WideLimitAction.DISABLE);
  }
}
