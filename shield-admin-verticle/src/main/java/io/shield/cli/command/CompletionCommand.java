package io.shield.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: a script that lets a shell complete commands, options and values. */
@Command(
    footerHeading = "%nTo install it, for every new shell:%n",
    footer = {
      "  bash   ./shield completion bash >" + " ~/.local/share/bash-completion/completions/shield",
      "         (needs the package bash-completion; without it add",
      "         'source <(/path/to/shield completion bash)' to ~/.bashrc)",
      "  zsh    ./shield completion zsh > \"$${fpath[1]}/_shield\"",
      "         (after 'autoload -U compinit; compinit' in ~/.zshrc)",
      "  fish   ./shield completion fish > ~/.config/fish/completions/shield.fish",
      "",
      "For this shell only: source <(./shield completion bash), the same with zsh,",
      "and ./shield completion fish | source.",
      "",
      "Route keys, services and the like come from the server or store that the line",
      "names; if it does not answer at once, there are none."
    })
public final class CompletionCommand implements Callable<Integer> {
  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SHELL",
      completionCandidates = Shells.class,
      description = "bash, zsh or fish.")
  private String shell = "";

  /** The shells there are scripts for. */
  static final class Shells extends Choices.Fixed {
    Shells() {
      super(SHELLS);
    }
  }

  @Override
  public Integer call() throws IOException {
    if (!SHELLS.contains(shell)) {
      throw CommandFailure.usage(
          "SHELL: '" + shell + "' is not allowed, must be bash, zsh or fish", "");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(script());
    out.flush();
    return ExitCodes.OK;
  }

  private String script() throws IOException {
    String name = "completion." + shell;
    try (InputStream in = CompletionCommand.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
    }
  }
}
