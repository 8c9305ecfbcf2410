package shop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page quotes the sources that are tested here, word by word. */
class PageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "java src/main/java/shop/Shop.java",
        "java src/main/java/shop/Web.java",
        "java src/main/java/shop/Refusals.java",
        "json conf/shop.json",
        "json conf/service.json"
      })
  void quotesTheSource(String what) throws Exception {
    String language = what.split(" ", 2)[0];
    String source = Files.readString(Path.of(what.split(" ", 2)[1]));
    String page = Files.readString(Path.of("..", "docs", "add-it.md"));
    assertTrue(page.contains("```" + language + "\n" + source + "```"), "quotes " + what);
  }
}
