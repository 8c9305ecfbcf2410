package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command that ends prints what is its own, and no lines of a log beside it. */
@Timeout(120)
class OwnOutputTest {
  @TempDir Path directory;

  /** What the engine would log of it is a remark of the command. */
  @Test
  void aSettingThatNobodyReadsIsRemarked() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("state.json"),
            """
            {"states": {}, "audit": [], "rl_hits": [], "rl_policies": {}}
            """);
    Map<String, String> environment = Map.of("SHIELD_AUDIT_LIMTI", "5");
    try (DemoProcess status = new DemoProcess(directory, environment, "status", "--file=" + file)) {
      assertThat(status.exitCode()).isZero();
      assertThat(status.stderr().lines())
          .filteredOn(line -> !line.contains("waiting for"))
          .singleElement()
          .asString()
          .startsWith("shield: nobody reads SHIELD_AUDIT_LIMTI")
          .contains("SHIELD_AUDIT_LIMIT");
    }
  }

  @Test
  void aStoreThatDoesNotAnswerIsToldOnce() throws Exception {
    try (DemoProcess status =
        new DemoProcess(
            directory,
            Map.of(),
            "status",
            "--backend=redis",
            "--redis-url=redis://localhost:1",
            "--timeout=20s")) {
      assertThat(status.exitCode()).isEqualTo(6);
      assertThat(status.remainingLines()).isEmpty();
      assertThat(status.stderr()).contains("redis://localhost:1", "Connection refused");
      assertThat(status.stderr().lines()).allMatch(line -> line.startsWith("shield: "));
    }
  }
}
