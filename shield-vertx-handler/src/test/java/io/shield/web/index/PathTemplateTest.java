package io.shield.web.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTemplateTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          /a/b,        /a/b
          /a/(b),      /a/
          \\/a\\/b\\.x,   /a/b.x
          /ab*,        /a
          /ab?/c,      /a
          /ab+,        /a
          "/ab{2,}",   /a
          /a|/b,       ""
          ^/a,         ""
          (?i)/a,      ""
          /a\\d,        /a
          /a\\Qb,       /a
          /a\\,         /a
          .*,          ""
          "",          ""
          """)
  void theLiteralStartIsWhatEveryMatchBeginsWith(String regex, String start) {
    assertThat(PathTemplate.literalStart(regex)).isEqualTo(start);
  }

  @ParameterizedTest
  @CsvSource({
    "/a/:b/c, true",
    "/a.b/:c/$, true",
    "/a/:b-c, false",
    "/a/x:b, false",
    "/a/:b:c, false",
    "/a/b[1]/:c, false",
    "/a*/:c, false"
  })
  void aPlainTemplateHasWholeSegmentsOnly(String path, boolean plain) {
    assertThat(PathTemplate.isPlain(path)).isEqualTo(plain);
  }
}
