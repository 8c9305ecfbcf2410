package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.backend.file.FileBackendOptions;
import io.shield.fixtures.MutableClock;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page about this backend shows is what the backend does. */
class FileBackendPageTest {
  private static final String SHOWN_FILE = "/var/lib/payments/shield-state.json";
  private static final Path FILE = SimulatedDisk.DIRECTORY.resolve("shield-state.json");

  private final SimulatedDisk disk = new SimulatedDisk();
  private String page;

  @BeforeEach
  void read() throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    page = Files.readString(root.resolve("docs/file-backend.md"));
  }

  private String block(String language) {
    Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(page);
    assertThat(block.find()).as("a block of " + language).isTrue();
    return block.group(1);
  }

  /** Random ids and digests look alike. */
  private static String withoutChance(String text) {
    return text.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
        .replaceAll("\\b[0-9a-f]{16}\\b", "DIGEST");
  }

  @Test
  void theFileShownIsTheFileWritten() {
    RouteState state =
        RouteState.builder("GET:/payments")
            .status(RouteStatus.DISABLED)
            .reason("use /v2")
            .origin(Origin.RUNTIME)
            .build();
    AuditEntry entry =
        new AuditEntry(
            "7d1f2d14-147c-4812-a4e6-5ad29483fde0",
            MutableClock.START,
            "GET:/payments",
            null,
            "disable",
            "alice",
            "cli",
            "use /v2",
            RouteStatus.ACTIVE,
            RouteStatus.DISABLED,
            0,
            List.of(),
            null,
            false);
    try (TestStore store = TestStore.open(disk, FILE)) {
      store.accept(
          new Change(
              "request-1",
              List.of(new Edit(DocumentKey.state(state.path()), 0, state)),
              List.of(entry)));
    }

    assertThat(withoutChance(disk.text(FILE))).isEqualTo(withoutChance(block("json")));
    assertThat(disk.files())
        .extracting(file -> file.getFileName().toString().replace("shield-state.json", "FILE"))
        .containsExactlyInAnyOrder("FILE", "FILE.shield");
    assertThat(page).contains("`FILE.shield`", "`FILE.lock`", "`FILE.tmp`", "`FILE.shield.tmp`");
  }

  @Test
  void theFileShownIsRead() {
    disk.edit(FILE, block("json"));
    try (TestStore store = TestStore.open(disk, FILE)) {
      assertThat(store.state("GET:/payments").status()).isEqualTo(RouteStatus.DISABLED);
      assertThat(store.audit()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yaml", "toml"})
  void theShortestRouteShownIsRead(String language) {
    Path file = SimulatedDisk.DIRECTORY.resolve("state." + language);
    disk.edit(file, block(language));
    try (TestStore store = TestStore.open(disk, file)) {
      assertThat(store.state("GET:/payments").status()).isEqualTo(RouteStatus.DISABLED);
      assertThat(store.state("GET:/payments").reason()).isEqualTo("use /v2");
    }
  }

  @Test
  void theLogLineShownIsTheOneWritten() {
    try (TestStore store = TestStore.open(disk, FILE)) {
      disk.edit(FILE, block("json").replaceFirst("\"service\": null,", "\"service\": null"));
      store.poll();

      assertThat(store.log.warnings())
          .containsExactly(block("text").strip().replace(SHOWN_FILE, FILE.toString()));
    }
  }

  @Test
  void theSettingsShownAreThoseThereAre() {
    assertThat(block("sh")).contains("SHIELD_BACKEND=file\n", "SHIELD_FILE_PATH=" + SHOWN_FILE);
    assertThat(page)
        .contains("| `SHIELD_FILE_PATH` | `" + FileBackendOptions.DEFAULT_PATH + "` |")
        .contains("| `SHIELD_AUDIT_LIMIT` | `" + FileBackendOptions.DEFAULT_AUDIT_LIMIT + "` |")
        .contains("1 to " + FileBackendOptions.MAX_AUDIT_LIMIT + ";");
  }
}
