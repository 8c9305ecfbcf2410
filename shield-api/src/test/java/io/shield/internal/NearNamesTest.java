package io.shield.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.Seeds;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Names that resemble one that nobody knows. */
class NearNamesTest {
  private static Snapshot knowing(Iterable<String> keys) {
    Map<DocumentKey, Versioned<?>> content = new HashMap<>();
    keys.forEach(
        key -> content.put(DocumentKey.state(key), new Versioned<>(RouteState.active(key), 1)));
    return Snapshot.of(new Head("epoch", 1, "id"), content);
  }

  /** What the plain algorithm finds, without any bound. */
  private static String expected(Iterable<String> keys, String route) {
    int limit = (route.length() - "GET:/".length() + 2) / 3;
    Map<String, Integer> distances = new HashMap<>();
    keys.forEach(key -> distances.put(key, distance(route, key)));
    List<String> near =
        distances.keySet().stream()
            .filter(key -> distances.get(key) <= limit)
            .sorted(
                Comparator.<String>comparingInt(distances::get)
                    .thenComparing(Comparator.naturalOrder()))
            .limit(3)
            .toList();
    return near.isEmpty() ? "Use 'shield status'" : "Did you mean " + String.join(", ", near) + "?";
  }

  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
        } else {
          int change = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
          d[i][j] = Math.min(change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private static String word(RandomGenerator random) {
    return "GET:/"
        + random
            .ints(random.nextInt(1, 9), 'a', 'd')
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
  }

  @Test
  void theyAreThoseThatThePlainAlgorithmFinds() {
    RandomGenerator random = Seeds.random("near names");
    for (int i = 0; i < 300; i++) {
      TreeSet<String> keys = new TreeSet<>();
      for (int k = random.nextInt(1, 30); k > 0; k--) {
        keys.add(word(random));
      }
      String route = word(random);
      assertThat(NearNames.unknown(knowing(keys), route))
          .hasMessageContaining(expected(keys, route));
    }
  }

  /** On a Shield Server, with the service forgotten. */
  @Test
  void aRouteWithoutServiceResemblesThatOfAnyService() {
    Snapshot known = knowing(List.of("billing:GET:/payments", "shop:GET:/cart", "shop:/carts"));
    assertThat(NearNames.unknown(known, "GET:/cart")).hasMessageContaining("mean shop:GET:/cart");
    assertThat(NearNames.unknown(known, "GET:/paymets"))
        .hasMessageContaining("mean billing:GET:/payments?");
    assertThat(NearNames.unknown(known, "/carts")).hasMessageContaining("shop:/carts");
  }

  @Test
  void whatIsNotAlikeIsNotOffered() {
    Snapshot known = knowing(List.of("GET:/a", "PUT:/bc", "GET:/pay", "/x"));
    for (String route : List.of("GET:/qrs", "/tuv", "DELETE:/qr", "billing:GET:/q")) {
      assertThat(NearNames.unknown(known, route)).hasMessageContaining("Use 'shield status'");
    }
    assertThat(NearNames.unknown(known, "POST:/pay")).hasMessageContaining("mean GET:/pay?");
    assertThat(NearNames.of("ab", List.of("xyz", "qr", "abc"), 3)).containsExactly("abc");
    assertThat(NearNames.of("prot", List.of("port", "path"), 3)).containsExactly("port");
  }

  @Test
  void aVeryLongNameIsComparedInPart() {
    Snapshot snapshot = knowing(List.of("GET:/" + "a".repeat(300)));
    assertThat(NearNames.unknown(snapshot, "GET:/" + "b".repeat(400)))
        .hasMessageContaining("shield status");
  }
}
