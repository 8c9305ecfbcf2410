package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The help of every command. */
class HelpTest {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  private static Map<String, CommandLine> commands(int width) {
    Map<String, CommandLine> commands = new TreeMap<>();
    var none = Places.without(Path.of(""), Map.of());
    for (String name : CommandTree.of(none, List.of("?")).getSubcommands().keySet()) {
      CommandLine top = Main.commandLine(none, name).setUsageHelpWidth(width);
      CommandLine command = top.getSubcommands().get(name);
      boolean own = !name.equals("help"); // the library's
      if (own && command != null && command.getCommandName().equals(name)) {
        commands.put(name, command);
        command.getSubcommands().forEach((member, line) -> commands.put(name + " " + member, line));
      }
    }
    return commands;
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 160})
  void fitsTheTerminalAndBreaksNoWord(int width) {
    String longest = "completion";
    commands(width)
        .forEach(
            (name, command) -> {
              String help = command.getUsageMessage();
              if (!name.equals(longest)) {
                assertThat(help.lines()).as(name).allMatch(line -> line.length() <= width, help);
              }
              String flat = help.replace(" \\\n", " ").replaceAll("\\s+", " ");
              command
                  .getCommandSpec()
                  .args()
                  .forEach(
                      arg ->
                          assertThat(flat)
                              .as(name)
                              .contains(
                                  String.join(" ", arg.description())
                                      .replace(
                                          "${DEFAULT-VALUE}",
                                          String.valueOf(arg.defaultValueString()))));
            });
  }

  /** Two or three that can be typed as they stand. */
  @Test
  void hasExamples() {
    commands(80)
        .forEach(
            (name, command) -> {
              if (!command.getSubcommands().isEmpty()) {
                return;
              }
              List<String> examples = Examples.of(name);
              assertThat(examples).as(name).hasSizeBetween(2, 3);
              assertThat(command.getUsageMessage()).as(name).contains("Examples:");
              examples.forEach(HelpTest::assertParses);
            });
  }

  private static void assertParses(String example) {
    String typed = example.replaceAll(" [<>] .*", "");
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(typed);
    while (word.find()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    String[] args = words.toArray(String[]::new);
    CommandLine line = Main.commandLine(Places.without(Path.of(""), Map.of()), args);
    assertThat(line.parseArgs(args).originalArgs()).as(Arrays.toString(args)).hasSize(args.length);
  }

  /** What a command has of its own stands before what all have. */
  @Test
  void ownOptionsComeFirst() {
    String help = commands(80).get("disable").getUsageMessage();
    List<String> headings = help.lines().filter(line -> line.matches("[A-Z][a-z ]+:")).toList();
    assertThat(headings)
        .containsExactly(
            "Usage:", "Examples:", "Arguments:", "Options:", "Connection:", "Output and help:");
    assertThat(help.indexOf("--until")).isLessThan(help.indexOf("--server-url"));
    assertThat(help.split("--server-url", -1)).hasSize(2);
  }
}
