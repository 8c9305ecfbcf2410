package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A process of {@code original_command.py}, which begins with all commands and flags that there are
 * and then runs what is typed. A line to run is {@code COMMAND => WORD}, with what it prints; with
 * {@code =>!} it has to fail.
 */
final class CommandSession implements AutoCloseable {
  private static final String END = "---";

  private final BufferedWriter in;
  private final BufferedReader out;
  private final Set<String> known = new TreeSet<>();
  private final Set<String> used;

  CommandSession(Process process, Set<String> used) throws IOException {
    in = process.outputWriter(StandardCharsets.UTF_8);
    out = process.inputReader(StandardCharsets.UTF_8);
    known.addAll(answer());
    this.used = used;
  }

  /** Every command, and every flag behind its command. */
  Set<String> known() {
    return known;
  }

  private List<String> answer() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = out.readLine(); !END.equals(line); line = out.readLine()) {
      assertThat(line).as("the process ended after " + lines).isNotNull();
      lines.add(line);
    }
    return lines;
  }

  void run(String line) throws IOException {
    String[] parts = line.split("=>", 2);
    String command = parts[0].strip();
    boolean fails = parts[1].startsWith("!");
    String word = parts[1].substring(fails ? 1 : 0).strip();
    in.write(command + "\n");
    in.flush();
    List<String> answer = answer();
    String text = String.join("\n", answer);
    String exit = answer.get(answer.size() - 1);
    assertThat(exit.equals("0")).as(command + ": " + text).isNotEqualTo(fails);
    assertThat(text).as(command).contains(word);
    note(command);
  }

  private void note(String command) {
    for (String each : known) {
      String[] words = each.split(" ", -1);
      String last = words[words.length - 1];
      String name = last.startsWith("-") ? each.substring(0, each.lastIndexOf(' ')) : each;
      boolean meant = command.equals(name) || command.startsWith(name + " ");
      boolean flagged =
          !last.startsWith("-")
              || Pattern.compile(" " + Pattern.quote(last) + "( |$)").matcher(command).find();
      if (meant && flagged) {
        used.add(each);
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
