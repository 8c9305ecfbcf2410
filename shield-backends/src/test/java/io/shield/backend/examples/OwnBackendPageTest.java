package io.shield.backend.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page quotes the sources that are tested here, word by word. */
class OwnBackendPageTest {
  private static final Path SOURCES = Path.of("src/test/java/io/shield/backend/examples");
  private static final int MOST_LINES = 150;

  private String page;

  @BeforeEach
  void read() throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    page = Files.readString(root.resolve("docs/own-backend.md"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Sqlite", "SqliteSimpleBackend", "SqliteBackend", "SqliteSimpleBackendTest"})
  void quotesTheSource(String name) throws Exception {
    String source = Files.readString(SOURCES.resolve(name + ".java"));

    assertThat(page).contains("```java\n" + source + "```");
    assertThat(source.lines().count()).isLessThan(MOST_LINES);
  }
}
