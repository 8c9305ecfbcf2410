package io.shield.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The help of a command: what it does, how it is called, what may be typed, its own options, and
 * under headings of their own those that all commands have. Lines are broken between words only.
 */
final class HelpText {
  private static final String SECTION = "text";

  private static final Set<String> CONNECTION =
      Set.of(
          "--server-url",
          "--context",
          "--ca-file",
          "--timeout",
          "--wait",
          "--backend",
          "--file",
          "--redis-url");

  private static final Set<String> OUTPUT = Set.of("--output", "--wide", "--help", "--version");

  /** Where descriptions stand: beside the names, or on narrow terminals below them. */
  private static final int BESIDE = 26;

  private static final int BELOW = 8;
  private static final int NARROW = 72;

  private final Help help;
  private final CommandSpec spec;
  private final int width;
  private final List<String> lines = new ArrayList<>();

  private HelpText(Help help) {
    this.help = help;
    this.spec = help.commandSpec();
    this.width = spec.usageMessage().width();
  }

  /** Gives a command and its subcommands this help. */
  static void on(CommandLine command) {
    command.setHelpSectionKeys(List.of(SECTION));
    command.getHelpSectionMap().put(SECTION, help -> new HelpText(help).text());
    command.getSubcommands().values().forEach(HelpText::on);
  }

  private String text() {
    Stream.of(spec.usageMessage().description()).forEach(line -> wrapped(0, line));
    heading("Usage");
    wrapped(2, usage());
    List<String> examples = Examples.of(name());
    if (!examples.isEmpty()) {
      heading("Examples");
      examples.forEach(this::example);
    }
    parameters();
    Map<String, List<OptionSpec>> groups = groups();
    groups.forEach(
        (title, options) -> {
          heading(title);
          options.forEach(option -> entry(names(option), description(option)));
        });
    commands();
    String footer = help.footerHeading() + help.footer();
    return String.join("\n", lines) + "\n" + footer;
  }

  /** The names of the command, without that of the whole. */
  private String name() {
    String all = spec.qualifiedName();
    return all.substring(Math.min(all.length(), spec.root().name().length() + 1));
  }

  private String usage() {
    if (spec.usageMessage().customSynopsis().length > 0) {
      return String.join(" ", spec.usageMessage().customSynopsis());
    }
    String arguments =
        spec.positionalParameters().stream().map(HelpText::shown).collect(Collectors.joining(" "));
    String command = spec.subcommands().isEmpty() ? "" : " COMMAND";
    boolean onlyCommon = groups().keySet().stream().noneMatch(title -> title.equals("Options"));
    return spec.qualifiedName()
        + command
        + (arguments.isEmpty() ? "" : " " + arguments)
        + (onlyCommon && !command.isEmpty() ? "" : " [OPTIONS]");
  }

  private static String shown(PositionalParamSpec parameter) {
    String more = parameter.arity().max() > 1 ? "..." : "";
    String label = parameter.paramLabel() + more;
    return parameter.arity().min() == 0 ? "[" + label + "]" : label;
  }

  private void parameters() {
    List<PositionalParamSpec> parameters =
        spec.positionalParameters().stream().filter(parameter -> !parameter.hidden()).toList();
    if (!parameters.isEmpty()) {
      heading("Arguments");
      parameters.forEach(parameter -> entry("  " + shown(parameter), description(parameter)));
    }
  }

  /** The options under their headings, each group in the order of names. */
  private Map<String, List<OptionSpec>> groups() {
    Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
    for (String title : List.of("Options", "Connection", "Output and help")) {
      List<OptionSpec> options =
          spec.options().stream()
              .filter(option -> !option.hidden() && title(option).equals(title))
              .sorted((a, b) -> a.longestName().compareTo(b.longestName()))
              .toList();
      if (!options.isEmpty()) {
        groups.put(title, options);
      }
    }
    return groups;
  }

  /** The demo has a store of its own, which is no way to a server. */
  private String title(OptionSpec option) {
    String name = option.longestName();
    boolean connects = spec.optionsMap().containsKey("--server-url");
    if (connects && CONNECTION.contains(name)) {
      return "Connection";
    }
    return OUTPUT.contains(name) ? "Output and help" : "Options";
  }

  private static String names(OptionSpec option) {
    String names =
        Arrays.stream(option.names())
            .sorted((a, b) -> Integer.compare(a.length(), b.length()))
            .collect(Collectors.joining(", "));
    String indent = option.names().length > 1 ? "  " : "      ";
    String negatable = option.negatable() ? names.replace("--", "--[no-]") : names;
    boolean value = option.arity().max() > 0;
    return indent + negatable + (value ? " " + option.paramLabel() : "");
  }

  private static String description(ArgSpec option) {
    String text = String.join(" ", option.description());
    return text.replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValueString()));
  }

  private void commands() {
    if (spec.usageMessage().customSynopsis().length == 0 && !spec.subcommands().isEmpty()) {
      heading("Commands");
      spec.subcommands()
          .forEach(
              (name, command) ->
                  entry(
                      "  " + name,
                      String.join(" ", command.getCommandSpec().usageMessage().description())));
    }
  }

  private void heading(String title) {
    lines.add("");
    lines.add(title + ":");
  }

  private void entry(String names, String description) {
    boolean narrow = width < NARROW;
    int indent = narrow ? BELOW : BESIDE;
    if (narrow || names.length() > indent - 2) {
      lines.add(names);
      wrapped(indent, description);
      return;
    }
    int first = lines.size();
    wrapped(indent, description);
    lines.set(first, names + lines.get(first).substring(names.length()));
  }

  private void wrapped(int indent, String text) {
    StringBuilder line = new StringBuilder(" ".repeat(indent));
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(indent));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
  }

  /** Goes on behind a backslash, so that it can be copied as it stands. */
  private void example(String typed) {
    StringBuilder line = new StringBuilder("  shield");
    for (String word : typed.split(" ", -1)) {
      if (line.length() + 1 + word.length() + 2 > width) {
        lines.add(line + " \\");
        line = new StringBuilder("     ");
      }
      line.append(' ').append(word);
    }
    lines.add(line.toString());
  }
}
