package io.shield.cli.command;

import io.shield.DeclaredState;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Surroundings;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code export}: what is configured, as a document for {@code diff} and {@code apply}. */
@Command
public final class ExportCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;
  @Mixin private final ServiceOption service;

  @Option(
      names = "--owner",
      paramLabel = "LABEL",
      description = "Only what the document of this owner declared.")
  private @Nullable String owner;

  @Option(
      names = "--section",
      paramLabel = "NAME",
      completionCandidates = Sections.class,
      description = "Only routes, maintenance or rate_limits; may be given several times.")
  private List<String> sections = List.of();

  public ExportCommand(Surroundings here) {
    common = new CommonOptions(here);
    service = new ServiceOption(here);
  }

  /** The values of {@code --section}. */
  static final class Sections implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return DeclaredState.SECTIONS.iterator();
    }
  }

  @Override
  public Integer call() {
    DeclaredState.Scope scope = new DeclaredState.Scope(service.get(), owner, Set.copyOf(sections));
    common.output().document(common.control(control -> control.export(scope)));
    return ExitCodes.OK;
  }
}
