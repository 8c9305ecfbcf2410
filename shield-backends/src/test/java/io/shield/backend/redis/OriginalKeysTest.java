package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
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
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys that the original wrote are read, and ours have the same shape. */
class OriginalKeysTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Vertx vertx = Vertx.vertx();
  private RedisProcess redis;
  private Redis client;
  private RedisBackend backend;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory);
    client = Redis.createClient(vertx, redis.url());
    for (var key : original().properties()) {
      write(key.getKey(), key.getValue().get("type").asText(), key.getValue().get("value"));
    }
    backend = RedisBackend.create(new RedisBackendOptions().setUrl(redis.url()));
    get(backend.startup(vertx));
  }

  @AfterEach
  void stop() throws Exception {
    get(backend.shutdown());
    client.close();
    get(vertx.close());
    redis.close();
  }

  private static JsonNode original() throws Exception {
    try (InputStream in = OriginalKeysTest.class.getResourceAsStream("original-keys.json")) {
      return JSON.readTree(in);
    }
  }

  private void write(String key, String type, JsonNode value) throws Exception {
    switch (type) {
      case "string" -> command(Command.SET, key, value.asText());
      case "set" -> {
        for (JsonNode member : value) {
          command(Command.SADD, key, member.asText());
        }
      }
      default -> {
        for (JsonNode element : value) {
          command(Command.RPUSH, key, element.asText());
        }
      }
    }
  }

  private Response command(Command command, Object... arguments) throws Exception {
    Request request = Request.cmd(command);
    for (Object argument : arguments) {
      request.arg(argument.toString());
    }
    return get(client.send(request));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }

  @Test
  void whatTheOriginalWroteIsRead() throws Exception {
    Snapshot loaded = get(backend.load());

    assertThat(loaded.states())
        .containsOnlyKeys(
            "GET:/debug", "GET:/health", "GET:/old", "GET:/payments", "POST:/payments");
    assertThat(loaded.states().get("GET:/debug").allowedEnvs()).containsExactly("dev", "staging");
    assertThat(loaded.states().get("GET:/health").forceActive()).isTrue();
    assertThat(loaded.states().get("POST:/payments").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(loaded.globalMaintenance()).isEqualTo(MaintenanceMode.OFF);
    assertThat(loaded.value(DocumentKey.policy("GET:/payments")))
        .isInstanceOfSatisfying(
            RateLimitPolicy.class, policy -> assertThat(policy.limit()).isEqualTo("2/minute"));
    assertThat(loaded.value(DocumentKey.globalRateLimit()))
        .isInstanceOfSatisfying(
            GlobalRateLimitPolicy.class,
            policy -> assertThat(policy.exemptRoutes()).containsExactly("/health"));
    List<AuditEntry> audit = get(backend.auditLog(AuditQuery.newest(100)));
    assertThat(audit).hasSize(7);
    assertThat(audit.get(0).action()).isEqualTo("global_rl_set");
    assertThat(get(backend.auditLog(AuditQuery.ofPath("GET:/payments", 10)))).hasSize(3);
  }

  @Test
  void whatWeWriteHasItsShape() throws Exception {
    get(backend.load());

    for (var key : original().properties()) {
      String name = key.getKey();
      assertThat(command(Command.TYPE, name).toString())
          .as(name)
          .isEqualTo(key.getValue().get("type").asText());
      if (name.startsWith("shield:state:") || name.startsWith("shield:rlpolicy:")) {
        JsonNode was = JSON.readTree(key.getValue().get("value").asText());
        JsonNode is = JSON.readTree(command(Command.GET, name).toString());
        for (var field : was.properties()) {
          boolean inside = name.contains("__shield:") && field.getKey().equals("reason");
          JsonNode now = is.get(field.getKey());
          if (inside) {
            assertThat(JSON.readTree(now.asText()))
                .isEqualTo(JSON.readTree(field.getValue().asText()));
          } else {
            assertThat(now).as(name + " " + field.getKey()).isEqualTo(field.getValue());
          }
        }
      }
    }
  }

  @Test
  void aDeletionAndMaintenanceOfTheFleetReachTheIndexAndTheMirror() throws Exception {
    Snapshot loaded = get(backend.load());
    MaintenanceMode on = new MaintenanceMode(true, "deploy", List.of("/health"), false);
    DocumentKey fleet = DocumentKey.globalMaintenance();
    DocumentKey old = DocumentKey.state("GET:/old");
    Change change =
        new Change(
            "1",
            List.of(
                new Edit(fleet, loaded.version(fleet), on),
                new Edit(old, loaded.version(old), null)),
            List.of());

    assertThat(get(backend.commit(change))).isInstanceOf(CommitResult.Accepted.class);

    Set<String> index = new TreeSet<>();
    command(Command.SMEMBERS, "shield:route-index").forEach(member -> index.add(member.toString()));
    assertThat(index).contains("__shield:global__").doesNotContain("GET:/old");
    assertThat(command(Command.EXISTS, "shield:state:GET:/old").toInteger()).isZero();
    assertThat(
            JSON.readTree(command(Command.GET, "shield:global").toString()).get("reason").asText())
        .isEqualTo("deploy");
    command(Command.DEL, "shield:state:__shield:global__");
    assertThat(get(backend.load()).globalMaintenance()).isEqualTo(on);
  }

  @Test
  void whatIsLostIsPutBackAndWhatIsDeletedIsGone() throws Exception {
    get(backend.load());
    command(Command.DEL, "shield:state:POST:/payments");
    command(Command.DEL, "shield:state:GET:/old");
    command(Command.SREM, "shield:route-index", "GET:/old");

    Snapshot loaded = get(backend.load());

    assertThat(loaded.states().get("POST:/payments").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(command(Command.GET, "shield:state:POST:/payments").toString()).contains("use /v2");
    assertThat(loaded.states()).doesNotContainKey("GET:/old");
    assertThat(get(backend.auditLog(AuditQuery.ofPath("GET:/old", 1)))).hasSize(1);
  }

  @Test
  void whatCannotBeReadIsLeftAloneUntilSomebodyChangesIt() throws Exception {
    get(backend.load());
    command(Command.SET, "shield:state:POST:/payments", "{broken");

    Snapshot loaded = get(backend.load());

    RouteState known = loaded.states().get("POST:/payments");
    assertThat(known.status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(command(Command.GET, "shield:state:POST:/payments").toString()).isEqualTo("{broken");
    Change change =
        new Change(
            "mend",
            List.of(
                new Edit(
                    DocumentKey.state("POST:/payments"),
                    known.version(),
                    RouteState.active("POST:/payments"))),
            List.of());
    assertThat(get(backend.commit(change))).isInstanceOf(CommitResult.Accepted.class);
    assertThat(get(backend.load()).states().get("POST:/payments").status())
        .isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void whatCannotBeReadIsTheOnlyThingThatSuffers() throws Exception {
    Snapshot before = get(backend.load());
    command(Command.DEL, "shield:state:POST:/payments");
    command(Command.LPUSH, "shield:state:POST:/payments", "no text");
    command(Command.SET, "shield:state:GET:/old", "{broken");
    command(Command.SET, "shield:state:GET:/debug", original("GET:/debug", "disabled"));

    Snapshot loaded = get(backend.load());

    assertThat(loaded.states()).containsOnlyKeys(before.states().keySet());
    assertThat(loaded.state("POST:/payments")).isEqualTo(before.state("POST:/payments"));
    assertThat(loaded.state("GET:/old")).isEqualTo(before.state("GET:/old"));
    assertThat(loaded.states().get("GET:/debug").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(backend.warning())
        .isEqualTo(
            "what others wrote under 'state GET:/old' and 1 more cannot be read and is not enforced"
                + " (see the log)");
    DocumentKey payments = DocumentKey.state("POST:/payments");
    Edit edit = new Edit(payments, loaded.version(payments), RouteState.active("POST:/payments"));
    assertThat(catchThrowable(() -> get(backend.commit(new Change("1", List.of(edit), List.of())))))
        .hasMessageContaining("'shield:state:POST:/payments' is a list, must be a string");

    command(Command.DEL, "shield:state:POST:/payments");
    command(Command.SET, "shield:state:GET:/old", original("GET:/old", "active"));
    assertThat(get(backend.load()).states().get("GET:/old").status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(backend.warning()).isNull();
  }

  private static String original(String route, String status) {
    return "{\"path\":\"" + route + "\",\"status\":\"" + status + "\"}";
  }

  @Test
  void whatOthersWriteIntoAnEmptyStoreIsAudited() throws Exception {
    command(Command.FLUSHALL);
    RedisBackend second = RedisBackend.create(new RedisBackendOptions().setUrl(redis.url()));
    get(second.startup(vertx));
    get(second.load());
    command(Command.SET, "shield:state:GET:/new", original("GET:/new", "disabled"));
    command(Command.SADD, "shield:route-index", "GET:/new");

    Snapshot loaded = get(second.load());

    assertThat(loaded.states()).containsOnlyKeys("GET:/new");
    assertThat(get(second.auditLog(AuditQuery.newest(10))))
        .extracting(AuditEntry::action)
        .containsExactly("disable");
    get(second.shutdown());
  }

  @Test
  void aKeyOfAnotherTypeRefusesTheChangeBeforeAnythingIsWritten() throws Exception {
    Snapshot loaded = get(backend.load());
    command(Command.SET, "shield:audit:path:/x", "not a list");
    AuditEntry entry = get(backend.auditLog(AuditQuery.newest(1))).get(0);
    AuditEntry other =
        new AuditEntry(
            "id",
            entry.timestamp(),
            "/x",
            null,
            "enable",
            "a",
            "cli",
            "",
            null,
            null,
            0,
            List.of(),
            null,
            false);
    Change change =
        new Change(
            "1",
            List.of(new Edit(DocumentKey.state("/x"), 0, RouteState.active("/x"))),
            List.of(other));

    Future<CommitResult> refused = backend.commit(change);

    assertThat(catchThrowable(() -> get(refused)))
        .hasMessageContaining("the Redis key 'shield:audit:path:/x' is a string, must be a list");
    assertThat(get(backend.load())).isEqualTo(loaded);
  }
}
