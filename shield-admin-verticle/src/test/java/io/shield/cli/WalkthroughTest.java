package io.shield.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says to type, against the demo in a process of its own. */
class WalkthroughTest {
  private static final String PASSWORD = "a password for the demo";
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @TempDir Path home;

  private DemoProcess demo;
  private String server;

  @BeforeEach
  void start() throws IOException {
    demo = new DemoProcess(home, Map.of("SHIELD_ADMIN_PASSWORD", PASSWORD), "demo", "--port", "0");
    server = "http://localhost:" + DemoProcess.port(demo.greeting());
  }

  @AfterEach
  void stop() {
    demo.close();
  }

  private Shell shell() {
    return new Shell(home)
        .set("SHIELD_SERVER_URL", server + "/shield")
        .set("SHIELD_PASSWORD", PASSWORD);
  }

  /** The lines to be typed in another terminal. */
  private static List<String> lines() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    String from = readme.substring(readme.indexOf("in another terminal:"));
    return from.lines()
        .skip(2)
        .takeWhile(line -> line.startsWith("    "))
        .map(String::strip)
        .toList();
  }

  private static String[] words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    return words.toArray(String[]::new);
  }

  private int get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server + path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
  }

  @Test
  void theReadme() throws Exception {
    List<String> lines = lines();
    assertThat(lines).hasSizeGreaterThanOrEqualTo(6);
    assertThat(get("/payments")).isEqualTo(200);
    Shell shell = shell();
    for (String line : lines) {
      if (line.startsWith("curl -i http://localhost:8080")) {
        String path = line.substring("curl -i http://localhost:8080".length());
        assertThat(get(path)).as(line).isEqualTo(503);
      } else if (line.equals("./shield watch")) {
        watch();
      } else {
        assertThat(line).startsWith("./shield ");
        assertThat(shell.run(words(line.substring("./shield ".length())))).as(shell.err()).isZero();
      }
    }
    assertThat(shell.out()).contains("GET:/payments", "DB swap", "admin", "maintenance_on");
  }

  private void watch() {
    Shell watching = shell();
    CompletableFuture<Integer> end =
        CompletableFuture.supplyAsync(() -> watching.sh("watch --count 1"));
    Shell changing = shell();
    await()
        .until(
            () -> {
              changing.sh("disable GET:/orders/:id --reason busy");
              return end.isDone();
            });
    assertThat(end.join()).as(watching.err()).isZero();
    assertThat(watching.out()).contains("GET:/orders/:id", "disabled", "busy");
  }

  /** At a real terminal, where the password is typed and results are coloured. */
  @Test
  void atATerminal() throws Exception {
    assumeThat(Path.of("/usr/bin/script")).as("no pseudo-terminal: 'script' is missing").exists();
    String output = atTerminal("login admin", PASSWORD + "\n");
    assertThat(output).contains("Password of admin: ", "admin").doesNotContain(PASSWORD);
    assertThat(home.resolve(".shield/config.json")).as("in HOME").exists();
    assertThat(atTerminal("status", "")).contains("\u001b[1mROUTE", "\u001b[32mactive");
    assertThat(atTerminal("status -o name", "")).contains("GET:/payments").doesNotContain("\u001b");
    assertThat(shell().sh("status")).isZero();
  }

  /** What a terminal shows of a command that is started as the launcher starts it. */
  private String atTerminal(String command, String typed) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String line =
        java
            + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dshield.terminal=012 "
            + Main.class.getName()
            + " "
            + command;
    ProcessBuilder builder = new ProcessBuilder("/usr/bin/script", "-qec", line, "/dev/null");
    builder.directory(home.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("SHIELD_"));
    builder.environment().remove("NO_COLOR");
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("SHIELD_SERVER_URL", server + "/shield");
    builder.environment().put("TERM", "xterm");
    builder.environment().put("HOME", home.toString());
    Process process = builder.start();
    StringWriter output = new StringWriter();
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(() -> read(process.inputReader(UTF_8), output));
    if (!typed.isEmpty()) {
      // From the prompt on, what is typed is not shown.
      await().atMost(Duration.ofMinutes(2)).until(() -> output.toString().contains("Password of"));
      process.getOutputStream().write(typed.getBytes(UTF_8));
      process.getOutputStream().flush();
    }
    boolean ended = process.waitFor(30, TimeUnit.SECONDS);
    process.destroyForcibly();
    reading.join();
    assertThat(ended).as("ends: %s", output).isTrue();
    assertThat(process.exitValue()).as(output.toString()).isZero();
    return output.toString();
  }

  private static void read(Reader reader, StringWriter output) {
    try {
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        output.write(c);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
