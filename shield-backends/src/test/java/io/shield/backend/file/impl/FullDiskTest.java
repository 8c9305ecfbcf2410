package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that can write no more is refused its changes and goes on. */
class FullDiskTest {
  private static final int LIMIT_KIB = 64;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void needsAShell() {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "limits are set by a shell");
    file = directory.resolve("state.json");
  }

  @Test
  void aChangeThatDoesNotFitIsRefusedAndSmallerOnesGoOn() throws Exception {
    try (ChildProcess child = ChildProcess.startLimited(file, LIMIT_KIB)) {
      child.expect("ready");
      assertThat(child.ask("open")).isEqualTo("opened 1");
      assertThat(child.ask("set GET:/a first")).isEqualTo("ACK 2");
      byte[] before = Files.readAllBytes(file);
      int size = before.length;

      String refusal = child.ask("fill " + LIMIT_KIB * 1024);

      assertThat(refusal).startsWith("ChangeRefusedException " + file + " cannot be written: ");
      assertThat(refusal).contains("File too large").endsWith("nothing was changed");
      assertThat(Files.readAllBytes(file)).isEqualTo(before).hasSize(size);
      assertThat(child.ask("show GET:/a")).isEqualTo("has 5");
      assertThat(child.ask("set GET:/a second")).isEqualTo("ACK 3");
      assertThat(directory.toFile().list())
          .containsExactlyInAnyOrder("state.json", "state.json.shield", "state.json.lock");
    }
  }

  @Test
  void afterSpaceReturnedTheSameChangeWorks() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit lifts the limit");
    try (ChildProcess child = ChildProcess.startLimited(file, LIMIT_KIB)) {
      child.expect("ready");
      assertThat(child.ask("open")).isEqualTo("opened 1");
      assertThat(child.ask("fill " + LIMIT_KIB * 1024)).startsWith("ChangeRefusedException ");

      child.unlimit();

      assertThat(child.ask("fill " + LIMIT_KIB * 1024)).isEqualTo("ACK 2");
    }
    try (TestStore store = TestStore.open(NioFileOps.INSTANCE, file)) {
      assertThat(store.image().snapshot().documents()).containsOnlyKeys("large");
    }
  }
}
