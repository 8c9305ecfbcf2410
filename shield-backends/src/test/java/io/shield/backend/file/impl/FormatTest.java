package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.ShieldException;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatTest {
  @ParameterizedTest
  @ValueSource(strings = {"state", "state.txt", "state.json.bak", ".jsonl", "json"})
  void otherExtensionsAreRefusedWithTheList(String name) {
    assertThatThrownBy(() -> Format.of(Path.of(name)))
        .isInstanceOf(ShieldException.class)
        .hasMessageContaining("'" + name + "'")
        .hasMessageContaining(".json, .yaml, .yml or .toml");
  }

  @ParameterizedTest
  @CsvSource({
    "a.json, JsonFormat",
    "a.YAML, YamlFormat",
    "a.yml, YamlFormat",
    "a.toml, TomlFormat",
  })
  void theExtensionNamesTheFormat(String name, String format) {
    assertThat(Format.of(Path.of(name)).getClass().getSimpleName()).isEqualTo(format);
  }

  @ParameterizedTest
  @CsvSource({"a.yaml, jackson-dataformat-yaml", "a.toml, jackson-dataformat-toml"})
  void aMissingArtifactIsNamed(String name, String artifact) throws Exception {
    try (URLClassLoader without = classPathWithout("jackson-dataformat")) {
      Class<?> options = without.loadClass("io.shield.backend.file.FileBackendOptions");
      Object given = options.getConstructor().newInstance();
      options.getMethod("setPath", String.class).invoke(given, name);
      Class<?> backend = without.loadClass("io.shield.backend.file.FileBackend");

      assertThatThrownBy(() -> backend.getMethod("create", options).invoke(null, given))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .hasMessageContaining("com.fasterxml.jackson.dataformat:" + artifact)
          .hasMessageContaining("'" + name + "'");

      options.getMethod("setPath", String.class).invoke(given, "a.json");
      assertThat(backend.getMethod("create", options).invoke(null, given)).isNotNull();
    }
  }

  private static URLClassLoader classPathWithout(String artifact) {
    URL[] urls =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains(artifact))
            .flatMap(FormatTest::url)
            .toArray(URL[]::new);
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  private static Stream<URL> url(String entry) {
    try {
      return Stream.of(new File(entry).toURI().toURL());
    } catch (MalformedURLException e) {
      return Stream.empty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.yaml", "a.toml"})
  void whatIsWrittenIsReadBack(String name) throws Exception {
    ObjectNode tree =
        (ObjectNode)
            new ObjectMapper()
                .readTree(
                    """
                    {"empty": {}, "none": [], "texts": ["", "no", "1", "2030-01-01", "a\\nb: #c", "'\\""],
                     "odd 'key': \\"": {"": 1, "é🛡": true}, "list": [{"a": 1, "b": [{"c": -5}]}, {}],
                     "after": {"x": 12345678901}}
                    """);
    Format format = Format.of(Path.of(name));

    assertThat(format.parse(format.render(tree))).isEqualTo(tree);
  }

  @Test
  void tomlLeavesNullsOut() throws Exception {
    ObjectNode tree = (ObjectNode) new ObjectMapper().readTree("{\"a\":null,\"b\":[{\"c\":null}]}");
    TomlFormat toml = new TomlFormat();

    assertThat(toml.parse(toml.render(tree)).toString()).isEqualTo("{\"b\":[{}]}");
  }

  @Test
  void yamlMayBeLargerThanItsLibraryAllowsByDefault() throws Exception {
    YamlFormat yaml = new YamlFormat();
    ObjectNode tree = new ObjectMapper().createObjectNode().put("large", "x".repeat((3 << 20) + 1));

    assertThat(yaml.parse(yaml.render(tree))).isEqualTo(tree);
  }

  @ParameterizedTest
  @CsvSource({"a.json", "a.yaml"})
  void aNameGivenTwiceIsASlip(String name) {
    String text = name.endsWith("json") ? "{\"a\": 1, \"a\": 2}" : "a: 1\na: 2\n";
    assertThatThrownBy(() -> Format.of(Path.of(name)).parse(text))
        .isInstanceOf(UnreadableException.class)
        .hasMessageContaining("Duplicate field 'a'");
  }

  /** For who has to mend it: the line of the problem and what it is, in one plain sentence. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "a.json | {'states': {~'a': 1] | a.json, line 2, column 7: Unexpected close marker ']':"
            + " expected '}' (for Object starting at line: 1, column: 12)",
        "a.json | {'states': {~'a': 1 | a.json, line 3, column 1: Unexpected end-of-input:"
            + " expected close marker for Object (start marker at line: 1, column: 12)",
        "a.yaml | states: {a: 1 | a.yaml, line 2, column 1: expected ',' or '}', but got"
            + " <stream end> while parsing a flow mapping",
        "a.yaml | states:~  a: 1~  b~c: 2 | a.yaml, line 4, column 1: could not find expected ':'"
            + " while scanning a simple key",
        "a.yaml | states:~  `b: 1 | a.yaml, line 2, column 3: found character '`' that cannot"
            + " start any token. (Do not use ` for indentation) while scanning for the next token",
        "a.yaml | a: &x why~b: *x | a.yaml, line 2, column 6: aliases (*x) are not allowed: write"
            + " the value out",
        "a.toml | a = 1~b = ~c = 2 | a.toml, line 2, column 5: Newline not permitted here",
      })
  void aBrokenTextIsToldInOneSentence(String name, String text, String problem) {
    String content = (name.endsWith("json") ? text.replace('\'', '"') : text).replace('~', '\n');

    assertThatThrownBy(() -> Format.of(Path.of(name)).parse(content + "\n"))
        .isInstanceOfSatisfying(
            UnreadableException.class, e -> assertThat(e.in(Path.of(name))).isEqualTo(problem));
  }

  @Test
  void aSecondYamlDocumentIsASlip() {
    assertThatThrownBy(() -> new YamlFormat().parse("a: 1\n---\nb: 2\n"))
        .isInstanceOf(UnreadableException.class);
  }

  @Test
  void deepNestingIsRefusedWithoutHarm() {
    assertThatThrownBy(() -> new JsonFormat().parse("{\"a\":" + "[".repeat(10_000)))
        .isInstanceOf(UnreadableException.class);
    assertThatThrownBy(() -> new YamlFormat().parse("a: " + "[".repeat(10_000)))
        .isInstanceOf(UnreadableException.class);
    assertThatThrownBy(() -> new TomlFormat().parse("a = " + "[".repeat(10_000)))
        .isInstanceOf(UnreadableException.class);
  }

  @Test
  void digestsDoNotDependOnOrderNullsOrTheFormOfNumbers() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    String digest = Canonical.digest(mapper.readTree("{\"a\":1,\"b\":[2.0]}"));

    assertThat(Canonical.digest(mapper.readTree("{\"b\":[2,null],\"c\":null,\"a\":1.0}")))
        .isEqualTo(digest);
    assertThat(Canonical.digest(mapper.readTree("{\"a\":1,\"b\":[3]}"))).isNotEqualTo(digest);
    assertThat(Canonical.digest(mapper.readTree("{\"a\":\"1\",\"b\":[2]}"))).isNotEqualTo(digest);
    assertThat(Canonical.digest(mapper.readTree("{\"a\":1e999999999}"))).isNotEmpty();
  }
}
