package io.shield.cli.command;

import io.shield.RouteAction;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.Surroundings;
import io.shield.model.MaintenanceWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that open and close routes. */
public final class RouteCommands {
  private static final String UNTIL = "--until";

  /** In place of a route, which has a slash: what is planned for all of them. */
  private static final String LIST = "list";

  private RouteCommands() {}

  /** {@code enable}. */
  @Command
  public static final class Enable implements Callable<Integer> {
    @Mixin private final SeveralRoutes change;

    public Enable(Surroundings here) {
      change = new SeveralRoutes(here);
    }

    @Override
    public Integer call() {
      return change.run(new RouteAction.Enable(change.reason()));
    }
  }

  /** {@code disable}. */
  @Command
  public static final class Disable implements Callable<Integer> {
    @Mixin private final SeveralRoutes change;
    @Mixin private final TimeZoneOption zone = new TimeZoneOption();
    @Mixin private final AllowOptions allow = new AllowOptions();

    @Option(
        names = UNTIL,
        paramLabel = "WHEN",
        description = "When it is active again: " + TimeZoneOption.WHEN)
    private @Nullable String until;

    public Disable(Surroundings here) {
      change = new SeveralRoutes(here);
    }

    @Override
    public Integer call() {
      return change.run(
          new RouteAction.Disable(change.reason(), zone.ahead(UNTIL, until), allow.get()));
    }
  }

  /** {@code maintenance}. */
  @Command
  public static final class Maintenance implements Callable<Integer> {
    @Mixin private final SeveralRoutes change;
    @Mixin private final TimeZoneOption zone = new TimeZoneOption();
    @Mixin private final AllowOptions allow = new AllowOptions();

    @Option(
        names = "--start",
        paramLabel = "WHEN",
        description = "When a planned maintenance begins: " + TimeZoneOption.WHEN)
    private @Nullable String start;

    @Option(
        names = "--end",
        paramLabel = "WHEN",
        description = "When the planned maintenance ends.")
    private @Nullable String end;

    @Option(
        names = "--for",
        paramLabel = "DURATION",
        description = "How long the planned maintenance lasts, in place of --end.")
    private @Nullable String length;

    @Option(
        names = UNTIL,
        paramLabel = "WHEN",
        description = "Close it now, until then: " + TimeZoneOption.WHEN)
    private @Nullable String until;

    public Maintenance(Surroundings here) {
      change = new SeveralRoutes(here);
    }

    @Override
    public Integer call() {
      if (start == null && end == null && length == null) {
        return change.run(
            new RouteAction.Maintenance(change.reason(), zone.ahead(UNTIL, until), allow.get()));
      }
      if (until != null) {
        throw CommandFailure.usage(
            "--until does not go with --start, --end and --for",
            "give --until to close it now, or --start and --end to plan it");
      }
      return change.run(
          new RouteAction.Schedule(
              planned(zone, start, end, length, change.reason()), allow.get()));
    }
  }

  /** {@code schedule}. */
  @Command
  public static final class Schedule implements Callable<Integer> {
    @Mixin private final SeveralRoutes change;
    @Mixin private final TimeZoneOption zone = new TimeZoneOption();
    @Mixin private final AllowOptions allow = new AllowOptions();

    @Option(
        names = "--start",
        paramLabel = "WHEN",
        description = "When the maintenance begins: " + TimeZoneOption.WHEN)
    private @Nullable String start;

    @Option(names = "--end", paramLabel = "WHEN", description = "When the maintenance ends.")
    private @Nullable String end;

    @Option(
        names = "--for",
        paramLabel = "DURATION",
        description = "How long the maintenance lasts, in place of --end.")
    private @Nullable String length;

    @Option(
        names = "--add",
        description = "Beside the maintenance that is planned, instead of replacing it.")
    private boolean add;

    @Option(names = "--cancel", description = "Forget the planned maintenance instead.")
    private boolean cancel;

    public Schedule(Surroundings here) {
      change = new SeveralRoutes(here);
    }

    @Override
    public Integer call() {
      boolean times = start != null || end != null || length != null;
      if (change.routes().equals(List.of(LIST)) && !times && !cancel && !add) {
        return change.list();
      }
      if (!cancel) {
        MaintenanceWindow window = planned(zone, start, end, length, change.reason());
        return change.run(new RouteAction.Schedule(window, allow.get(), add));
      }
      if (times || add) {
        throw CommandFailure.usage("--cancel does not go with --start, --end, --for and --add", "");
      }
      return change.run(new RouteAction.CancelSchedule(change.reason()));
    }
  }

  /** {@code deprecate}. */
  @Command
  public static final class Deprecate implements Callable<Integer> {
    @Mixin private final SeveralRoutes change;
    @Mixin private final TimeZoneOption zone = new TimeZoneOption();

    @Option(
        names = "--sunset",
        paramLabel = "WHEN",
        description = "When it will go: " + TimeZoneOption.WHEN)
    private @Nullable String sunset;

    @Option(
        names = "--successor",
        paramLabel = "PATH",
        completionCandidates = LiveValues.Routes.class,
        description = "What replaces it.")
    private @Nullable String successor;

    public Deprecate(Surroundings here) {
      change = new SeveralRoutes(here);
    }

    @Override
    public Integer call() {
      Instant gone = zone.ahead("--sunset", sunset);
      String date = gone == null ? null : gone.toString();
      return change.run(new RouteAction.Deprecate(date, successor, change.reason(), null));
    }
  }

  /** {@code canary}. */
  @Command
  public static final class Canary implements Callable<Integer> {
    @Mixin private final OneRoute change;

    @Parameters(
        index = "1",
        paramLabel = "PERCENT",
        description = "The share of callers that pass while the route is closed, 0 to 100.")
    private int percentage;

    public Canary(Surroundings here) {
      change = new OneRoute(here);
    }

    @Override
    public Integer call() {
      return change.run(new RouteAction.Canary(percentage, change.reason()));
    }
  }

  private static MaintenanceWindow planned(
      TimeZoneOption zone,
      @Nullable String start,
      @Nullable String end,
      @Nullable String length,
      String reason) {
    Instant from = zone.ahead("--start", start);
    Instant to = zone.ahead("--end", end);
    Duration lasting = TimeZoneOption.length("--for", length);
    if (to != null && lasting != null) {
      throw CommandFailure.usage("--end does not go with --for", "give one of them");
    }
    if (from != null && lasting != null) {
      to = from.plus(lasting);
    }
    if (from == null || to == null) {
      throw CommandFailure.usage(
          (from == null ? "--start" : "--end or --for")
              + " is missing: a planned maintenance begins and ends",
          "to close a route now for a while, use 'shield maintenance ROUTE --until 2h'");
    }
    return new MaintenanceWindow(from, to, reason);
  }
}
