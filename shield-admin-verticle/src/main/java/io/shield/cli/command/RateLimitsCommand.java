package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.control.LimitChange;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.View;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rate-limits}: the limits of routes. */
@Command
public final class RateLimitsCommand {
  private static final String ROUTE = "METHOD:/path, or /path for every method.";

  @Command(name = "list", description = "Lists the limits of routes.")
  int list(@Mixin CommonOptions common, @Mixin Paging paging) {
    List<JsonNode> limits =
        common.control(control -> control.rateLimits()).stream()
            .sorted(Comparator.comparing(limit -> View.text(limit, "path")))
            .toList();
    paging.write(common.output(), limits, Views.RATE_LIMIT);
    return ExitCodes.OK;
  }

  @Command(name = "set", description = "Sets or changes the limit of a route.")
  int set(
      @Mixin CommonOptions common,
      @Mixin ServiceOption service,
      @Mixin RouteLimitOptions options,
      @Parameters(
              index = "0",
              paramLabel = "ROUTE",
              completionCandidates = LiveValues.Routes.class,
              description = ROUTE)
          String route,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "LIMIT",
              description = "100/minute, for instance; may be left out to change something else.")
          @Nullable String limit) {
    ObjectNode fields = options.policy(limit);
    LimitChange change = new LimitChange(fields, options.replace(), options.dryRun());
    JsonNode policy = common.control(c -> c.setRateLimit(service.limit(c, route), change));
    return shown(common.output(), policy, options.dryRun());
  }

  private static int shown(Output output, JsonNode policy, boolean dryRun) {
    output.item(policy, Views.RATE_LIMIT);
    Changes.lines(policy).forEach(output::heading);
    if (dryRun) {
      output.remark("nothing was changed");
    }
    return ExitCodes.OK;
  }

  @Command(name = "pause", description = "Takes the limit of a route out of force and keeps it.")
  int pause(
      @Mixin CommonOptions common,
      @Mixin ServiceOption service,
      @Parameters(
              paramLabel = "ROUTE",
              completionCandidates = LiveValues.Limited.class,
              description = ROUTE)
          String route) {
    return shown(
        common.output(),
        common.control(c -> c.pauseRateLimit(service.limit(c, route), true)),
        false);
  }

  @Command(name = "resume", description = "Puts a paused limit into force again.")
  int resume(
      @Mixin CommonOptions common,
      @Mixin ServiceOption service,
      @Parameters(
              paramLabel = "ROUTE",
              completionCandidates = LiveValues.Limited.class,
              description = ROUTE)
          String route) {
    return shown(
        common.output(),
        common.control(c -> c.pauseRateLimit(service.limit(c, route), false)),
        false);
  }

  @Command(name = "reset", description = "Forgets what was counted for a route.")
  int reset(
      @Mixin CommonOptions common,
      @Mixin ServiceOption service,
      @Parameters(
              paramLabel = "ROUTE",
              completionCandidates = LiveValues.Limited.class,
              description = ROUTE)
          String route) {
    JsonNode answer = common.control(c -> c.resetRateLimit(service.limit(c, route)));
    common.output().done("The counters of " + route + " are reset.", answer, "path");
    return ExitCodes.OK;
  }

  @Command(name = "delete", description = "Deletes the limit of a route.")
  int delete(
      @Mixin CommonOptions common,
      @Mixin ServiceOption service,
      @Parameters(
              paramLabel = "ROUTE",
              completionCandidates = LiveValues.Limited.class,
              description = ROUTE)
          String route) {
    JsonNode answer = common.control(c -> c.deleteRateLimit(service.limit(c, route)));
    common.output().done("The rate limit of " + route + " is deleted.", answer, "path");
    return ExitCodes.OK;
  }

  @Command(name = "hits", description = "Lists requests that were refused, newest first.")
  int hits(
      @Mixin CommonOptions common,
      @Mixin ServiceOption service,
      @Mixin Paging paging,
      @Option(
              names = {"-r", "--route"},
              paramLabel = "ROUTE",
              completionCandidates = LiveValues.Limited.class,
              description = "Only of this route.")
          @Nullable String route) {
    Output output = common.output();
    int needed = paging.needed(output);
    paging.write(
        output,
        common.control(c -> c.hits(route == null ? null : service.key(c, route), needed)),
        Views.HIT);
    return ExitCodes.OK;
  }
}
