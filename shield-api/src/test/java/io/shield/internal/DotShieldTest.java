package io.shield.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code .shield} file. */
class DotShieldTest {
  @TempDir Path directory;

  private Map<String, String> read(String content) throws IOException {
    Files.writeString(directory.resolve(".shield"), content);
    return DotShield.find(directory);
  }

  @Test
  void namesAndValues() throws IOException {
    assertThat(read("SHIELD_ENV=staging\nSHIELD_APP_ID = billing \n"))
        .isEqualTo(Map.of("SHIELD_ENV", "staging", "SHIELD_APP_ID", "billing"));
  }

  @Test
  void commentsEmptyLinesAndExport() throws IOException {
    assertThat(
            read(
                """
                # our settings

                   # indented
                export SHIELD_ENV=staging
                export \t SHIELD_APP_ID=billing # who we are
                SHIELD_A=#nothing
                SHIELD_B=a#b
                """))
        .isEqualTo(
            Map.of(
                "SHIELD_ENV", "staging",
                "SHIELD_APP_ID", "billing",
                "SHIELD_A", "",
                "SHIELD_B", "a#b"));
  }

  @Test
  void linesMayEndAsOnWindows() throws IOException {
    assertThat(read("A=1\r\n\r\nB=\"2\"\r\n")).isEqualTo(Map.of("A", "1", "B", "2"));
  }

  @Test
  void quotes() throws IOException {
    assertThat(
            read(
                """
                A="two words"
                B='single # no comment'
                C="a=b" # comment
                D=""
                E=it's
                F="it's"
                """))
        .isEqualTo(
            Map.of(
                "A", "two words",
                "B", "single # no comment",
                "C", "a=b",
                "D", "",
                "E", "it's",
                "F", "it's"));
  }

  @Test
  void theLastOfTwoCounts() throws IOException {
    assertThat(read("A=1\nA=2\n")).isEqualTo(Map.of("A", "2"));
  }

  @Test
  void theNearestFileAboveIsFound() throws IOException {
    Path deep = Files.createDirectories(directory.resolve("a/b/c"));
    Files.writeString(directory.resolve(".shield"), "A=top\nB=top\n");
    assertThat(DotShield.find(deep)).isEqualTo(Map.of("A", "top", "B", "top"));
    Files.writeString(directory.resolve("a/.shield"), "A=nearer\n");
    assertThat(DotShield.find(deep)).isEqualTo(Map.of("A", "nearer"));
    // A directory of that name is not meant.
    Files.createDirectory(deep.resolve(".shield"));
    assertThat(DotShield.find(deep)).isEqualTo(Map.of("A", "nearer"));
  }

  @Test
  void noFileIsNoSetting() {
    assertThat(DotShield.find(directory)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHIELD_ENV", "=staging", "SHIELD ENV=x", "A=\"open", "A='x' y", "1A=x"})
  void aBadLineIsNamedWithItsFile(String line) {
    assertThatThrownBy(() -> read("A=1\n\n" + line + "\nB=2\n"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll(
            directory.resolve(".shield") + " line 3", "'" + line + "'", "NAME=value");
  }

  @Test
  void aFileThatIsNoTextIsReported() throws IOException {
    Files.write(directory.resolve(".shield"), "A=\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> DotShield.find(directory))
        .isInstanceOf(ShieldException.class)
        .hasMessageContainingAll("cannot read", directory.resolve(".shield").toString());
  }
}
