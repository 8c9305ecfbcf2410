package io.shield.cli.command;

import io.shield.model.RouteKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code service-maintenance}: the maintenance of one service. */
@Command
public final class ServiceMaintenanceCommand {
  @Command(name = "status", description = "Shows whether it is on.")
  int status(
      @Mixin MaintenanceMixin maintenance,
      @Parameters(
              paramLabel = "SERVICE",
              completionCandidates = LiveValues.Services.class,
              description = "The service.")
          String service) {
    return maintenance.show(RouteKey.checkService(service));
  }

  @Command(name = "enable", description = "Closes every route of a service.")
  int enable(
      @Mixin MaintenanceMixin maintenance,
      @Mixin EnableMaintenance options,
      @Parameters(
              paramLabel = "SERVICE",
              completionCandidates = LiveValues.Services.class,
              description = "The service.")
          String service) {
    return maintenance.enable(RouteKey.checkService(service), options.mode());
  }

  @Command(name = "disable", description = "Opens the routes of a service again.")
  int disable(
      @Mixin MaintenanceMixin maintenance,
      @Parameters(
              paramLabel = "SERVICE",
              completionCandidates = LiveValues.Services.class,
              description = "The service.")
          String service) {
    return maintenance.disable(RouteKey.checkService(service));
  }
}
