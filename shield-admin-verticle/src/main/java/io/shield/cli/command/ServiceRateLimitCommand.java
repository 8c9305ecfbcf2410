package io.shield.cli.command;

import io.shield.cli.control.WideLimitAction;
import io.shield.model.RouteKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code service-rate-limit}: the limit of one service's routes together. */
@Command
public final class ServiceRateLimitCommand {
  @Command(name = "get", description = "Shows the limit.")
  int get(
      @Mixin WideLimit limit,
      @Parameters(
              paramLabel = "SERVICE",
              completionCandidates = LiveValues.Services.class,
              description = "The service.")
          String service) {
    return limit.show(RouteKey.checkService(service));
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
              index = "0",
              paramLabel = "SERVICE",
              completionCandidates = LiveValues.Services.class,
              description = "The service.")
          String service,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "LIMIT",
              description = "1000/minute, for instance; may be left out to change something else.")
          @Nullable String limit) {
    return wide.set(RouteKey.checkService(service), options, limit, exempt);
  }

  @Command(name = "delete", description = "Deletes the limit.")
  int delete(
      @Mixin WideLimit limit,
      @Parameters(
              paramLabel = "SERVICE",
              completionCandidates = LiveValues.Services.class,
              description = "The service.")
          String service) {
    return limit.change(RouteKey.checkService(service), WideLimitAction.DELETE);
  }

  @Command(name = "reset", description = "Forgets what was counted.")
  int reset(
      @Mixin WideLimit limit,
      @Parameters(
              paramLabel = "SERVICE",
              completionCandidates = LiveValues.Services.class,
              description = "The service.")
          String service) {
    return limit.change(RouteKey.checkService(service), WideLimitAction.RESET);
  }

  @Command(name = "enable", description = "Puts a paused limit into force again.")
  int enable(
      @Mixin WideLimit limit,
      @Parameters(
              paramLabel = "SERVICE",
              completionCandidates = LiveValues.Services.class,
              description = "The service.")
          String service) {
    return limit.change(RouteKey.checkService(service), WideLimitAction.ENABLE);
  }

  @Command(name = "disable", description = "Pauses the limit and keeps it.")
  int disable(
      @Mixin WideLimit limit,
      @Parameters(
              paramLabel = "SERVICE",
              completionCandidates = LiveValues.Services.class,
              description = "The service.")
          String service) {
    return limit.change(RouteKey.checkService(service), WideLimitAction.DISABLE);
  }
}
