package io.shield.web.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is missed here would be a route that is not found, and a gate that stands open. */
class RegionMapTest {
  private static final String LAST = "az09AZ-_.~ \u0000\u0085\u00e9\u0142\u20ac\ud83d\ude00";

  @Test
  void everyKeyIsFoundWhateverItsLengthAndItsLastCharacter() {
    Map<String, Integer> content = new LinkedHashMap<>();
    content.put("", -1);
    for (int length = 0; length < 200; length++) {
      for (int i = 0; i < LAST.length(); i++) {
        char last = LAST.charAt(i);
        content.put("x".repeat(length) + last, content.size());
      }
    }
    RegionMap<Integer> map = new RegionMap<>(content);
    content.forEach(
        (key, value) -> {
          assertThat(map.get(key, 0, key.length())).isEqualTo(value);
          String around = "/" + key + "/";
          assertThat(map.get(around, 1, 1 + key.length())).isEqualTo(value);
          assertThat(map.get(around, 0, around.length())).isNull();
        });
  }

  @Test
  void aKeyAloneIsFoundAndNothingElse() {
    for (int i = 0; i < LAST.length(); i++) {
      char last = LAST.charAt(i);
      String key = "/orders/" + last;
      RegionMap<String> map = new RegionMap<>(Map.of(key, "it"));
      assertThat(map.get(key, 0, key.length())).isEqualTo("it");
      assertThat(map.get(key, 0, key.length() - 1)).isNull();
      assertThat(map.get(key, 1, key.length())).isNull();
      assertThat(map.get("/order5/" + last, 0, key.length())).isNull();
      assertThat(map.get("/orders/" + (char) (last + 1), 0, key.length())).isNull();
    }
    assertThat(new RegionMap<String>(Map.of()).get("", 0, 0)).isNull();
  }

  /** Also where a part is as long as a key but for a multiple of 64, by which lengths are told. */
  @Test
  void whatAllKeysBeginWithIsNotReadBeyondAPart() {
    String start = "/segment".repeat(9);
    RegionMap<Integer> map = new RegionMap<>(Map.of(start + "/a", 1, start + "/bb", 2));
    String text = start + "/a";
    assertThat(map.get(text, 0, text.length())).isEqualTo(1);
    assertThat(map.get(text + "b", 0, text.length())).isEqualTo(1);
    assertThat(map.get(start + "/bb", 0, text.length() + 1)).isEqualTo(2);
    assertThat(map.get(text, 0, text.length() - 64)).isNull();
    assertThat(map.get(text + "a".repeat(64), 0, text.length() + 64)).isNull();
    assertThat(map.get(text, 1, text.length())).isNull();
    assertThat(map.get(start, 0, start.length())).isNull();
  }
}
