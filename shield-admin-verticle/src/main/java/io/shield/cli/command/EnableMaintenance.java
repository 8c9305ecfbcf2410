package io.shield.cli.command;

import io.shield.model.MaintenanceMode;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that turn maintenance on. */
final class EnableMaintenance {
  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      description = "Why; shown to callers.")
  private String reason = "";

  @Option(
      names = {"-e", "--exempt"},
      paramLabel = "PATH",
      completionCandidates = LiveValues.Routes.class,
      description = "A path or route key that stays open; may be repeated.")
  private List<String> exempt = List.of();

  @Option(
      names = "--include-force-active",
      negatable = true,
      description = "Close force-active routes too, health checks for instance.")
  private boolean includeForceActive;

  @Option(
      names = {"-y", "--yes"},
      description = "Close them without asking.")
  private boolean yes;

  boolean yes() {
    return yes;
  }

  MaintenanceMode mode() {
    return new MaintenanceMode(true, reason, exempt, includeForceActive);
  }
}
