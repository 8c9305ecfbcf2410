package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command that ends prints what is its own, and no lines of a log beside it. */
@Timeout(120)
class OwnOutputTest {
  @TempDir Path directory;

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
