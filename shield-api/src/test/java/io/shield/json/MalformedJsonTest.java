package io.shield.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.model.RouteStatus;
import io.shield.model.store.DocumentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON that is none, or has a field of a wrong type or value. */
class MalformedJsonTest {
  private static final String WINDOW =
      "{'start': '2030-01-01T00:00:00Z', 'end': '2030-01-01T01:00:00Z', 'reason': 'db'}";

  /** One complete object of each form, with every field that can be read. */
  private static final Map<String, String> COMPLETE =
      Map.of(
          "state",
          "{'path': 'GET:/x', 'service': 'pay', 'status': 'disabled', 'base_status': 'disabled',"
              + " 'reason': 'r', 'allowed_envs': ['dev'], 'allowed_roles': ['ops'],"
              + " 'allowed_ips': ['10.0.0.0/8'], 'window': "
              + WINDOW
              + ", 'sunset_date': '2031-01-01T00:00:00Z', 'successor_path': '/v2/x',"
              + " 'rollout_percentage': 100, 'force_active': false,"
              + " 'until': '2030-01-02T00:00:00Z', 'canary_percentage': 5,"
              + " 'deprecated_at': '2029-01-01T00:00:00Z', 'since': '2029-01-01T00:00:00Z',"
              + " 'version': 3, 'origin': 'code'}",
          "window",
          WINDOW,
          "maintenance",
          "{'enabled': true, 'reason': 'r', 'exempt_paths': ['/health'],"
              + " 'include_force_active': false}",
          "policy",
          "{'path': '/x', 'method': 'GET', 'limit': '5/minute', 'algorithm': 'fixed_window',"
              + " 'key_strategy': 'ip', 'on_missing_key': 'block', 'burst': 1,"
              + " 'tiers': [{'name': 'gold', 'limit': '9/minute'}], 'tier_resolver': 'plan',"
              + " 'exempt_ips': ['10.0.0.1'], 'exempt_roles': ['ops'],"
              + " 'enabled': true, 'shadow': false, 'max_concurrent': 2, 'cost': 1,"
              + " 'origin': 'code'}",
          "tiers",
          "{'name': 'gold', 'limit': '9/minute'}",
          "global policy",
          "{'limit': '5/minute', 'algorithm': 'fixed_window', 'key_strategy': 'ip',"
              + " 'on_missing_key': 'block', 'burst': 1, 'exempt_routes': ['/x'],"
              + " 'enabled': true, 'shadow': true, 'max_concurrent': 2, 'cost': 1}",
          "hit",
          "{'id': '1', 'timestamp': '2030-01-01T00:00:00Z', 'path': '/x', 'method': 'GET',"
              + " 'key': 'k', 'limit': '5/minute', 'tier': 'gold',"
              + " 'reset_at': '2030-01-01T00:01:00Z', 'count': 2,"
              + " 'last_hit_at': '2030-01-01T00:00:01Z', 'shadow': true}",
          "audit entry",
          "{'id': '1', 'timestamp': '2030-01-01T00:00:00Z', 'path': 'GET:/x', 'service': 'pay',"
              + " 'action': 'enable', 'actor': 'alice', 'platform': 'cli', 'reason': 'r',"
              + " 'previous_status': 'disabled', 'new_status': 'active', 'revision': 4,"
              + " 'changes': [{'field': 'status', 'before': 'disabled', 'after': 'active'}],"
              + " 'on_behalf_of': 'bob', 'reported': true}",
          "changes",
          "{'field': 'status', 'before': 'disabled', 'after': 'active'}",
          "head",
          "{'epoch': 'e', 'revision': 1, 'commit_id': 'c'}");

  private static final List<String> JUNK =
      List.of(
          "42",
          "-1",
          "1.5",
          "99999999999999999999",
          "true",
          "''",
          "'junk'",
          "'\\u0001'",
          "[]",
          "['x']",
          "['x','x']",
          "[1]",
          "[null]",
          "[{}]",
          "{}",
          "{'x':1}");

  private static ObjectNode json(String singleQuoted) {
    return (ObjectNode) ShieldJson.parse("test", singleQuoted.replace('\'', '"'));
  }

  private static JsonNode value(String singleQuoted) {
    return ShieldJson.parse("test", singleQuoted.replace('\'', '"'));
  }

  /** Reads an object of the named form; parts are read inside what they are a part of. */
  private static Object read(String form, JsonNode node) {
    return switch (form) {
      case "state" -> ShieldJson.readRouteState(node);
      case "window" -> ShieldJson.readRouteState(json(COMPLETE.get("state")).set("window", node));
      case "maintenance" -> ShieldJson.readMaintenanceMode(node);
      case "policy" -> ShieldJson.readRateLimitPolicy(node);
      case "tiers" -> {
        ObjectNode policy = json(COMPLETE.get("policy"));
        policy.putArray("tiers").add(node);
        yield ShieldJson.readRateLimitPolicy(policy);
      }
      case "global policy" -> ShieldJson.readGlobalRateLimitPolicy(node);
      case "hit" -> ShieldJson.readRateLimitHit(node);
      case "audit entry" -> ShieldJson.readAuditEntry(node);
      case "changes" -> {
        ObjectNode entry = json(COMPLETE.get("audit entry"));
        entry.putArray("changes").add(node);
        yield ShieldJson.readAuditEntry(entry);
      }
      case "head" -> ShieldJson.readHead(node);
      default -> throw new AssertionError(form);
    };
  }

  static Iterable<String> forms() {
    return COMPLETE.keySet();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theCompleteObjectIsRead(String form) {
    assertThat(read(form, json(COMPLETE.get(form)))).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void unknownFieldsAreIgnored(String form) {
    ObjectNode node = json(COMPLETE.get(form));
    Object plain = read(form, node);
    node.set("x_unknown", json("{'a': [1, null]}"));

    assertThat(read(form, node)).isEqualTo(plain);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void whatIsNoObjectIsRefusedByName(String form) {
    for (String junk : List.of("42", "true", "'junk'", "[]", "[1]")) {
      assertThatThrownBy(() -> read(form, value(junk)))
          .as(junk)
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContainingAll(form.replace("global ", ""), "a JSON object");
    }
  }

  /** Whatever stands in whichever field: it is read, or refused by the one kind of error. */
  @ParameterizedTest
  @MethodSource("forms")
  void junkInAnyFieldIsReadOrRefusedClearly(String form) {
    List<String> refused = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : json(COMPLETE.get(form)).properties()) {
      String field = entry.getKey();
      for (String junk : JUNK) {
        ObjectNode node = json(COMPLETE.get(form));
        node.set(field, value(junk));
        Throwable error = catchThrowable(() -> read(form, node));
        if (error != null) {
          assertThat(error).as("%s = %s", field, junk).isInstanceOf(InvalidValueException.class);
          assertThat(error.getMessage().chars()).as(junk).noneMatch(Character::isISOControl);
          refused.add(field);
        }
      }
    }
    assertThat(refused).as("fields that refuse something").isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void nullIsReadLikeAbsent(String form) {
    for (Map.Entry<String, JsonNode> field : json(COMPLETE.get(form)).properties()) {
      ObjectNode absent = json(COMPLETE.get(form));
      absent.remove(field.getKey());
      ObjectNode isNull = json(COMPLETE.get(form));
      isNull.putNull(field.getKey());
      assertThat(outcome(form, isNull)).as(field.getKey()).isEqualTo(outcome(form, absent));
    }
  }

  private static Object outcome(String form, JsonNode node) {
    try {
      return read(form, node);
    } catch (InvalidValueException e) {
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "state | path | null | path | given",
        "state | path | 7 | path | a string",
        "state | path | 'x' | route | METHOD:/path",
        "state | service | 7 | service | a string",
        "state | status | 'open' | status | one of active, maintenance, disabled",
        "state | status | 'ACTIVE' | status | one of active, maintenance, disabled",
        "state | status | true | status | a string",
        "state | base_status | 'open' | status | one of active, maintenance, disabled",
        "state | reason | [] | reason | a string",
        "state | allowed_envs | 'dev' | allowed_envs | a list",
        "state | allowed_envs | [1] | allowed_envs | a list of strings",
        "state | allowed_roles | {} | allowed_roles | a list",
        "state | allowed_ips | 1 | allowed_ips | a list",
        "state | window | 'now' | window | a JSON object",
        "window | start | null | start | given",
        "window | end | null | end | given",
        "window | start | 'x' | start | an ISO-8601 time",
        "window | end | '2030-01-01T00:00:00Z' | end | later than start",
        "window | end | '2029-12-31T23:00:00Z' | end | later than start",
        "window | reason | 1 | reason | a string",
        "state | sunset_date | 1 | sunset_date | a string",
        "state | successor_path | 1 | successor_path | a string",
        "state | rollout_percentage | 101 | rollout_percentage | between 0 and 100",
        "state | rollout_percentage | 1.5 | rollout_percentage | a whole number",
        "state | rollout_percentage | 4294967296 | rollout_percentage | 32 bits",
        "state | force_active | 'true' | force_active | true or false",
        "state | force_active | 1 | force_active | true or false",
        "state | until | 'soon' | until | an ISO-8601 time",
        "state | until | 1893456000 | until | a string",
        "state | until | '+10000-01-01T00:00:00Z' | until | between the years 1970 and 9999",
        "state | canary_percentage | '5' | canary_percentage | a whole number",
        "state | canary_percentage | -1 | canary_percentage | between 0 and 100",
        "state | deprecated_at | 'x' | deprecated_at | an ISO-8601 time",
        "state | since | 'x' | since | an ISO-8601 time",
        "state | version | -1 | version | at least 0",
        "state | version | 99999999999999999999 | version | a whole number",
        "state | origin | 'ghost' | origin | one of code, runtime",
        "maintenance | enabled | 1 | enabled | true or false",
        "maintenance | exempt_paths | '/x' | exempt_paths | a list",
        "maintenance | include_force_active | 'no' | include_force_active | true or false",
        "policy | path | null | path | given",
        "policy | method | null | method | given",
        "policy | method | 'get' | method | an upper-case HTTP method",
        "policy | limit | null | limit | given",
        "policy | limit | 5 | limit | a string",
        "policy | limit | '5/fortnight' | limit | <count>/<granularity>",
        "policy | algorithm | 'x' | algorithm | one of fixed_window, sliding_window",
        "policy | key_strategy | 'x' | key_strategy | one of ip, user, api_key, global, custom",
        "policy | on_missing_key | 'x' | on_missing_key | one of exempt, fallback_ip, block",
        "policy | burst | -1 | burst | between 0 and 1000000000",
        "policy | tiers | 'gold' | tiers | a list",
        "policy | tiers | ['gold'] | tiers | a JSON object",
        "tiers | name | null | name | given",
        "tiers | limit | 'x' | tiers.limit | <count>/<granularity>",
        "policy | tier_resolver | '' | tier_resolver | not blank",
        "policy | exempt_ips | '10.0.0.1' | exempt_ips | a list",
        "policy | exempt_roles | 'ops' | exempt_roles | a list",
        "global policy | limit | null | limit | given",
        "global policy | exempt_routes | '/x' | exempt_routes | a list",
        "global policy | enabled | 'yes' | enabled | true or false",
        "hit | id | null | id | given",
        "hit | reset_at | null | reset_at | given",
        "hit | count | 0 | count | at least 1",
        "audit entry | id | 1 | id | a string",
        "audit entry | timestamp | null | timestamp | given",
        "audit entry | action | null | action | given",
        "audit entry | previous_status | 'x' | status | one of active, maintenance",
        "audit entry | changes | {} | changes | a list",
        "audit entry | revision | -1 | revision | at least 0",
        "audit entry | reported | 'x' | reported | true or false",
        "changes | field | null | field | given",
        "head | epoch | null | epoch | given",
        "head | commit_id | 1 | commit_id | a string",
        "head | revision | '1' | revision | a whole number",
      })
  void aWrongFieldIsNamedWithWhatIsAllowed(
      String form, String field, String value, String named, String allowed) {
    ObjectNode node = json(COMPLETE.get(form));
    node.set(field, value(value));

    assertThatThrownBy(() -> read(form, node))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith(named + ": ")
        .hasMessageContaining(value(value).asText())
        .hasMessageContaining(allowed);
  }

  @Test
  void aWindowThatEndsBeforeItStartsIsDroppedFromStorageOnly() {
    ObjectNode node = json(COMPLETE.get("state"));
    node.set("window", json("{'start': '2030-01-02T00:00:00Z', 'end': '2030-01-01T00:00:00Z'}"));

    assertThat(ShieldJson.readStoredRouteState(node).window()).isNull();
    assertThat(ShieldJson.readValue(DocumentKey.state("GET:/x"), node))
        .isEqualTo(ShieldJson.readStoredRouteState(node));
    assertThatThrownBy(() -> ShieldJson.readRouteState(node))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("end: ");
  }

  @Test
  void theBaseStatusIsTheStoredOne() {
    ObjectNode node = json(COMPLETE.get("state"));
    node.put("status", "active").put("base_status", "env_gated");

    assertThat(ShieldJson.readRouteState(node).status().wireName()).isEqualTo("env_gated");
  }

  @Test
  void aShownStateIsReadBackAsTheStoredOne() {
    var state = ShieldJson.readRouteState(json(COMPLETE.get("state")));
    ObjectNode shown = ShieldJson.writeShown(state, RouteStatus.MAINTENANCE);

    assertThat(shown.get("status").textValue()).isEqualTo("maintenance");
    assertThat(shown.get("base_status").textValue()).isEqualTo("disabled");
    assertThat(ShieldJson.readRouteState(shown)).isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\":1} x",
        "{\"a\":1}{",
        "'a'",
        "{a:1}",
        "nul",
        "[1,]",
        "NaN",
        "\u0007"
      })
  void textThatIsNoJsonIsRefused(String text) {
    assertThatThrownBy(() -> ShieldJson.parse("body", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("body: ")
        .hasMessageContaining("must be JSON")
        .message()
        .matches("\\P{Cntrl}+");
  }

  @Test
  void theMessageSaysWhereTheTextBreaks() {
    assertThatThrownBy(() -> ShieldJson.parse("body", "{\n \"a\": ?}"))
        .hasMessageContainingAll("line 2", "column 7");
  }

  @Test
  void deepNestingIsRefusedNotAStackOverflow() {
    String nested = "[".repeat(100_000) + "]".repeat(100_000);

    assertThatThrownBy(() -> ShieldJson.parse("body", nested))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("nesting depth");
  }

  /** Whoever sent it is told where it breaks, not how the parser may be set up. */
  @ParameterizedTest
  @ValueSource(
      strings = {"{", "{}{}", "{\"a\": NaN}", "[1,]", "{\"a\": \"\u0001\"}", "nul", "{\"a\" 1}"})
  void aTextThatIsNoJsonIsToldInPlainWords(String text) {
    assertThatThrownBy(() -> ShieldJson.parse("body", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("JSON (line 1, column ")
        .message()
        .doesNotContain("`", "Source", "fasterxml", "\n");
  }

  @Test
  void aDeepTextIsToldInPlainWords() {
    assertThatThrownBy(() -> ShieldJson.parse("body", "[".repeat(2000)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("nesting depth")
        .message()
        .doesNotContain("`", "Stream");
  }

  @Test
  void aFieldGivenTwiceIsRefusedWhereThatIsAsked() {
    String twice = "{\"a\": {\"b\": 1, \"b\": 2}}";
    assertThatThrownBy(() -> ShieldJson.parseStrictly("body", twice))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("Duplicate field 'b'");
    assertThat(ShieldJson.parse("body", twice).path("a").path("b").intValue()).isEqualTo(2);
  }
}
