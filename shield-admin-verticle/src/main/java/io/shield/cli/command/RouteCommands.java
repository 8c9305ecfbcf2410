package io.shield.cli.command;

import io.shield.RouteAction;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.Surroundings;
import io.shield.json.Times;
import io.shield.model.MaintenanceWindow;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that open and close one route. */
public final class RouteCommands {
  private static final String UNTIL = "--until";

  private RouteCommands() {}

  /** {@code enable}. */
  @Command
  public static final class Enable implements Callable<Integer> {
    @Mixin private final RouteChange change;

    public Enable(Surroundings here) {
      change = new RouteChange(here);
    }

    @Override
    public Integer call() {
      return change.run(new RouteAction.Enable(change.reason()));
    }
  }

  /** {@code disable}. */
  @Command
  public static final class Disable implements Callable<Integer> {
    @Mixin private final RouteChange change;

    @Option(
        names = UNTIL,
        paramLabel = "WHEN",
        description = "When it is active again: 30m, 2h, 1d or an ISO-8601 time.")
    private @Nullable String until;

    public Disable(Surroundings here) {
      change = new RouteChange(here);
    }

    @Override
    public Integer call() {
      return change.run(new RouteAction.Disable(change.reason(), Moments.moment(UNTIL, until)));
    }
  }

  /** {@code maintenance}. */
  @Command
  public static final class Maintenance implements Callable<Integer> {
    @Mixin private final RouteChange change;

    @Option(
        names = "--start",
        paramLabel = "TIME",
        description = "When a planned maintenance begins; needs --end.")
    private @Nullable String start;

    @Option(
        names = "--end",
        paramLabel = "TIME",
        description = "When the planned maintenance ends; needs --start.")
    private @Nullable String end;

    @Option(
        names = UNTIL,
        paramLabel = "WHEN",
        description = "Close it now, until then: 30m, 2h, 1d or an ISO-8601 time.")
    private @Nullable String until;

    public Maintenance(Surroundings here) {
      change = new RouteChange(here);
    }

    @Override
    public Integer call() {
      if (start == null && end == null) {
        return change.run(
            new RouteAction.Maintenance(change.reason(), Moments.moment(UNTIL, until)));
      }
      if (until != null) {
        throw CommandFailure.usage(
            "--until does not go with --start and --end",
            "give --until to close it now, or --start and --end to plan it");
      }
      return change.run(planned(start, end, change.reason()));
    }
  }

  /** {@code schedule}. */
  @Command
  public static final class Schedule implements Callable<Integer> {
    @Mixin private final RouteChange change;

    @Option(names = "--start", paramLabel = "TIME", description = "When the maintenance begins.")
    private @Nullable String start;

    @Option(names = "--end", paramLabel = "TIME", description = "When the maintenance ends.")
    private @Nullable String end;

    @Option(names = "--cancel", description = "Forget the planned maintenance instead.")
    private boolean cancel;

    public Schedule(Surroundings here) {
      change = new RouteChange(here);
    }

    @Override
    public Integer call() {
      if (!cancel) {
        return change.run(planned(start, end, change.reason()));
      }
      if (start != null || end != null) {
        throw CommandFailure.usage("--cancel does not go with --start and --end", "");
      }
      return change.run(new RouteAction.CancelSchedule(change.reason()));
    }
  }

  /** {@code deprecate}. */
  @Command
  public static final class Deprecate implements Callable<Integer> {
    @Mixin private final RouteChange change;

    @Option(
        names = "--sunset",
        paramLabel = "DATE",
        description = "When it will go: an HTTP-date or an ISO-8601 time.")
    private @Nullable String sunset;

    @Option(
        names = "--successor",
        paramLabel = "PATH",
        completionCandidates = LiveValues.Routes.class,
        description = "What replaces it.")
    private @Nullable String successor;

    public Deprecate(Surroundings here) {
      change = new RouteChange(here);
    }

    @Override
    public Integer call() {
      return change.run(new RouteAction.Deprecate(sunset, successor, change.reason(), null));
    }
  }

  /** {@code canary}. */
  @Command
  public static final class Canary implements Callable<Integer> {
    @Mixin private final RouteChange change;

    @Parameters(
        index = "1",
        paramLabel = "PERCENT",
        description = "The share of callers that pass while the route is closed, 0 to 100.")
    private int percentage;

    public Canary(Surroundings here) {
      change = new RouteChange(here);
    }

    @Override
    public Integer call() {
      return change.run(new RouteAction.Canary(percentage, change.reason()));
    }
  }

  private static RouteAction planned(@Nullable String start, @Nullable String end, String reason) {
    if (start == null || end == null) {
      throw CommandFailure.usage(
          (start == null ? "--start" : "--end") + " is missing: a planned maintenance has both",
          "to close a route now for a while, use 'shield maintenance ROUTE --until 2h'");
    }
    Instant from = Times.parse("--start", start);
    return new RouteAction.Schedule(new MaintenanceWindow(from, Times.parse("--end", end), reason));
  }
}
