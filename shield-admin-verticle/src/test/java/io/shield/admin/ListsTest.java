package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.fixtures.MutableClock;
import io.shield.json.ShieldJson;
import io.shield.memory.MemoryBackend;
import io.shield.model.audit.Actor;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists come in parts and filtered, the audit log also as a file. */
class ListsTest {
  private static final MutableClock CLOCK = MutableClock.create();

  private static RunningAdmin admin;
  private static Instant between;

  @BeforeAll
  static void start() {
    admin = new RunningAdmin(new AdminOptions(), MemoryBackend.create(), CLOCK);
    admin.register("GET:/a", "GET:/b", "shop:GET:/c");
    var routes = admin.engine.routes();
    await(routes.disable("GET:/a", Actor.of("alice", "cli"), "one\ntwo"));
    CLOCK.advance(Duration.ofSeconds(10));
    between = CLOCK.instant();
    CLOCK.advance(Duration.ofSeconds(10));
    await(routes.enable("GET:/a", Actor.of("bob", "cli"), ""));
    await(routes.disable("GET:/b", Actor.of("bob", "cli"), ""));
    await(routes.disable("shop:GET:/c", Actor.of("bob", "cli"), ""));
  }

  @AfterAll
  static void stop() {
    admin.close();
  }

  private static HttpResponse<String> get(String target) {
    HttpResponse<String> answer = admin.send(null, "GET", target, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static String total(HttpResponse<String> answer) {
    return answer.headers().firstValue("X-Total-Count").orElseThrow();
  }

  private static List<String> paths(JsonNode all) {
    return IntStream.range(0, all.size()).mapToObj(i -> all.get(i).get("path").asText()).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "'',4",
    "actor=bob,3",
    "actor=bob&action=disable,2",
    "route=GET:/a,2",
    "path=GET:/b,1",
    "service=shop,1",
    "since=BETWEEN,3",
    "since=BETWEEN&actor=alice,0"
  })
  void theExportHasOneEntryALineOfThoseThatMatch(String filter, int count) {
    String query = filter.replace("BETWEEN", between.toString());
    HttpResponse<String> export = get("/api/audit/export?" + query);
    assertThat(export.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/x-ndjson");
    assertThat(export.headers().firstValue("Content-Disposition").orElseThrow())
        .contains("shield-audit.ndjson");
    List<JsonNode> lines =
        export.body().lines().map(line -> ShieldJson.parse("line", line)).toList();
    assertThat(lines).hasSize(count);
    HttpResponse<String> list = get("/api/audit?" + query);
    assertThat(total(list)).isEqualTo(String.valueOf(count));
    assertThat(lines).isEqualTo(IntStream.range(0, count).mapToObj(json(list)::get).toList());
  }

  @Test
  void filtersApplyBeforeTheLimit() {
    HttpResponse<String> answer = get("/api/audit?actor=bob&action=disable&limit=1&offset=1");
    assertThat(total(answer)).isEqualTo("2");
    assertThat(paths(json(answer))).containsExactly("GET:/b");
  }

  @Test
  void partsMakeTheWhole() {
    for (String list : List.of("/api/routes", "/api/audit")) {
      JsonNode whole = json(get(list));
      for (int offset = 0; offset <= whole.size(); offset++) {
        HttpResponse<String> part = get(list + "?limit=1&offset=" + offset);
        assertThat(total(part)).isEqualTo(String.valueOf(whole.size()));
        if (offset == whole.size()) {
          assertThat(json(part)).isEmpty();
        } else {
          assertThat(paths(json(part))).containsExactly(paths(whole).get(offset));
        }
      }
    }
    assertThat(total(get("/api/services?limit=1"))).isEqualTo("1");
    assertThat(total(get("/api/rate-limits/hits?offset=2147483647"))).isEqualTo("0");
    assertThat(total(get("/api/routes?status=disabled&limit=1"))).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=-1", "limit=10001", "limit=x", "offset=-1", "offset="})
  void aBadPartIsRefused(String query) {
    for (String list : List.of("/api/routes", "/api/audit", "/api/rate-limits")) {
      assertThat(admin.send(null, "GET", list + "?" + query, null).statusCode())
          .as("%s?%s", list, query)
          .isEqualTo(400);
    }
  }
}
