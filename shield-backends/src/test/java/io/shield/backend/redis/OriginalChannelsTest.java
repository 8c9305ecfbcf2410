package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.fixtures.RecordingListener;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.CommitResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What instances of the original and of Shield tell each other on the original's channels. */
class OriginalChannelsTest {
  private static final String CHANGES = "shield:changes";
  private static final String POLICIES = "shield:rl-policy-change";
  private static final String GLOBAL = "shield:global_invalidate";
  private static final String GLOBAL_STATE = "__shield:global__";

  /** An entry that is written so soon behind its value is found. */
  private static final Duration WAITED_FOR = Duration.ofMillis(200);

  private record Told(String channel, String text) {
    JsonNode json() {
      return ShieldJson.parse(channel, text);
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final RecordingListener commits = new RecordingListener();
  private RedisProcess redis;
  private Redis client;
  private RedisBackend backend;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory);
    client = Redis.createClient(vertx, redis.url());
    backend = RedisBackend.create(new RedisBackendOptions().setUrl(redis.url()));
    get(backend.startup(vertx));
    get(backend.subscribe(commits));
    get(backend.load());
    RedisConnection listening = get(client.connect());
    listening.handler(
        message -> {
          if (message.get(0).toString().equals("message")) {
            told.add(new Told(message.get(1).toString(), message.get(2).toString()));
          }
        });
    Request subscribe = Request.cmd(Command.SUBSCRIBE);
    get(listening.send(subscribe.arg(CHANGES).arg(POLICIES).arg(GLOBAL)));
  }

  @AfterEach
  void stop() throws Exception {
    get(backend.shutdown());
    client.close();
    get(vertx.close());
    redis.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }

  private void command(Command command, String... arguments) throws Exception {
    Request request = Request.cmd(command);
    Stream.of(arguments).forEach(request::arg);
    get(client.send(request));
  }

  private void write(DocumentKey key, @Nullable DocumentValue value) throws Exception {
    Edit edit = new Edit(key, get(backend.load()).version(key), value);
    Change change = new Change(UUID.randomUUID().toString(), List.of(edit), List.of());
    assertThat(get(backend.commit(change))).isInstanceOf(CommitResult.Accepted.class);
  }

  private void awaitTold(int messages) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(told).hasSize(messages));
  }

  @Test
  void aChangedRouteIsToldAsItsState() throws Exception {
    RouteState state = RouteState.builder("GET:/a").status(RouteStatus.DISABLED).build();
    write(DocumentKey.state("GET:/a"), state);
    write(DocumentKey.state("GET:/a"), null);

    awaitTold(2);
    assertThat(told).extracting(Told::channel).containsOnly(CHANGES);
    assertThat(told.get(0).json().get("path").asText()).isEqualTo("GET:/a");
    assertThat(told.get(0).json().get("status").asText()).isEqualTo("disabled");
    // The original knows no message of a deletion.
    assertThat(told.get(1).json().get("path").asText()).isEqualTo("GET:/a");
    assertThat(told.get(1).json().get("status").asText()).isEqualTo("active");
  }

  @Test
  void aChangedPolicyIsToldByItsKey() throws Exception {
    write(DocumentKey.policy("GET:/a"), RateLimitPolicy.of("GET", "/a", "7/minute"));
    write(DocumentKey.policy("GET:/a"), null);

    awaitTold(2);
    assertThat(told).extracting(Told::channel).containsOnly(POLICIES);
    assertThat(told.get(0).json().get("action").asText()).isEqualTo("set");
    assertThat(told.get(0).json().get("key").asText()).isEqualTo("GET:/a");
    assertThat(told.get(0).json().get("policy").get("limit").asText()).isEqualTo("7/minute");
    assertThat(told.get(1).json().get("action").asText()).isEqualTo("delete");
    assertThat(told.get(1).json().get("key").asText()).isEqualTo("GET:/a");
  }

  @Test
  void maintenanceOfTheFleetIsToldOnItsOwnChannelToo() throws Exception {
    write(DocumentKey.document("note"), new OpaqueDocument("not for the original"));
    write(DocumentKey.globalMaintenance(), new MaintenanceMode(true, "deploy", List.of(), false));

    awaitTold(2);
    assertThat(told).extracting(Told::channel).containsExactly(CHANGES, GLOBAL);
    JsonNode state = told.get(0).json();
    assertThat(state.get("path").asText()).isEqualTo(GLOBAL_STATE);
    assertThat(ShieldJson.parse("reason", state.get("reason").asText()).get("enabled").asBoolean())
        .isTrue();
  }

  private void awaitCommits(int wanted) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(commits.commits()).hasSize(wanted));
  }

  private AuditEntry newest() throws Exception {
    return get(backend.auditLog(AuditQuery.newest(1))).get(0);
  }

  @Test
  void policiesThatTheOriginalWritesAreTakenOver() throws Exception {
    String policy = "{\"path\": \"/a\", \"method\": \"GET\", \"limit\": \"3/minute\"}";
    command(Command.SET, "shield:rlpolicy:GET:/a", policy);
    command(Command.SADD, "shield:rl-policy-index", "GET:/a");
    command(
        Command.PUBLISH,
        POLICIES,
        "{\"action\": \"set\", \"key\": \"GET:/a\", \"policy\": " + policy + "}");
    awaitCommits(1);

    assertThat(get(backend.load()).value(DocumentKey.policy("GET:/a")))
        .isInstanceOfSatisfying(
            RateLimitPolicy.class, found -> assertThat(found.limit()).isEqualTo("3/minute"));
    assertThat(newest().action()).isEqualTo("rl_policy_set");
    assertThat(newest().actor()).isEqualTo("system");

    command(Command.DEL, "shield:rlpolicy:GET:/a");
    command(Command.SREM, "shield:rl-policy-index", "GET:/a");
    command(Command.PUBLISH, POLICIES, "{\"action\": \"delete\", \"key\": \"GET:/a\"}");
    awaitCommits(2);

    assertThat(get(backend.load()).value(DocumentKey.policy("GET:/a"))).isNull();
    assertThat(newest().action()).isEqualTo("rl_policy_deleted");
  }

  @Test
  void maintenanceThatTheOriginalSwitchesOnIsTakenOver() throws Exception {
    String state =
        "{\"path\":\"__shield:global__\",\"status\":\"active\",\"reason\":"
            + "\"{\\\"enabled\\\":true,\\\"reason\\\":\\\"deploy\\\",\\\"exempt_paths\\\":[],"
            + "\\\"include_force_active\\\":false}\"}";
    command(Command.SET, "shield:state:" + GLOBAL_STATE, state);
    command(Command.SADD, "shield:route-index", GLOBAL_STATE);
    command(Command.PUBLISH, GLOBAL, "1");
    awaitCommits(1);

    Snapshot loaded = get(backend.load());
    assertThat(loaded.globalMaintenance().enabled()).isTrue();
    assertThat(loaded.globalMaintenance().reason()).isEqualTo("deploy");
    assertThat(newest().action()).isEqualTo("global_maintenance_on");
    assertThat(newest().path()).isEqualTo("__global__");
  }

  @Test
  void afterMessagesThatMakeNoSenseOthersAreStillHeard() throws Exception {
    for (String channel : List.of(CHANGES, POLICIES, "shield:meta:commits")) {
      for (String text : List.of("", "no json", "[]", "{}", "{\"path\":7,\"key\":{}}")) {
        command(Command.PUBLISH, channel, text);
      }
    }
    String disabled = "{\"path\":\"GET:/a\",\"status\":\"disabled\"}";
    command(Command.SET, "shield:state:GET:/a", disabled);
    command(Command.PUBLISH, CHANGES, disabled);
    awaitCommits(1);

    assertThat(get(backend.load()).states().get("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
  }

  /** As the original writes it: the value first, the entry a moment later. */
  private void originalWrites(String route, String status) throws Exception {
    String state = "{\"path\":\"" + route + "\",\"status\":\"" + status + "\"}";
    command(Command.SET, "shield:state:" + route, state);
    command(Command.SADD, "shield:route-index", route);
    command(Command.PUBLISH, CHANGES, state);
  }

  private void originalLogs(String route, String action, String status) throws Exception {
    String entry =
        "{\"id\":\"%s\",\"timestamp\":\"2030-01-01T00:00:00Z\",\"path\":\"%s\",\"service\":null,"
                .formatted(UUID.randomUUID(), route)
            + "\"action\":\"%s\",\"actor\":\"bob\",\"platform\":\"cli\",\"reason\":\"move\","
                .formatted(action)
            + "\"previous_status\":\"active\",\"new_status\":%s}".formatted(status);
    command(Command.LPUSH, "shield:audit", entry);
    command(Command.LPUSH, "shield:audit:path:" + route, entry);
  }

  private interface Writing {
    void about(String path) throws Exception;
  }

  /**
   * Lets the original write about one route after the other, until it was quick enough: what it
   * logs too late is not waited for.
   *
   * @return the path of the route
   */
  private String writtenInTime(Writing original) throws Exception {
    for (int i = 0; ; i++) {
      String path = "/a" + i;
      int before = commits.commits().size();
      long begin = System.nanoTime();
      original.about(path);
      boolean inTime = System.nanoTime() - begin < WAITED_FOR.toNanos();
      await()
          .pollInterval(Duration.ofMillis(5))
          .atMost(Duration.ofMinutes(2))
          .until(() -> commits.commits().size() > before);
      get(backend.load());
      if (inTime) {
        return path;
      }
    }
  }

  @Test
  void whatTheOriginalLogsIsLoggedOnce() throws Exception {
    String route =
        "GET:"
            + writtenInTime(
                path -> {
                  originalWrites("GET:" + path, "disabled");
                  originalLogs("GET:" + path, "disable", "\"disabled\"");
                });

    List<AuditEntry> audit = get(backend.auditLog(AuditQuery.ofPath(route, 10)));
    assertThat(audit).hasSize(1);
    assertThat(audit.get(0).actor()).isEqualTo("bob");
    assertThat(audit.get(0).reason()).isEqualTo("move");
    assertThat(audit.get(0).revision()).isEqualTo(get(backend.head()).revision());
    assertThat(get(backend.auditLog(AuditQuery.newest(100))))
        .filteredOn(entry -> entry.path().equals(route))
        .isEqualTo(audit);
    int all = commits.commits().size();
    assertThat(commits.commits().get(all - 1).change().audit()).isEqualTo(audit);

    originalWrites(route, "active");
    awaitCommits(all + 1);
    assertThat(newest().actor()).as("of what nobody logged").isEqualTo("system");
    assertThat(newest().action()).isEqualTo("enable");
  }

  @Test
  void whatTheOriginalLogsOfARouteAndItsLimitIsLoggedOnce() throws Exception {
    String route =
        "GET:"
            + writtenInTime(
                path -> {
                  String key = "GET:" + path;
                  originalWrites(key, "disabled");
                  originalLogs(key, "disable", "\"disabled\"");
                  String policy =
                      "{\"path\": \"%s\", \"method\": \"GET\", \"limit\": \"3/minute\"}"
                          .formatted(path);
                  command(Command.SET, "shield:rlpolicy:" + key, policy);
                  command(Command.SADD, "shield:rl-policy-index", key);
                  originalLogs(key, "rl_policy_set", "null");
                });

    assertThat(get(backend.auditLog(AuditQuery.newest(100))))
        .filteredOn(entry -> entry.path().equals(route))
        .extracting(AuditEntry::actor)
        .containsExactly("bob", "bob");
  }

  @Test
  void aRouteThatTheOriginalDeletesIsNoticedByTheNextLookAtTheHead() throws Exception {
    write(
        DocumentKey.state("GET:/a"),
        RouteState.builder("GET:/a").status(RouteStatus.DISABLED).build());
    awaitCommits(1);
    // It says nothing and logs nothing.
    command(Command.DEL, "shield:state:GET:/a");
    command(Command.SREM, "shield:route-index", "GET:/a");

    get(backend.head());
    awaitCommits(2);

    assertThat(get(backend.load()).states()).isEmpty();
    assertThat(newest().action()).isEqualTo("forget");
    assertThat(newest().previousStatus()).isEqualTo(RouteStatus.DISABLED);
    assertThat(newest().nextStatus()).isNull();
  }
}
