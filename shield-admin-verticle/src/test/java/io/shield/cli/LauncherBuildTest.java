package io.shield.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher says while it builds, with a Maven that fails at once. */
@Timeout(120)
class LauncherBuildTest {
  @TempDir Path home;

  private Path errors;

  @BeforeEach
  void sources() throws IOException {
    assumeThat(Path.of("/usr/bin/flock")).as("there is no flock").exists();
    Files.copy(Path.of("../shield"), home.resolve("shield"));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Path maven = Files.writeString(home.resolve("mvn"), "#!/bin/sh\necho no build here\nexit 1\n");
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
    errors = home.resolve("errors");
  }

  private Process launched() throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", home + "/shield", "--help");
    String java = System.getProperty("java.home");
    builder.environment().put("JAVA_HOME", java);
    builder.environment().put("PATH", home + ":" + System.getenv("PATH"));
    return builder.redirectError(errors.toFile()).start();
  }

  private static int exitCode(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theFirstSaysWhatItDoes() throws Exception {
    assertThat(exitCode(launched())).isEqualTo(2);
    assertThat(errors)
        .content()
        .startsWith("Building Shield (first use or sources changed; the first time takes minutes)")
        .contains("no build here", "the build failed")
        .doesNotContain("Waiting");
  }

  @Test
  void theSecondSaysWhatItWaitsFor() throws Exception {
    String lock = home.resolve(".lib.lock").toString();
    Process first = new ProcessBuilder("flock", lock, "-c", "echo held; read line").start();
    try {
      assertThat(first.inputReader(UTF_8).readLine()).isEqualTo("held");
      Process second = launched();
      try {
        Awaitility.await()
            .untilAsserted(
                () ->
                    assertThat(errors)
                        .content()
                        .isEqualTo(
                            "Waiting for another ./shield, which builds what this one needs"
                                + " too...\n"));
        assertThat(second.isAlive()).isTrue();
        first.outputWriter(UTF_8).append("go\n").close();
        assertThat(exitCode(second)).isEqualTo(2);
        assertThat(errors).content().contains("Building Shield", "no build here");
      } finally {
        second.destroyForcibly();
      }
    } finally {
      first.destroyForcibly();
    }
  }
}
