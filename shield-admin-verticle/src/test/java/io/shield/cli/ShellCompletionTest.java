package io.shield.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shield.admin.AdminOptions;
import io.shield.admin.RunningAdmin;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completion as real shells do it, with keys typed at a pseudo-terminal. */
class ShellCompletionTest {
  private static final int TIMEOUT_SECONDS = 120;

  @TempDir Path home;

  private RunningAdmin admin;

  @BeforeEach
  void start() throws IOException {
    admin = new RunningAdmin(new AdminOptions());
    admin.register("GET:/payments", "GET:/orders/:id", "POST:/orders", "GET:/search");
    command();
    for (String shell : List.of("bash", "zsh", "fish")) {
      Shell script = new Shell(home);
      assertThat(script.sh("completion " + shell)).isZero();
      Files.writeString(home.resolve("completion." + shell), script.out());
    }
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  /** A command that completes as ours, and for the rest shows its arguments. */
  private void command() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path bin = Files.createDirectory(home.resolve("bin"));
    Path command = bin.resolve("shield");
    Files.writeString(
        command,
        """
        #!/bin/sh
        if [ "$1" = __complete ]; then
          exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC %s "$@"
        fi
        printf '<%%s>' "$@"
        echo
        """
            .formatted(java, Main.class.getName()));
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
  }

  private static void require(String program) {
    boolean there =
        List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    assumeTrue(there, "'" + program + "' is not installed, so its completion was not tried");
  }

  private String run(String typed, String... words) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(words).directory(home.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("SHIELD_"));
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    environment.put("SHIELD_SERVER_URL", admin.url(""));
    environment.put("HOME", home.toString());
    environment.put("TERM", "dumb");
    environment.put("PATH", home.resolve("bin") + File.pathSeparator + System.getenv("PATH"));
    Path output = home.resolve("output");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    // Left open: at its end the terminal would be closed under the shell.
    process.getOutputStream().write(typed.getBytes(UTF_8));
    process.getOutputStream().flush();
    boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String shown = Files.readString(output);
    assertThat(ended).as("ends: %s", shown).isTrue();
    return shown;
  }

  /** A key at which nothing is offered within two seconds is pressed again by people too. */
  private void shows(Consumer<String> expected, String typed, String... words) {
    await().atMost(Duration.ofMinutes(4)).untilAsserted(() -> expected.accept(run(typed, words)));
  }

  @Test
  void bash() throws Exception {
    require("bash");
    require("script");
    String typed =
        """
        source completion.bash
        shield disable GET:/pay\t
        bin/shield disab\t --reason x GET:/orders/:\t
        shield status "POST\t
        shield status --output=js\t
        shield status --file completion.fi\t
        shield status GET:/\t\t
        exit
        """;
    shows(
        shown ->
            assertThat(shown)
                .contains(
                    "<disable><GET:/payments>",
                    "<disable><--reason><x><GET:/orders/:id>",
                    "<status><POST:/orders>",
                    "<status><--output=json>",
                    "<status><--file><completion.fish>")
                .containsPattern("/orders/:id +\\(active\\)"),
        typed,
        "script",
        "-qec",
        "bash --norc --noprofile -i",
        "/dev/null");
  }

  @Test
  void zsh() throws Exception {
    require("zsh");
    require("script");
    String typed =
        """
        autoload -U compinit; compinit -u -D; source completion.zsh
        shield disable GET:/pay\t
        bin/shield disab\t--reason x GET:/orders/:\t
        shield status "POST\t
        shield status --output=js\t
        exit
        """;
    shows(
        shown ->
            assertThat(shown)
                .contains(
                    "<disable><GET:/payments>",
                    "<disable><--reason><x><GET:/orders/:id>",
                    "<status><POST:/orders>",
                    "<status><--output=json>"),
        typed,
        "script",
        "-qec",
        "zsh -f -i",
        "/dev/null");
  }

  @Test
  void fish() throws Exception {
    require("fish");
    String script =
        "source completion.fish; complete -C 'shield disable GET:/pay';"
            + " complete -C 'bin/shield disab'; complete -C 'shield status --output=js'";
    shows(
        shown ->
            assertThat(shown.lines())
                .containsExactly(
                    "GET:/payments\tactive", "disable\tSwitches a route off.", "--output=json"),
        "",
        "fish",
        "--no-config",
        "-c",
        script);
  }
}
