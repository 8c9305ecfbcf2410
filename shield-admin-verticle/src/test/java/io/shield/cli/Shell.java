package io.shield.cli;

import io.shield.cli.terminal.Surroundings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;

/** Runs commands in this process, one after the other, and keeps what the last one said. */
final class Shell {
  private final Path home;
  private final Map<String, String> environment = new HashMap<>();
  private String out = "";
  private String err = "";
  private boolean terminal;
  private String input = "";
  private Runnable whenAsked = () -> {};

  Shell(Path home) {
    this.home = home;
  }

  Shell set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** From now on at a terminal, where somebody types the given lines. */
  Shell atTerminal(String typed) {
    terminal = true;
    input = typed;
    return this;
  }

  Shell typing(String typed) {
    input = typed;
    return this;
  }

  /** Does something when the next command first waits for what is typed. */
  Shell whenAsked(Runnable action) {
    whenAsked = action;
    return this;
  }

  /** Runs a command; returns its exit code. */
  int run(String... args) {
    StringWriter outText = new StringWriter();
    StringWriter errText = new StringWriter();
    Surroundings here = Places.with(home, environment, terminal, input, whenAsked);
    whenAsked = () -> {};
    CommandLine line = Main.commandLine(here, args);
    line.setOut(new PrintWriter(outText)).setErr(new PrintWriter(errText));
    int code = line.execute(args);
    out = outText.toString();
    err = errText.toString();
    return code;
  }

  /** Runs a command given as one line, its words divided by spaces. */
  int sh(String line) {
    return run(line.split(" ", -1));
  }

  String out() {
    return out;
  }

  String err() {
    return err;
  }

  JsonObject json() {
    return new JsonObject(out);
  }

  JsonArray jsonList() {
    return new JsonArray(out);
  }
}
