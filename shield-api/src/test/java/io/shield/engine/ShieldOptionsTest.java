package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldOptions;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.webhook.Webhook;
import io.shield.spi.ShieldBackend;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options: every property, in code and as JSON. */
class ShieldOptionsTest {
  /** Properties that are objects of the program and not part of JSON. */
  private static final List<String> NOT_IN_JSON =
      List.of("clock", "backendInstance", "rateLimitBackendInstance");

  private static List<Method> getters() {
    return Arrays.stream(ShieldOptions.class.getDeclaredMethods())
        .filter(method -> method.getName().startsWith("get"))
        .sorted(java.util.Comparator.comparing(Method::getName))
        .toList();
  }

  private static String property(Method getter) {
    String name = getter.getName().substring("get".length());
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private static Map<String, Object> values(ShieldOptions options) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Method getter : getters()) {
      try {
        values.put(property(getter), getter.invoke(options));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
    return values;
  }

  private static Object sample(Class<?> type) {
    if (type == String.class) {
      return "sample";
    }
    if (type == boolean.class) {
      return true;
    }
    if (type == Duration.class) {
      return Duration.ofMillis(1234);
    }
    if (type == ShieldOptions.ColdStart.class) {
      return ShieldOptions.ColdStart.WAIT;
    }
    if (type == InstantSource.class) {
      return MutableClock.create();
    }
    throw new AssertionError("no sample of " + type + ": add one");
  }

  /** Options with every property set to something that is not its default. */
  private static ShieldOptions full() {
    ShieldOptions options = new ShieldOptions();
    for (Method method : ShieldOptions.class.getDeclaredMethods()) {
      boolean setter = method.getName().startsWith("set");
      if (setter && method.getParameterTypes()[0] != ShieldBackend.class) {
        try {
          assertThat(method.invoke(options, sample(method.getParameterTypes()[0])))
              .as("%s returns the options", method)
              .isSameAs(options);
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(e.getMessage(), e);
        }
      }
    }
    return options
        .putSetting("SHIELD_FILE_PATH", "x.json")
        .putSetting("SHIELD_B", "2")
        .addWebhook(Webhook.of("ops", "https://h/").withEvents(List.of("disable")));
  }

  @Test
  void defaults() {
    assertThat(values(new ShieldOptions()))
        .containsEntry("name", null)
        .containsEntry("backend", null)
        .containsEntry("backendInstance", null)
        .containsEntry("rateLimitBackend", null)
        .containsEntry("rateLimitBackendInstance", null)
        .containsEntry("environment", null)
        .containsEntry("defaultEnvironment", "dev")
        .containsEntry("service", null)
        .containsEntry("coldStart", null)
        .containsEntry("bypassLifecycle", null)
        .containsEntry("bypassRateLimits", null)
        .containsEntry("strict", null)
        .containsEntry("settings", Map.of())
        .containsEntry("webhooks", List.of())
        .containsEntry("pollInterval", Duration.ofSeconds(1))
        .containsEntry("headInterval", Duration.ofSeconds(2))
        .containsEntry("changeTimeout", Duration.ofSeconds(6))
        .containsKey("clock");
  }

  @Test
  void theSamplesAreNotTheDefaults() {
    Map<String, Object> defaults = values(new ShieldOptions());
    Map<String, Object> full = values(full());
    assertThat(full.keySet()).isEqualTo(defaults.keySet());
    full.remove("backendInstance");
    full.remove("rateLimitBackendInstance");
    full.forEach(
        (property, value) ->
            assertThat(value).as(property).isNotNull().isNotEqualTo(defaults.get(property)));
  }

  @Test
  void aCopyHasEveryProperty() {
    ShieldOptions options = full();
    assertThat(values(new ShieldOptions(options))).isEqualTo(values(options));
    MemoryBackend store = MemoryBackend.create();
    ShieldOptions own = new ShieldOptions().setBackend(store);
    assertThat(new ShieldOptions(own).getBackendInstance()).isSameAs(store);
    ShieldOptions copy = new ShieldOptions(options);
    copy.putSetting("SHIELD_B", "3");
    assertThat(options.getSettings()).containsEntry("SHIELD_B", "2");
  }

  @Test
  void everyPropertySurvivesJson() {
    for (ShieldOptions options : List.of(full(), new ShieldOptions())) {
      JsonObject json = new JsonObject(options.toJson().encode());
      Map<String, Object> expected = values(options);
      Map<String, Object> read = values(new ShieldOptions(json));
      NOT_IN_JSON.forEach(
          property -> {
            expected.remove(property);
            read.remove(property);
          });
      assertThat(read).isEqualTo(expected);
    }
    List<String> inJson = new ArrayList<>(values(full()).keySet());
    inJson.removeAll(NOT_IN_JSON);
    assertThat(full().toJson().fieldNames()).containsExactlyInAnyOrderElementsOf(inJson);
  }

  @Test
  void whatIsNullInJsonIsNotSet() {
    JsonObject json = new JsonObject();
    full().toJson().fieldNames().forEach(json::putNull);
    Map<String, Object> read = values(new ShieldOptions(json));
    Map<String, Object> defaults = values(new ShieldOptions());
    NOT_IN_JSON.forEach(read::remove);
    NOT_IN_JSON.forEach(defaults::remove);
    assertThat(read).isEqualTo(defaults);
  }

  @Test
  void settingsAreReadOnly() {
    assertThatThrownBy(() -> new ShieldOptions().getSettings().put("SHIELD_A", "x"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void theLastBackendCounts() {
    MemoryBackend store = MemoryBackend.create();
    ShieldOptions options = new ShieldOptions().setBackend("file").setBackend(store);
    assertThat(options.getBackend()).isNull();
    assertThat(options.getBackendInstance()).isSameAs(store);
    options.setBackend("file");
    assertThat(options.getBackendInstance()).isNull();
  }

  private static void assertInvalid(Runnable setting, String... words) {
    assertThatThrownBy(setting::run)
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void badValuesAreRefusedWithTheFieldTheValueAndWhatIsAllowed() {
    ShieldOptions options = new ShieldOptions();
    assertInvalid(() -> options.setName("a b"), "name", "'a b'", "1 to 100 letters");
    assertInvalid(() -> options.setName(""), "name", "''");
    assertInvalid(() -> options.setName("x".repeat(101)), "name");
    assertInvalid(() -> options.setEnvironment(" "), "environment", "' '", "1 to 100");
    assertInvalid(() -> options.setDefaultEnvironment(""), "environment", "''");
    assertInvalid(() -> options.setService("a/b"), "service", "'a/b'", "without '/'");
    assertInvalid(() -> options.putSetting("HOME", "x"), "setting", "'HOME'", "SHIELD_");
    Duration little = Duration.ofMillis(9);
    Duration much = Duration.ofHours(1).plusMillis(1);
    for (Duration value : List.of(little, much, Duration.ZERO, Duration.ofSeconds(-1))) {
      String range = "between 10 ms and 1 hour";
      assertInvalid(() -> options.setPollInterval(value), "pollInterval", value + "", range);
      assertInvalid(() -> options.setHeadInterval(value), "headInterval", value + "", range);
      assertInvalid(() -> options.setChangeTimeout(value), "changeTimeout", value + "", range);
    }
    assertThat(values(options).get("name")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\": 5}                      | name             | a string",
        "{\"backend\": true}                | backend          | a string",
        "{\"coldStart\": \"warm\"}          | SHIELD_COLD_START| open, closed, wait",
        "{\"coldStart\": 1}                 | coldStart        | a string",
        "{\"bypassLifecycle\": \"false\"}   | bypassLifecycle  | true or false",
        "{\"bypassRateLimits\": 0}          | bypassRateLimits | true or false",
        "{\"strict\": 0}          | strict | true or false",
        "{\"settings\": []}                 | settings         | an object of strings",
        "{\"settings\": {\"SHIELD_A\": 1}}  | SHIELD_A         | a string",
        "{\"settings\": {\"PATH\": \"x\"}}  | setting          | SHIELD_",
        "{\"pollInterval\": \"1 s\"}        | pollInterval     | a whole number of milliseconds",
        "{\"headInterval\": 12.5}           | headInterval     | a whole number of milliseconds",
        "{\"changeTimeout\": 1}             | changeTimeout    | between 10 ms and 1 hour",
        "{\"colour\": \"red\"}              | 'colour'         | one of name, backend",
      })
  void badJsonIsRefusedWithTheFieldAndWhatIsAllowed(String json, String field, String allowed) {
    assertInvalid(() -> new ShieldOptions(new JsonObject(json)), field, allowed);
  }

  @Test
  void everySettingNamedInTheMessageIsOneAndTheOtherWayRound() {
    assertThatThrownBy(() -> new ShieldOptions(new JsonObject().put("colour", 1)))
        .hasMessageContainingAll(full().toJson().fieldNames().toArray(String[]::new));
  }
}
