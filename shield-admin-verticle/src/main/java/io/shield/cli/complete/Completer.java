package io.shield.cli.complete;

import io.shield.cli.terminal.Lines;
import io.shield.cli.terminal.Surroundings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Tells what a word that is being typed can become. */
public final class Completer {
  private final CommandLine root;
  private final Surroundings here;

  /**
   * A completer.
   *
   * @param root the command line, with every command that is on the line
   */
  public Completer(CommandLine root, Surroundings here) {
    this.root = root;
    this.here = here;
  }

  /**
   * What can be typed.
   *
   * @param candidates words
   * @param files whether the name of a file can be typed as well
   */
  public record Answer(List<Candidate> candidates, boolean files) {
    public Answer {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * Completes a word. May ask a server or store, and fail as they do.
   *
   * @param words what follows the name of the command up to the cursor; the last one is being typed
   */
  public Answer complete(List<String> words) {
    TypedLine line = new TypedLine(root, words);
    if (line.isOptionNext()) {
      return answer(line, options(line));
    }
    CommandSpec command = line.command();
    if (line.isCommandNext() && command.userObject() instanceof CommandLine.HelpCommand) {
      return answer(line, commands(root.getCommandSpec()));
    }
    if (line.isCommandNext() && !command.subcommands().isEmpty()) {
      return answer(line, commands(command));
    }
    ArgSpec value = line.valueOf();
    return value == null ? new Answer(List.of(), false) : values(line, value);
  }

  private static List<Candidate> commands(CommandSpec command) {
    Map<String, Candidate> named = new LinkedHashMap<>();
    for (CommandLine sub : command.subcommands().values()) {
      CommandSpec spec = sub.getCommandSpec();
      if (!spec.usageMessage().hidden()) {
        String name = spec.name();
        named.putIfAbsent(name, new Candidate(name, first(spec.usageMessage().description())));
      }
    }
    return List.copyOf(named.values());
  }

  /** By their long names; by a short one if it was typed. What was given once is left out. */
  private static List<Candidate> options(TypedLine line) {
    List<Candidate> options = new ArrayList<>();
    for (OptionSpec option : line.command().options()) {
      boolean again = option.isMultiValue() || line.given(option.longestName()) == null;
      if (!option.hidden() && again) {
        boolean isShort = List.of(option.names()).contains(line.word());
        String name = isShort ? line.word() : option.longestName();
        options.add(new Candidate(name, description(option)));
      }
    }
    return options;
  }

  private static String description(OptionSpec option) {
    String text = String.join(" ", option.description());
    String value = String.valueOf(option.defaultValue());
    return text.replace("${DEFAULT-VALUE}", value).replace("%n", " ");
  }

  private static String first(String... lines) {
    return lines.length == 0 ? "" : lines[0];
  }

  private Answer values(TypedLine line, ArgSpec of) {
    Iterable<String> known = of.completionCandidates();
    if (known instanceof FileNames) {
      return new Answer(List.of(), true);
    }
    if (known instanceof LiveCandidates live) {
      return answer(line, live.candidates(here, line));
    }
    List<Candidate> fixed = new ArrayList<>();
    if (known != null) {
      known.forEach(value -> fixed.add(new Candidate(value, "")));
    }
    return answer(line, fixed);
  }

  /** Those that the word can become. */
  private static Answer answer(TypedLine line, List<Candidate> all) {
    List<Candidate> fitting = new ArrayList<>();
    String before = line.beforeValue();
    for (Candidate candidate : all) {
      String value = before + candidate.value();
      if (value.startsWith(line.word()) && isOneWord(value)) {
        fitting.add(new Candidate(value, Lines.oneLine(candidate.description())));
      }
    }
    return new Answer(fitting, false);
  }

  /** What has blanks or control characters in it could not be typed as it is. */
  private static boolean isOneWord(String value) {
    return value.equals(Lines.oneLine(value)) && value.chars().noneMatch(Character::isWhitespace);
  }
}
