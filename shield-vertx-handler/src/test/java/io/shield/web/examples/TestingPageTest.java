package io.shield.web.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page quotes the sources that are tested here, word by word. */
class TestingPageTest {
  private static final Path SOURCES = Path.of("src/test/java/io/shield/web/examples");

  @ParameterizedTest
  @ValueSource(strings = {"PaymentsApi", "PaymentsApiTest"})
  void quotesTheSource(String name) throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    String source = Files.readString(SOURCES.resolve(name + ".java"));
    assertThat(Files.readString(root.resolve("docs/testing.md")))
        .contains("```java\n" + source + "```");
  }
}
