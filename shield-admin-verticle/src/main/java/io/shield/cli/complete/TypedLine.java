package io.shield.cli.complete;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command line that is being typed: which command, what was given, and what the word is for. */
public final class TypedLine {
  private final Map<String, String> given = new HashMap<>();
  private CommandSpec command;
  private @Nullable OptionSpec pending;
  private int positionals;
  private boolean optionsEnded;
  private final String word;

  /**
   * Reads a line.
   *
   * @param root the command that the line begins with
   * @param words what follows it up to the cursor; the last one is being typed and may be empty
   */
  TypedLine(CommandLine root, List<String> words) {
    command = root.getCommandSpec();
    int last = words.size() - 1;
    words.subList(0, Math.max(last, 0)).forEach(this::read);
    word = last < 0 ? "" : words.get(last);
  }

  private void read(String typed) {
    if (pending != null) {
      given.put(pending.longestName(), typed);
      pending = null;
    } else if (!optionsEnded && typed.equals("--")) {
      optionsEnded = true;
    } else if (!optionsEnded && isOption(typed)) {
      readOption(typed);
    } else {
      readWord(typed);
    }
  }

  private static boolean isOption(String typed) {
    return typed.startsWith("-") && typed.length() > 1;
  }

  /** {@code --name value}, {@code --name=value}, {@code -n value} and {@code -nvalue}. */
  private void readOption(String typed) {
    int equals = typed.indexOf('=');
    OptionSpec option = command.optionsMap().get(equals < 0 ? typed : typed.substring(0, equals));
    OptionSpec letter = command.optionsMap().get(typed.substring(0, 2));
    if (option != null && equals >= 0) {
      given.put(option.longestName(), typed.substring(equals + 1));
    } else if (option != null) {
      given.put(option.longestName(), "");
      pending = takesValue(option) ? option : null;
    } else if (letter != null && takesValue(letter)) {
      given.put(letter.longestName(), typed.substring(2));
    }
  }

  private static boolean takesValue(OptionSpec option) {
    return option.arity().max() > 0;
  }

  private void readWord(String typed) {
    CommandLine next = positionals > 0 || optionsEnded ? null : command.subcommands().get(typed);
    if (next == null) {
      positionals++;
    } else {
      command = next.getCommandSpec();
    }
  }

  /** The command that was named. */
  CommandSpec command() {
    return command;
  }

  /** The word that is being typed, may be empty. */
  public String word() {
    return word;
  }

  /** What was typed of the value. */
  public String value() {
    return word.substring(beforeValue().length());
  }

  /** What was given for an option, or null; empty for one that takes no value. */
  public @Nullable String given(String option) {
    return given.get(option);
  }

  /** Whether the word can be the name of a command. */
  boolean isCommandNext() {
    return pending == null && positionals == 0 && !optionsEnded && !isOption(word);
  }

  /** Whether the word begins the name of an option. */
  boolean isOptionNext() {
    return pending == null && !optionsEnded && word.startsWith("-") && word.indexOf('=') < 0;
  }

  /** What stands in the word before the value: {@code --name=}, or nothing. */
  String beforeValue() {
    boolean attached = pending == null && !optionsEnded && isOption(word);
    return attached ? word.substring(0, word.indexOf('=') + 1) : "";
  }

  /** The option or argument whose value is being typed, or null if there is none such. */
  @Nullable ArgSpec valueOf() {
    if (pending != null) {
      return pending;
    }
    String before = beforeValue();
    if (!before.isEmpty()) {
      return command.optionsMap().get(before.substring(0, before.length() - 1));
    }
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (parameter.index().contains(positionals)) {
        return parameter;
      }
    }
    return null;
  }
}
