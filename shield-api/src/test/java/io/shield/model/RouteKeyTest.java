package io.shield.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteKeyTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "/payments, -, -, /payments",
        "/, -, -, /",
        "/*, -, -, /*",
        "/orders/:id, -, -, /orders/:id",
        "/orders/{id}, -, -, /orders/{id}",
        "/a:/b, -, -, /a:/b",
        "//x, -, -, //x",
        "/größe, -, -, /größe",
        "GET:/payments, -, GET, /payments",
        "GET:/, -, GET, /",
        "GET:/a:/b, -, GET, /a:/b",
        "GET:/orders/:id, -, GET, /orders/:id",
        "M-SEARCH:/x, -, M-SEARCH, /x",
        "VERSION_2:/x, -, VERSION_2, /x",
        "X:/x, -, X, /x",
        "payments-service:GET:/payments, payments-service, GET, /payments",
        "payments-service:/payments, payments-service, -, /payments",
        "pay:GET:/a:/b, pay, GET, /a:/b",
        "get:/payments, get, -, /payments",
        "Get:/payments, Get, -, /payments",
        "pay:get:/payments, pay:get, -, /payments",
        "team:pay:GET:/payments, team:pay, GET, /payments",
        "GET:GET:/payments, GET, GET, /payments",
        "9:/x, 9, -, /x",
        "-X:/x, -X, -, /x",
        "Übersicht:GET:/x, Übersicht, GET, /x",
      })
  void readsAllForms(String key, @Nullable String service, @Nullable String method, String path) {
    RouteKey parsed = RouteKey.parse(key);

    assertThat(parsed).isEqualTo(new RouteKey(service, method, path));
    assertThat(parsed).hasToString(key);
  }

  static List<String> bad() {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "",
                " ",
                "x",
                "payments",
                "GET",
                "GET:",
                "GET:payments",
                "GET /payments",
                "GET: /payments",
                " GET:/payments",
                ":",
                ":/",
                ":/payments",
                ":GET:/payments",
                " :/payments",
                "pay ments:/x",
                "pay:GET /x",
                "pay:GET:x",
                "a/b:/x",
                "a/b:GET:/x",
                "pay/GET:/x",
                "__shield:global__",
                "__shield:svc_global:pay__",
                "__shield:x:/x",
                "__shield:x:GET:/x",
                "/a b",
                "/a\tb",
                "/a\nb",
                "/a\r\nSet-Cookie: x",
                "/a\u0000b",
                "/a\u007fb",
                "/a\u0085b",
                "/a\u2028b",
                "/a\u00a0b",
                "/a ",
                "GET:/a b",
                "GE\nT:/a",
                "pa\u0001y:GET:/a",
                "pay\u00a0:/x",
                "\ud83d:/x",
                "/a\ud83d",
                "payments?x=/y",
                "PAY\n:/x",
                "/x:\u2029/y"));
    keys.add("/" + "x".repeat(RouteKey.MAX_LENGTH));
    keys.add("GET:/" + "x".repeat(RouteKey.MAX_LENGTH - 4));
    keys.add("s".repeat(101) + ":/x");
    keys.add("M".repeat(RouteKey.MAX_LENGTH) + ":/x");
    return keys;
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesWhatIsNoKey(String key) {
    assertThatThrownBy(() -> RouteKey.parse(key))
        .isInstanceOf(InvalidValueException.class)
        .message()
        .matches("(route|path|service|method): [^\\p{Cntrl}\u2028]* is not allowed, must be .+")
        .hasSizeLessThan(800);
    assertThat(bad()).hasSizeGreaterThanOrEqualTo(40);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theLongestKeyIsRead(int form) {
    String prefix = List.of("/", "GET:/", "payments:GET:/").get(form);
    String longest = prefix + "x".repeat(RouteKey.MAX_LENGTH - prefix.length());

    assertThatCode(() -> RouteKey.parse(longest)).doesNotThrowAnyException();
    assertThatThrownBy(() -> RouteKey.parse(longest + "x"))
        .hasMessageContaining("at most " + RouteKey.MAX_LENGTH);
  }

  /** Whatever can be built can be written and read again: two keys never share their text. */
  @Test
  void everyKeyThatCanBeBuiltIsReadBackFromItsText() {
    int built = 0;
    for (String service : services()) {
      for (String method : methods()) {
        for (String path : List.of("/", "/x", "/a:/b", "/GET:/x", "//", "/x/:id", "/:/", ":/x")) {
          RouteKey key;
          try {
            key = new RouteKey(service, method, path);
          } catch (InvalidValueException notAKey) {
            continue;
          }
          built++;
          assertThat(RouteKey.parse(key.toString())).isEqualTo(key);
        }
      }
    }
    assertThat(built).isGreaterThan(100);
  }

  private static List<@Nullable String> services() {
    List<@Nullable String> services =
        new ArrayList<>(
            List.of("pay", "GET", "pay:GET", "pay:get", "pay:", ":pay", "a:B:c", "PAY-1", "", ":"));
    services.add("s".repeat(100));
    services.add(null);
    return services;
  }

  private static List<@Nullable String> methods() {
    List<@Nullable String> methods =
        new ArrayList<>(List.of("GET", "M-SEARCH", "get", "GET:GET", "", "A1", "1A"));
    methods.add("M".repeat(RouteKey.MAX_LENGTH));
    methods.add(null);
    return methods;
  }

  @Test
  void aServiceIsNotTakenForAMethod() {
    assertThatThrownBy(() -> new RouteKey("PAY", null, "/x"))
        .hasMessageContainingAll("service", "'PAY'", "not all upper-case");
    assertThatThrownBy(() -> new RouteKey("team:PAY", null, "/x"))
        .hasMessageContainingAll("service", "'team:PAY'", "not all upper-case");
  }

  @Test
  void theMethodCanBeChanged() {
    RouteKey key = RouteKey.parse("pay:GET:/x");

    assertThat(key.withMethod("POST")).hasToString("pay:POST:/x");
    assertThat(key.withMethod(null)).hasToString("pay:/x");
    assertThat(RouteKey.of("GET", "/x")).hasToString("GET:/x");
    assertThat(RouteKey.of(null, "/x")).hasToString("/x");
  }

  @Test
  void knowsTheReserved() {
    assertThat(RouteKey.isReserved("__shield:global__")).isTrue();
    assertThat(RouteKey.isReserved("GET:/__shield:")).isFalse();
    assertThat(Objects.requireNonNull(RouteKey.checkService("pay"))).isEqualTo("pay");
  }
}
