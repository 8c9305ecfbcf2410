package io.shield.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.Seeds;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Trees by streams are those of Jackson's mapper, and so are their texts. */
class JsonTreeTest {
  private static final int TREES = 3000;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String ALPHABET = "{}[]\",:0123456789.-+eEtrufalsn \\\u00e9\ud83d\ude00";

  private final ObjectMapper mapper =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static JsonNode tree(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 8 : 10)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextInt());
      case 3 -> NODES.numberNode(random.nextLong());
      case 4 -> NODES.numberNode(new BigInteger(100, random));
      case 5 -> NODES.numberNode(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
      case 6, 7 -> NODES.textNode(text(random));
      case 8 -> {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(tree(random, depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(text(random), tree(random, depth - 1));
        }
        yield object;
      }
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  @Test
  void textsAndTreesAreThoseOfTheMapper() throws Exception {
    Random random = Seeds.random("JsonTreeTest trees");
    for (int i = 0; i < TREES; i++) {
      JsonNode tree = tree(random, 4);
      String text = ShieldJson.text(tree);
      assertThat(text).isEqualTo(tree.toString());
      assertThat(ShieldJson.parse("it", text)).as(text).isEqualTo(mapper.readTree(text));
    }
  }

  @Test
  void whatTheMapperRefusesIsRefused() {
    Random random = Seeds.random("JsonTreeTest damaged");
    int refused = 0;
    for (int i = 0; i < TREES; i++) {
      StringBuilder damaged = new StringBuilder(ShieldJson.text(tree(random, 3)));
      int at = random.nextInt(damaged.length() + 1);
      damaged.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      String text = damaged.toString();
      JsonNode expected = null;
      try {
        expected = mapper.readTree(text);
      } catch (JsonProcessingException notJson) {
        refused++;
      }
      if (expected == null) {
        assertThatThrownBy(() -> ShieldJson.parse("it", text))
            .as(text)
            .isInstanceOf(InvalidValueException.class);
      } else {
        assertThat(ShieldJson.parse("it", text)).as(text).isEqualTo(expected);
      }
    }
    assertThat(refused).isBetween(TREES / 10, TREES - TREES / 10);
  }

  @Test
  void whatFollowsTheValueIsTold() {
    assertThatThrownBy(() -> ShieldJson.parse("it", "{\"a\": 1}\n {}"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("line 2, column 2: more follows behind the value");
  }
}
