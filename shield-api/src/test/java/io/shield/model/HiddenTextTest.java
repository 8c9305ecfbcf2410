package io.shield.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.RouteAction;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import io.shield.internal.value.Hidden;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name does not look like another one, and a successor is a link and nothing else. */
class HiddenTextTest {
  private static void assertRefused(Runnable made) {
    assertThatThrownBy(made::run)
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("hidden or turn the direction")
        .hasMessageContaining("\\u");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0xad, 0x61c, 0x180e, 0x200b, 0x200d, 0x200e, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff})
  void namesAreFreeOfIt(int c) {
    String text = "a" + Character.toString(c) + "b";
    assertRefused(() -> Checks.visible("name", text));
    assertRefused(() -> new RouteAction.EnvGate(List.of(text), "", null));
    assertThat(RouteState.builder("/x").reason(text).build().reason()).isEqualTo(text);
    assertThat(Hidden.shown(text)).isEqualTo(String.format("a\\u%04xb", c));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/zahlungen/\u00e4\u00f6", "/\u652f\u6255\u3044", "/\ud83d\ude80"})
  void whatIsSeenIsFine(String path) {
    assertThat(RouteKey.parse(path).path()).isEqualTo(path);
    assertThat(Hidden.shown(path)).isSameAs(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/payments",
        "/v2/payments?x=1#y",
        "/v%202",
        "https://example.com/v2",
        "HTTP://[2001:db8::1]:8080/v2"
      })
  void successors(String text) {
    assertThat(new RouteAction.Deprecate(null, text, "", null).successorPath()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v2",
        "//evil.example/v2",
        "/\\evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com/",
        "https:/v2",
        "https://",
        "https://example.com@evil.example/",
        "/v2>; rel=x",
        "/v2\"",
        "/v 2",
        "/v%2",
        "/v\u202e2"
      })
  void othersAreNone(String text) {
    assertThatThrownBy(() -> new RouteAction.Deprecate(null, text, "", null))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("successor_path")
        .hasMessageContaining("http or https");
  }
}
