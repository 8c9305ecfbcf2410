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
}
