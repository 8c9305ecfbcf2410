package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.AdminOptions;
import io.shield.admin.RunningAdmin;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is planned, and what falls into the same time. */
class ScheduleListTest {
  @TempDir Path directory;

  private RunningAdmin admin;
  private Shell shell;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(new AdminOptions());
    admin.register("GET:/a", "GET:/b", "shop:GET:/c");
    shell = new Shell(directory).set("SHIELD_SERVER_URL", admin.url(""));
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private void sh(String line) {
    assertThat(shell.sh(line)).as("%s: %s", line, shell.err()).isZero();
  }

  @Test
  void theNextFirstWithWhatOverlaps() {
    sh("schedule list");
    assertThat(shell.out()).contains("Nothing is planned");
    sh("schedule GET:/a --start 2090-01-02T00:00Z --for 2h --reason second");
    sh("schedule GET:/a --start 2090-01-01T00:00Z --for 2h --reason first --add");
    sh("schedule GET:/b --start 2090-01-01T01:00Z --for 2h");
    sh("schedule shop:GET:/c --start 2090-01-01T02:00Z --for 1h");
    sh("disable GET:/b --until 2089-01-01T00:00Z --reason gone");
    sh("schedule list -o json");
    JsonArray items = shell.jsonList();
    assertThat(items.stream().map(item -> ((JsonObject) item).getString("path")))
        .containsExactly("GET:/b", "GET:/a", "GET:/b", "shop:GET:/c", "GET:/a");
    assertThat(items.getJsonObject(0).getString("kind")).isEqualTo("until");
    assertThat(items.getJsonObject(0).getString("status")).isEqualTo("active");
    assertThat(items.getJsonObject(0).getBoolean("in_force")).isTrue();
    assertThat(items.getJsonObject(1).getString("reason")).isEqualTo("first");
    assertThat(items.getJsonObject(1).getJsonArray("overlaps")).containsExactly("GET:/b");
    assertThat(items.getJsonObject(2).getJsonArray("overlaps"))
        .containsExactlyInAnyOrder("GET:/a", "shop:GET:/c");
    assertThat(items.getJsonObject(4).getJsonArray("overlaps")).isEmpty();
    sh("schedule list --service shop -o name");
    assertThat(shell.out().strip()).isEqualTo("shop:GET:/c");
    assertThat(shell.sh("schedule GET:/a --start 2090-01-01T01:00Z --for 2h --add")).isEqualTo(5);
    assertThat(shell.sh("schedule GET:/a --cancel --add")).isEqualTo(2);
  }
}
