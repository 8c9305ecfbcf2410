package io.shield.cli.terminal;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command runs.
 *
 * @param environment the environment variables
 * @param directory the working directory
 * @param home the user's home directory
 * @param user the operating system's name of the user
 * @param terminal the terminal
 */
public record Surroundings(
    Map<String, String> environment, Path directory, Path home, String user, Terminal terminal) {
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** Those of this process. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        homeOfProcess(),
        System.getProperty("user.name"),
        Terminal.ofProcess());
  }

  /** What {@code ~} means to the shell; Java's property looks at the user's entry only. */
  private static Path homeOfProcess() {
    String variable = System.getenv("HOME");
    boolean set = variable != null && !variable.isBlank();
    return Path.of(set ? variable : System.getProperty("user.home"));
  }

  /** A variable; what is empty counts as not set. */
  public @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** How wide the terminal is that results go to, told by the launcher; 0 if it is not known. */
  public int columns() {
    String told = variable("COLUMNS");
    boolean known = terminal.out() && told != null && told.matches("[1-9][0-9]{1,3}");
    return known ? Integer.parseInt(told) : 0;
  }

  /** How wide the terminal is that messages go to; 0 if it is not known, or they go elsewhere. */
  public int messageColumns() {
    return terminal.err() ? columns() : 0;
  }

  /** Whether results may be coloured: on a terminal, unless {@code NO_COLOR} is set. */
  public boolean colours() {
    String noColor = environment.get("NO_COLOR");
    boolean wanted = noColor == null || noColor.isEmpty();
    return wanted && terminal.out() && !"dumb".equals(environment.get("TERM"));
  }
}
