package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** How the command answers when it is called, wrongly above all. */
class CommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  private int run(String... args) {
    CommandLine line = Main.commandLine(Places.without(directory, Map.of()), args);
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(args);
  }

  /** One line that says what is wrong, and nothing else anywhere. */
  private void assertUsageError(String... args) {
    int code = run(args);
    assertThat(err.toString()).startsWith("shield: ").endsWith(System.lineSeparator());
    assertThat(err.toString().strip().lines()).as("lines of %s", err).hasSize(1);
    assertThat(err.toString()).doesNotContain("Exception", "\tat ");
    assertThat(out.toString()).isEmpty();
    assertThat(code).isEqualTo(2);
  }

  /** Whoever does not know what there is sees it. */
  @ParameterizedTest
  @CsvSource({"'', Shows all routes", "global, Closes every route", "token, Ends a token at once"})
  void withoutACommand(String group, String shown) {
    String[] args = group.isEmpty() ? new String[0] : new String[] {group};
    assertThat(run(args)).isEqualTo(2);
    assertThat(err.toString()).contains("Usage:", "shield " + group, shown);
    assertThat(err.toString()).doesNotContain("Exception", "\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"zzz", "status --zzz", "global qqqq", "status --zzz=1", "x"})
  void whatIsNotAlikeIsNotOffered(String command) {
    assertUsageError(command.split(" ", -1));
    assertThat(err.toString()).doesNotContain("Did you mean");
  }

  @ParameterizedTest
  @CsvSource({
    "--bogus, Unknown option: '--bogus', 'shield --help'",
    "bogus, 'bogus', 'shield --help'",
    "enabel GET:/x, Unknown command: 'enabel'. Did you mean enable, 'shield --help'",
    "global disble, Unknown command: 'disble'. Did you mean disable, 'shield global --help'",
    "status --back x, 'Did you mean --backend?', 'shield status --help'",
    "status --servic x, 'Did you mean --service?', 'shield status --help'",
    "status --timeout 0s, --timeout, at most 1d",
    "status --timeout 999999d, --timeout, at most 1d",
    "demo --bogus, Unknown option: '--bogus', 'shield demo --help'",
    "demo x, 'x', 'shield demo --help'",
    "demo --port, --port, 'shield demo --help'",
    "demo --port=, --port, 'shield demo --help'",
    "demo --port x1, 'x1' is not an int, 'shield demo --help'",
    "demo --port 99999999999, '99999999999' is not an int, 'shield demo --help'",
    "demo --port -1, -1, between 0 and 65535",
    "demo --port 65536, 65536, between 0 and 65535",
    "demo --port 1 --port 2, --port, 'shield demo --help'",
    "demo --backend, --backend, 'shield demo --help'",
    "demo --backend nothing, 'nothing' is not allowed, memory",
    "demo --backend Memory, 'Memory' is not allowed, memory",
    "demo --file state.json --backend memory, --file, not with --backend memory",
    "demo --file=, --file: '' is not allowed, must not be empty",
    "demo --backend redis --redis-url=, --redis-url: '' is not allowed, must not be empty",
    "demo --redis-url redis://h --backend file, --redis-url, not with --backend file",
    "demo --redis-url redis://h --file state.json, --redis-url, not with --backend file",
    "demo --backend redis --redis-url http://x, 'http://x' is not allowed, redis://"
  })
  void calledWrongly(String command, String wrong, String hint) {
    assertUsageError(command.split(" ", -1));
    assertThat(err.toString()).contains(wrong, hint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\r\nb", "a\u2028b", "\u001b[31mred", "a\u0085b", "\0"})
  void anArgumentOfSeveralLinesIsStillOneLine(String argument) {
    assertUsageError(argument);
    assertThat(err.toString().strip().chars()).noneMatch(Character::isISOControl);
    assertThat(err.toString()).contains("\\u");
  }

  @Test
  void aPortThatIsInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertUsageError("demo", "--backend", "memory", "--port", "" + taken.getLocalPort());
      assertThat(err.toString()).contains("port " + taken.getLocalPort() + " is in use", "--port");
    }
  }

  /** Nothing is made that somebody has to remove again. */
  @Test
  void aServerLooksAtItsAddressFirst() throws IOException {
    String file = directory.resolve("state.json").toString();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertUsageError("serve", "--file", file, "--port", "" + taken.getLocalPort());
      assertThat(err.toString()).contains("port " + taken.getLocalPort() + " is in use", "--port");
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void anAddressOfAnotherMachine() {
    String file = directory.resolve("state.json").toString();
    assertUsageError("serve", "--file", file, "--port", "0", "--host", "192.0.2.1");
    assertThat(err.toString()).contains("--host: '192.0.2.1' is not allowed", "this machine");
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "--help, Controls how an HTTP API behaves",
    "help, Controls how an HTTP API behaves",
    "demo --help, Serves a small API",
    "help demo, Serves a small API",
    "--version, shield",
    "demo --version, shield"
  })
  void askedForHelp(String command, String shown) {
    assertThat(run(command.split(" ", -1))).isZero();
    assertThat(out.toString()).startsWith(shown);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void helpNamesEveryOptionAndItsDefault() {
    run("demo", "--help");
    assertThat(out.toString())
        .contains("--port", "8080", "--backend", "memory", "--file", "--redis-url");
  }
}
