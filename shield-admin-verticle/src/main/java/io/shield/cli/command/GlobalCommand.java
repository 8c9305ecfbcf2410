package io.shield.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code global}: the maintenance of every route. */
@Command
public final class GlobalCommand {
  @Command(name = "status", description = "Shows whether it is on.")
  int status(@Mixin MaintenanceMixin maintenance) {
    return maintenance.show(null);
  }

  @Command(name = "enable", description = "Closes every route that is not exempt.")
  int enable(@Mixin MaintenanceMixin maintenance, @Mixin EnableMaintenance options) {
    return maintenance.enableFleet(options.mode(), options.yes());
  }

  @Command(name = "disable", description = "Opens every route that is not closed by itself.")
  int disable(@Mixin MaintenanceMixin maintenance) {
    return maintenance.disable(null);
  }

  @Command(name = "exempt-add", description = "Lets a path stay open while it is on.")
  int exemptAdd(
      @Mixin MaintenanceMixin maintenance,
      @Parameters(
              paramLabel = "PATH",
              completionCandidates = LiveValues.Routes.class,
              description = "A path or route key.")
          String path) {
    return maintenance.exempt(null, path);
  }

  @Command(name = "exempt-remove", description = "Closes a path again while it is on.")
  int exemptRemove(
      @Mixin MaintenanceMixin maintenance,
      @Parameters(
              paramLabel = "PATH",
              completionCandidates = LiveValues.Exempt.class,
              description = "A path or route key.")
          String path) {
    return maintenance.unexempt(null, path);
  }
}
