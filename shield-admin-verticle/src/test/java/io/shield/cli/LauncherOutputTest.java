package io.shield.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.shield.cli.terminal.StandardOutput;
import io.shield.cli.terminal.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * What every command prints arrives. A command that does not write it out still works in tests that
 * look into a writer; here it runs as the launcher's process does it, up to the stream of standard
 * output. Some run through the launcher itself, in a process of their own, with a pipe, a file and
 * a terminal.
 */
class LauncherOutputTest {
  private static final String ON_FILE = " --backend file --file store.json";
  private static final String NO_SERVER = " --server-url http://localhost:1 --timeout 20s";
  private static final String HASH = "hash-password --password-stdin";

  /** What is typed for each command, and a word that it prints. */
  private static final Map<String, Typed> TYPED = new LinkedHashMap<>();

  private record Typed(String line, String word) {}

  @TempDir static Path installed;

  private static Path launcher;

  @TempDir Path directory;

  static {
    onFile("status", "", "/pay");
    onFile("disable", "GET:/pay --reason gone", "gone");
    onFile("enable", "GET:/pay", "active");
    onFile("maintenance", "GET:/pay --reason soon", "soon");
    onFile("schedule", "GET:/pay --start 2999-01-01T00:00Z --end 2999-01-02T00:00Z", "2999");
    onFile("env set", "GET:/pay staging", "staging");
    onFile("env clear", "GET:/pay", "active");
    onFile("deprecate", "GET:/pay --sunset 2999-01-01T00:00Z", "deprecated");
    onFile("canary", "GET:/pay 5", "/pay");
    onFile("forget", "GET:/pay --force", "/pay");
    onFile("global status", "", "off");
    onFile("global enable", "--reason all", "all");
    onFile("global disable", "", "off");
    onFile("global exempt-add", "/pay", "maintenance is off");
    onFile("global exempt-remove", "/pay", "maintenance is off");
    onFile("service-maintenance status", "shop", "shop");
    onFile("service-maintenance enable", "shop", "shop");
    onFile("service-maintenance disable", "shop", "shop");
    onFile("rate-limits list", "", "/pay");
    onFile("rate-limits set", "GET:/pay 5/minute", "5/minute");
    onFile("rate-limits pause", "GET:/pay", "/pay");
    onFile("rate-limits resume", "GET:/pay", "/pay");
    onFile("rate-limits reset", "GET:/pay", "are reset");
    onFile("rate-limits delete", "GET:/pay", "is deleted");
    onFile("rate-limits hits", "", "No request was refused");
    onFile("log", "", "/pay");
    for (String wide : List.of("global-rate-limit ", "service-rate-limit ")) {
      String whose = wide.startsWith("global") ? "" : "shop ";
      onFile(wide + "set", whose + "5/minute", "5/minute");
      for (String action : List.of("get", "reset", "disable", "enable")) {
        onFile(wide + action, whose, "5/minute");
      }
      onFile(wide + "delete", whose, "none");
    }
    onFile("export", "", "GET:/pay");
    print("diff", "diff declared.yaml" + ON_FILE, "~ routes/GET:/pay");
    onFile("apply", "declared.yaml", "~ routes/GET:/pay");
    withoutServer("login", "admin --password-stdin");
    withoutServer("explain", "GET /pay");
    withoutServer("services", "");
    withoutServer("clients", "");
    withoutServer("watch", "");
    withoutServer("version", "");
    withoutServer("store status", "");
    withoutServer("store adopt", "--yes");
    withoutServer("store reseed", "--yes");
    withoutServer("store members", "3 --yes");
    withoutServer("webhook list", "");
    withoutServer("webhook add", "ci http://localhost:1/");
    for (String action : List.of("delete", "enable", "disable", "rotate", "test", "deliveries")) {
      withoutServer("webhook " + action, "ci");
    }
    withoutServer("webhook redeliver", "ci msg_1");
    withoutServer("token list", "");
    withoutServer("token create", "--description ci");
    withoutServer("token revoke", "0123456789abcdef");
    print("logout", "logout" + NO_SERVER, "");
    print("current-service", "current-service" + NO_SERVER, "service");
    print("config contexts", "config contexts", "default");
    print("config show", "config show", "server_url");
    print("config set-url", "config set-url http://localhost:1 --context far", "far");
    print("config use-context", "config use-context far", "far");
    print("config delete-context", "config delete-context far", "deleted");
    print("completion", "completion bash", "complete");
    print("hash-password", HASH, "$pbkdf2$");
    print("demo", "demo --port 70000", "70000");
    print("serve", "serve --port 70000", "70000");
    print("help", "help", "hash-password");
  }

  private static void withoutServer(String command, String rest) {
    print(command, command + " " + rest + NO_SERVER, "no server answers");
  }

  private static void onFile(String command, String rest, String word) {
    print(command, command + " " + rest + ON_FILE, word);
  }

  private static void print(String command, String line, String word) {
    TYPED.put(command, new Typed(line, word));
  }

  @BeforeAll
  static void install() throws IOException {
    launcher = Files.copy(Path.of("..", "shield"), installed.resolve("shield"));
    Path lib = Files.createDirectory(installed.resolve("lib"));
    Files.createFile(lib.resolve(".built"));
    // The launcher takes every jar in lib: this one names the classes of this build.
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath());
    try (OutputStream out = Files.newOutputStream(lib.resolve("classes.jar"))) {
      new JarOutputStream(out, manifest).close();
    }
  }

  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toUri())
        .map(URI::toString)
        .collect(Collectors.joining(" "));
  }

  /** The names of all commands that do something, of groups each member. */
  private static Set<String> commands() {
    Surroundings here = Places.without(Path.of(""), Map.of());
    Set<String> names = new TreeSet<>();
    for (String group : CommandTree.of(here, List.of("?")).getSubcommands().keySet()) {
      CommandLine command = CommandTree.of(here, List.of(group)).getSubcommands().get(group);
      if (command != null) {
        String name = command.getCommandName();
        command.getSubcommands().values().stream()
            .map(member -> name + " " + member.getCommandName())
            .forEach(names::add);
        if (command.getSubcommands().isEmpty()) {
          names.add(name);
        }
      }
    }
    return names;
  }

  static Set<String> typed() {
    return TYPED.keySet();
  }

  @Test
  void everyCommandIsTyped() {
    assertThat(commands()).hasSizeGreaterThan(30).isEqualTo(new TreeSet<>(TYPED.keySet()));
  }

  @BeforeEach
  void makeStore() throws IOException {
    Files.writeString(
        directory.resolve("store.json"),
        """
        {"states": {
           "GET:/pay": {"path": "GET:/pay", "status": "active"},
           "__shield:global_rl__": {"path": "__shield:global_rl__", "status": "active",
             "reason": "{\\"limit\\": \\"5/minute\\"}"},
           "__shield:svc_rl:shop__": {"path": "__shield:svc_rl:shop__", "status": "active",
             "reason": "{\\"limit\\": \\"5/minute\\"}"}},
         "audit": [{"id": "1", "timestamp": "2026-01-01T00:00:00Z", "path": "GET:/pay",
                    "action": "enable", "actor": "ann", "platform": "cli",
                    "previous_status": "disabled", "new_status": "active"}],
         "rl_hits": [{"id": "1", "timestamp": "2026-01-01T00:00:00Z", "path": "/pay",
                      "method": "GET", "key": "1.2.3.4", "limit": "1/minute"}],
         "rl_policies": {"GET:/pay": {"path": "/pay", "method": "GET", "limit": "1/minute"}}}
        """);
    Files.writeString(
        directory.resolve("declared.yaml"),
        """
        shield: 1
        routes:
          GET:/pay: {status: disabled}
        """);
    Files.createDirectory(directory.resolve(".shield"));
    Files.writeString(
        directory.resolve(".shield/config.json"),
        "{\"contexts\": {\"far\": {\"server_url\": \"http://localhost:1\"}}}");
  }

  @ParameterizedTest
  @MethodSource("typed")
  void arrives(String command) {
    Typed typed = TYPED.get(command);
    String password = "a password of many letters\n";
    Surroundings here = Places.with(directory, Map.of(), false, password);
    String[] args = typed.line.strip().replace("store.json", directory + "/store.json").split(" +");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine(here, args).setErr(new PrintWriter(err));
    int code = Main.run(line, new StandardOutput(out), args);
    // diff ends with 1 where there is a difference, and prints it.
    boolean tells = code == 0 || (code == 1 && typed.line.startsWith("diff"));
    String printed = tells ? out.toString(Charset.defaultCharset()) : err.toString();
    assertThat(printed).as("exit code %d, out: %s", code, out).contains(typed.word).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "log", "config show", "help"})
  void arrivesInAPipe(String command) throws Exception {
    Typed typed = TYPED.get(command);
    Path errors = directory.resolve("errors");
    Process process = start(builder(line(typed.line)).redirectError(errors.toFile()));
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = exitCode(process);
    // The exit code 1 of diff is no failure.
    String printed = code == 0 || !out.isEmpty() ? out : Files.readString(errors);
    assertThat(printed).as("exit code %d, out: %s", code, out).contains(typed.word).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"log", "completion"})
  void arrivesInAFile(String command) throws Exception {
    Typed typed = TYPED.get(command);
    Path file = directory.resolve("out");
    assertThat(exitCode(start(builder(line(typed.line)).redirectOutput(file.toFile())))).isZero();
    assertThat(file).content().contains(typed.word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "hash-password"})
  void arrivesAtATerminal(String command) throws Exception {
    assumeThat(Path.of("/usr/bin/script")).as("no pseudo-terminal: 'script' is missing").exists();
    Typed typed = TYPED.get(command);
    String line = String.join(" ", line(typed.line));
    Process process = start(builder(List.of("/usr/bin/script", "-qec", line, "/dev/null")));
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(exitCode(process)).as(out).isZero();
    assertThat(out).contains(typed.word);
  }

  /** Only the terminal knows how wide it is. */
  @Test
  void fitsTheTerminal() throws Exception {
    assumeThat(Path.of("/usr/bin/script")).as("no pseudo-terminal: 'script' is missing").exists();
    String disable = "disable GET:/pay --reason " + "long-".repeat(30) + ON_FILE;
    String line = "stty cols 60; " + String.join(" ", line(disable));
    Process process = start(builder(List.of("/usr/bin/script", "-qec", line, "/dev/null")));
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(exitCode(process)).as(out).isZero();
    String shown = out.replaceAll("\u001b\\[[0-9;]*[mK]", "");
    assertThat(shown.lines().filter(text -> text.startsWith("GET:/pay")))
        .as(shown)
        .isNotEmpty()
        .allMatch(text -> text.length() <= 60 && text.contains("\u2026"));
  }

  private static List<String> line(String typed) {
    List<String> line = new ArrayList<>(List.of("bash", launcher.toString()));
    line.addAll(List.of(typed.strip().split(" +")));
    return line;
  }

  private ProcessBuilder builder(List<String> line) {
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SHIELD_"));
    builder.environment().put("HOME", directory.toString());
    return builder;
  }

  /** With a password on its standard input, for those that read one. */
  private static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write("a password of many letters\n".getBytes(UTF_8));
    }
    return process;
  }

  private static int exitCode(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
