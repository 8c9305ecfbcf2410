package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.Surroundings;
import io.shield.spi.AuditQuery;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code log}: the audit log, newest first. */
@Command
public final class LogCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;
  @Mixin private final ServiceOption service;
  @Mixin private final Paging paging = new Paging();
  @Mixin private final TimeZoneOption zone = new TimeZoneOption();

  @Option(
      names = "--route",
      paramLabel = "ROUTE",
      completionCandidates = LiveValues.Routes.class,
      description = "Only of this route.")
  private @Nullable String route;

  @Option(names = "--actor", paramLabel = "NAME", description = "Only by this person or program.")
  private @Nullable String actor;

  @Option(names = "--action", paramLabel = "NAME", description = "Only of this kind.")
  private @Nullable String action;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "Only the last 30m, 2h or 1d, or since a date or a time.")
  private @Nullable String since;

  public LogCommand(Surroundings here) {
    common = new CommonOptions(here);
    service = new ServiceOption(here);
  }

  @Override
  public Integer call() {
    Output output = common.output();
    Instant from = zone.back("--since", since);
    int needed = paging.needed(output);
    List<JsonNode> entries =
        common.control(
            control -> {
              String path = route == null ? null : service.key(control, route);
              return control.audit(
                  new AuditQuery(path, service.get(), actor, action, from, 0, needed));
            });
    paging.write(output, entries, Views.AUDIT);
    return ExitCodes.OK;
  }
}
