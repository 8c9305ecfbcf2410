package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.json.ShieldJson;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
import io.shield.model.RateLimitAlgorithm;
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
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One option makes Shield read and write what waygate, the renamed original, reads and writes. */
class WaygateKeysTest {
  private static final String GLOBAL = "waygate:state:__waygate:global__";
  private static final String LIMIT = "waygate:state:__waygate:global_rl__";

  private final Vertx vertx = Vertx.vertx();
  private RedisProcess redis;
  private Redis client;
  private RedisBackend backend;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory);
    client = Redis.createClient(vertx, redis.url());
    backend =
        RedisBackend.create(
            new RedisBackendOptions().setUrl(redis.url()).setDialect(RedisDialect.WAYGATE));
    get(backend.startup(vertx));
    get(backend.load());
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

  private Response command(Command command, String... arguments) throws Exception {
    Request request = Request.cmd(command);
    Stream.of(arguments).forEach(request::arg);
    return get(client.send(request));
  }

  private JsonNode stored(String key) throws Exception {
    return ShieldJson.parse(key, command(Command.GET, key).toString());
  }

  private void commit(String id, List<AuditEntry> audit, Edit... edits) throws Exception {
    assertThat(get(backend.commit(new Change(id, List.of(edits), audit))))
        .isInstanceOf(CommitResult.Accepted.class);
  }

  @Test
  void whatShieldWritesIsInItsWords() throws Exception {
    RateLimitPolicy bucket =
        RateLimitPolicy.of("GET", "/pay", "5/minute").toBuilder()
            .algorithm(RateLimitAlgorithm.TOKEN_BUCKET)
            .build();
    DocumentKey service = DocumentKey.serviceMaintenance("shop");
    AuditEntry entry =
        ShieldJson.readAuditEntry(
            ShieldJson.parse(
                "entry",
                "{\"id\":\"1\",\"timestamp\":\"2030-01-01T00:00:00Z\",\"path\":\"%s\",\"action\":\"service_maintenance_on\",\"actor\":\"a\",\"platform\":\"cli\",\"reason\":\"\"}"
                    .formatted(service.key())));

    commit(
        "1",
        List.of(entry),
        new Edit(DocumentKey.globalMaintenance(), 0, MaintenanceMode.on("deploy")),
        new Edit(service, 0, MaintenanceMode.on("deploy")),
        new Edit(DocumentKey.policy(bucket.key()), 0, bucket));

    assertThat(stored(GLOBAL).get("path").asText()).isEqualTo("__waygate:global__");
    assertThat(stored("waygate:state:__waygate:svc_global:shop__").get("path").asText())
        .isEqualTo("__waygate:svc_global:shop__");
    assertThat(command(Command.SMEMBERS, "waygate:route-index").toString())
        .contains("__waygate:global__", "__waygate:svc_global:shop__")
        .doesNotContain("shield");
    assertThat(command(Command.LLEN, "waygate:audit:path:__waygate:svc_global:shop__").toInteger())
        .isEqualTo(1);
    JsonNode policy = stored("waygate:rlpolicy:GET:/pay");
    assertThat(policy.get("algorithm").asText()).isEqualTo("moving_window");
    assertThat(policy.get("base_algorithm").asText()).isEqualTo("token_bucket");
    assertThat(get(backend.auditLog(AuditQuery.ofPath(service.key(), 5))))
        .extracting(AuditEntry::path)
        .containsExactly(service.key());

    // It writes what it read, without what it does not know.
    command(
        Command.SET,
        "waygate:rlpolicy:GET:/pay",
        command(Command.GET, "waygate:rlpolicy:GET:/pay")
            .toString()
            .replace(",\"base_algorithm\":\"token_bucket\"", ""));
    Snapshot loaded = get(backend.load());
    assertThat(loaded.value(DocumentKey.policy(bucket.key()))).isEqualTo(bucket);
    assertThat(loaded.globalMaintenance().enabled()).isTrue();
    assertThat(loaded.value(service)).isEqualTo(MaintenanceMode.on("deploy"));
    assertThat(stored("waygate:rlpolicy:GET:/pay").has("base_algorithm")).isTrue();
  }

  private void itWrites(String name, String reason) throws Exception {
    String state =
        ShieldJson.text(
                ShieldJson.parse("state", "{\"path\":\"" + name + "\",\"status\":\"active\"}"))
            .replace("}", ",\"reason\":" + reason + "}");
    command(Command.SET, "waygate:state:" + name, state);
    command(Command.SADD, "waygate:route-index", name);
  }

  @Test
  void whatItWritesIsReadAndWhatOthersReserveIsKept() throws Exception {
    itWrites("__waygate:global__", "\"{\\\"enabled\\\":true,\\\"reason\\\":\\\"deploy\\\"}\"");
    itWrites("__waygate:global_rl__", "\"{\\\"limit\\\":\\\"7/minute\\\"}\"");
    itWrites("__shield:global__", "\"of a neighbour\"");
    itWrites("__later:thing__", "\"of nobody known\"");

    Snapshot loaded = get(backend.load());

    assertThat(loaded.globalMaintenance().enabled()).isTrue();
    assertThat(loaded.value(DocumentKey.globalRateLimit()))
        .isInstanceOfSatisfying(
            GlobalRateLimitPolicy.class,
            policy -> assertThat(policy.limit()).isEqualTo("7/minute"));
    assertThat(loaded.states()).isEmpty();
    assertThat(backend.warning()).isNull();
    RouteState closed = RouteState.builder("GET:/pay").status(RouteStatus.DISABLED).build();
    commit("1", List.of(), new Edit(DocumentKey.state("GET:/pay"), 0, closed));
    assertThat(stored("waygate:state:__shield:global__").get("reason").asText())
        .isEqualTo("of a neighbour");
    assertThat(stored("waygate:state:__later:thing__").get("reason").asText())
        .isEqualTo("of nobody known");
    assertThat(stored(LIMIT).get("path").asText()).isEqualTo("__waygate:global_rl__");
  }
}
