package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.backend.file.FileBackend;
import io.shield.backend.file.FileBackendOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose disk takes no writes enforces what it knows, and says that something is wrong. */
class DiskHealthTest {
  @TempDir Path directory;

  @Test
  void isDegradedUntilTheDiskTakesWritesAgain() throws IOException {
    Path store = Files.createDirectory(directory.resolve("store"));
    Path away = directory.resolve("away");
    FileBackend backend =
        FileBackend.create(new FileBackendOptions().setPath(store.resolve("s.json").toString()));
    try (RunningAdmin admin =
        new RunningAdmin(RunningAdmin.accounts(), backend, InstantSource.system())) {
      admin.register("GET:/payments");
      String token = admin.token("admin");
      assertThat(health(admin).get("status").textValue()).isEqualTo("up");
      Files.move(store, away);
      String disable = "/api/routes/disable?path=GET:/payments";
      assertThat(admin.send(token, "POST", disable, null).statusCode()).isEqualTo(503);
      assertThat(health(admin).get("status").textValue()).isEqualTo("degraded");
      assertThat(health(admin).get("problem").textValue()).contains("cannot be written");
      Files.move(away, store);
      await().until(() -> health(admin).get("status").textValue().equals("up"));
      assertThat(admin.send(token, "POST", disable, null).statusCode()).isEqualTo(200);
    }
  }

  private static JsonNode health(RunningAdmin admin) {
    return RunningAdmin.json(admin.send(null, "GET", "/health/ready", null));
  }
}
