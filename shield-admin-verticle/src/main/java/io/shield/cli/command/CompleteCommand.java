package io.shield.cli.command;

import io.shield.cli.complete.Candidate;
import io.shield.cli.complete.Completer;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Surroundings;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code __complete -- WORD...}: what the last word can become, for the scripts of {@code
 * completion}. A line for each word: the word, a tab, a description. The line {@code :files} asks
 * the shell to complete names of files. Whatever goes wrong, there is nothing to complete.
 */
@Command(hidden = true)
public final class CompleteCommand implements Callable<Integer> {
  /** The name of the command. */
  public static final String NAME = "__complete";

  private final Surroundings here;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*")
  private List<String> words = List.of();

  public CompleteCommand(Surroundings here) {
    this.here = here;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Completer completer = new Completer(spec.root().commandLine(), here);
      Completer.Answer answer = completer.complete(words);
      for (Candidate candidate : answer.candidates()) {
        out.println(candidate.value() + "\t" + candidate.description());
      }
      if (answer.files()) {
        out.println(":files");
      }
    } catch (RuntimeException e) {
      // Not signed in, for instance. It would be told in the middle of what is being typed.
    }
    out.flush();
    return ExitCodes.OK;
  }
}
