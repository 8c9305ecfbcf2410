package io.shield.admin.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.shield.fixtures.Seeds;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which keys a glob means, and that none takes longer than another. */
class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "GET:/v1/*,GET:/v1/a,true",
    "GET:/v1/*,GET:/v1/,true",
    "GET:/v1/*,GET:/v1/a/b,false",
    "GET:/v1/**,GET:/v1/a/b,true",
    "**/b,GET:/v1/a/b,true",
    "*:/v1/?,POST:/v1/a,true",
    "*:/v1?a,POST:/v1/a,false",
    "GET:/a.b,GET:/aXb,false",
    "GET:/a(b,GET:/a(b,true",
    "GET:/?,GET:/\uD83D\uDE00,true",
    "GET:/a,GET:/ab,false"
  })
  void meansTheseKeys(String glob, String key, boolean expected) {
    assertThat(Glob.of(glob).matches(key)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"8,10,20000", "200,300,2000"})
  void agreesWithTheSameRegularExpression(int globLength, int keyLength, int times) {
    Random random = Seeds.random("globs");
    for (int i = 0; i < times; i++) {
      String glob = text(random, times > 2000 ? "ab/*?" : "aaaaaaaaaaaaaaaaaaaaaaa*", globLength);
      String key = text(random, times > 2000 ? "ab/" : "aaaaaaaaaaa/", keyLength);
      boolean expected = Pattern.matches(regex(glob), key);
      assertThat(Glob.of(glob).matches(key)).as("%s on %s", glob, key).isEqualTo(expected);
    }
  }

  private static String text(Random random, String letters, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(longest); i > 0; i--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  private static String regex(String glob) {
    return glob.replaceAll("\\*{2,}", "#")
        .replace("*", "[^/]*")
        .replace("#", ".*")
        .replace("?", "[^/]");
  }

  /** As many as a service may register, ten times over: place by place they outlast the limit. */
  @ParameterizedTest
  @CsvSource({"*a", "**a", "*?", "*a**b", "?*"})
  @Timeout(60)
  void manyStarsAgainstLongKeys(String part) {
    Glob glob = Glob.of(part.repeat(500 / part.length()) + "!");
    String key = "a".repeat(512);
    boolean matched = false;
    for (int i = 0; i < 100_000; i++) {
      matched |= glob.matches(key);
    }
    assertThat(matched).isFalse();
  }

  @Test
  void mustBeAsLongAsAKeyCanBe() {
    for (String bad : new String[] {"", "a".repeat(513)}) {
      assertThatThrownBy(() -> Glob.of(bad))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContaining("glob")
          .hasMessageContaining("512");
    }
  }
}
