package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.DeclaredState;
import io.shield.ShieldEngine;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.error.VersionMismatchException;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.json.ShieldJson;
import io.shield.memory.MemoryBackend;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
import io.shield.model.MaintenanceWindow;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Snapshot;
import io.shield.model.webhook.Webhook;
import java.lang.ref.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is configured as one document: out, and in again. */
class DeclaredStateTest extends EngineTest {
  private static final DeclaredState.Options PLAIN = DeclaredState.Options.DEFAULT;
  private static final DeclaredState.Options PRUNE = new DeclaredState.Options(true, "", null);
  private static final Instant START = Instant.parse("2090-01-01T00:00:00Z");

  private final MemoryBackend store = MemoryBackend.create();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine = started(store);
    register(engine, "GET:/a", "GET:/b", "shop:GET:/c");
  }

  /** JSON with single quotes. */
  private static JsonNode json(String text) {
    return ShieldJson.parse("test", text.replace('\'', '"'));
  }

  private static JsonNode document(String rest) {
    return json("{'shield': 1, " + rest + "}");
  }

  private DeclaredState.Difference apply(String rest, DeclaredState.Options options) {
    return await(engine.declared().apply(document(rest), options, ALICE));
  }

  private static List<String> names(DeclaredState.Difference difference) {
    return difference.entries().stream().map(e -> e.action() + " " + e.name()).toList();
  }

  private RouteState state(String key) {
    return engine.routes().get(key).state();
  }

  private void changeALot() {
    await(engine.routes().disable("GET:/a", ALICE, "gone", START));
    await(
        engine
            .routes()
            .schedule(
                "GET:/b", ALICE, new MaintenanceWindow(START, START.plusSeconds(60), "soon")));
    await(engine.routes().deprecate("shop:GET:/c", ALICE, "2090-01-01T00:00:00Z", "/d", "old"));
    await(engine.maintenance().enableGlobal(ALICE, "move"));
    await(
        engine
            .maintenance()
            .setService("shop", new MaintenanceMode(true, "s", List.of("/h"), true), ALICE, null));
    await(
        engine
            .rateLimits()
            .set(RateLimitPolicy.of("GET", "/a", "5/minute").toBuilder().cost(2).build(), ALICE));
    await(engine.rateLimits().global().set(GlobalRateLimitPolicy.of("9/minute"), ALICE));
    await(
        engine
            .rateLimits()
            .service("shop")
            .set(GlobalRateLimitPolicy.of("8/minute").withEnabled(false), ALICE));
  }

  @Test
  void whatIsExportedAndAppliedChangesNothing() {
    changeALot();
    JsonNode exported = engine.declared().export(DeclaredState.Scope.ALL);
    Snapshot before = contentOf(store);
    DeclaredState.Difference difference = await(engine.declared().apply(exported, PRUNE, ALICE));
    assertThat(difference.entries()).isEmpty();
    assertThat(contentOf(store)).isEqualTo(before);
  }

  /** Both spellings of parameters are one route, of which there is one state. */
  @ParameterizedTest
  @CsvSource({"GET:/o/:id, GET:/o/{id}", "GET:/o/{id}, GET:/o/:id"})
  void anEntryIsOfTheRouteHoweverItIsSpelt(String stored, String named) {
    register(engine, stored);
    await(engine.routes().deprecate(stored, ALICE, null, null, "old"));
    String path = stored.substring("GET:".length());
    await(engine.rateLimits().set(RateLimitPolicy.of("GET", path, "5/minute"), ALICE));
    String document =
        "'routes': {'%1$s': {'status': 'disabled'}}, 'rate_limits': {'routes': {'%1$s': {'limit':"
            + " '1/minute'}}}";
    assertThat(names(apply(document.formatted(named), PRUNE)))
        .containsExactly("update routes/" + stored, "update rate_limits/routes/" + stored);
    assertThat(engine.routes().get(named).status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(contentOf(store).state(named)).isNull();
    assertThat(contentOf(store).policies()).containsOnlyKeys(stored);
    assertThat(apply(document.formatted(named), PRUNE).entries()).isEmpty();
    String twice =
        "'routes': {'GET:/o/:id': {'status': 'disabled'}, 'GET:/o/{id}': {'status': 'active'}}";
    assertThat(failureOf(engine.declared().apply(document(twice), PLAIN, ALICE)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("named once");
  }

  @Test
  void webhooksAreDeclaredToo() {
    Webhook ops = Webhook.of("ops", "https://ops.example.com/in").withSecretEnv("OPS_SECRET");
    await(engine.webhooks().set(ops, null, null, ALICE));
    await(engine.webhooks().set(Webhook.of("chat", "https://c.example.com"), null, null, ALICE));
    JsonNode exported = engine.declared().export(DeclaredState.Scope.ALL);
    assertThat(exported.at("/webhooks/ops"))
        .isEqualTo(json("{'url': 'https://ops.example.com/in', 'secret_env': 'OPS_SECRET'}"));
    assertThat(exported.toString()).doesNotContain("whsec_");

    ShieldEngine other = started(MemoryBackend.create());
    DeclaredState.Difference made = await(other.declared().apply(exported, PLAIN, ALICE));
    assertThat(names(made)).contains("create webhooks/ops", "create webhooks/chat");
    assertThat(made.warnings()).anyMatch(warning -> warning.startsWith("webhooks/chat: a secret"));
    assertThat(other.declared().export(DeclaredState.Scope.ALL).get("webhooks"))
        .isEqualTo(exported.get("webhooks"));

    DeclaredState.Difference changed =
        apply(
            "'webhooks': {'ops': {'url': 'https://ops.example.com/in', 'events': ['disable'],"
                + " 'secret_env': 'OPS_SECRET'}}",
            PRUNE);
    assertThat(names(changed)).containsExactly("update webhooks/ops", "remove webhooks/chat");
    assertThat(engine.webhooks().list())
        .extracting(Webhook::name, Webhook::events)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("ops", List.of("disable")));
    for (String wrong :
        List.of(
            "{'ops': {'events': []}}",
            "{'Ops': {'url': 'https://a.example'}}",
            "{'ops': {'url': 'ftp://a.example'}}",
            "{'ops': {'url': 'https://a.example', 'secret': 'whsec_x'}}")) {
      assertThatThrownBy(() -> apply("'webhooks': " + wrong, PLAIN))
          .as(wrong)
          .hasMessageContaining("is not allowed");
    }
  }

  @Test
  void anotherEngineThatAppliedItExportsTheSame() {
    changeALot();
    JsonNode exported = engine.declared().export(DeclaredState.Scope.ALL);
    ShieldEngine other = started(MemoryBackend.create());
    register(other, "GET:/a", "GET:/b", "shop:GET:/c");
    DeclaredState.Difference difference = await(other.declared().apply(exported, PLAIN, ALICE));
    assertThat(difference.entries()).hasSize(8);
    assertThat(difference.warnings()).isEmpty();
    assertThat(other.declared().export(DeclaredState.Scope.ALL)).isEqualTo(exported);
    assertThat(other.routes().get("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(other.maintenance().service("shop").includeForceActive()).isTrue();
  }

  @Test
  void isOneCommitWithAnEntryForEachThatChanged() {
    long revision = engine.snapshot().head().revision();
    DeclaredState.Difference difference =
        apply(
            "'routes': {'GET:/b': {'status': 'maintenance', 'reason': 'db'}, 'GET:/a': {'status':"
                + " 'active'}}, 'rate_limits': {'routes': {'GET:/a': {'limit': '5/minute'}}}",
            new DeclaredState.Options(false, "release", null));
    assertThat(names(difference))
        .containsExactly("update routes/GET:/b", "create rate_limits/routes/GET:/a");
    assertThat(difference.entries().get(0).changes())
        .extracting(change -> change.field() + " " + change.before() + " " + change.after())
        .containsExactly("status \"active\" \"maintenance\"", "reason null \"db\"");
    assertThat(contentOf(store).head().revision()).isEqualTo(revision + 1);
    assertThat(auditOf(store))
        .extracting(AuditEntry::path)
        .containsExactlyInAnyOrder("GET:/b", "GET:/a");
    assertThat(auditOf(store).stream().filter(e -> e.path().equals("GET:/b")).findFirst())
        .get()
        .satisfies(
            entry -> {
              assertThat(entry.action()).isEqualTo("maintenance_on");
              assertThat(entry.reason()).isEqualTo("release");
              assertThat(entry.actor()).isEqualTo("alice");
            });
  }

  @Test
  void allOrNothing() {
    Snapshot before = contentOf(store);
    assertThat(
            failureOf(
                engine
                    .declared()
                    .apply(
                        document(
                            "'routes': {'GET:/a': {'status': 'disabled'}}, 'rate_limits':"
                                + " {'global': {'limit': '1/minute', 'exempt_routes': ['x']}}"),
                        PLAIN,
                        ALICE)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("rate_limits/global", "exempt_routes", "'x'");
    assertThat(contentOf(store)).isEqualTo(before);
  }

  @Test
  void aPreviewWritesNothing() {
    Snapshot before = contentOf(store);
    DeclaredState.Difference difference =
        engine.declared().preview(document("'routes': {'GET:/a': {'status': 'disabled'}}"), PLAIN);
    assertThat(names(difference)).containsExactly("update routes/GET:/a");
    assertThat(contentOf(store)).isEqualTo(before);
  }

  @Test
  void whatIsLeftOutHasItsDefaultAndWhatIsNotNamedStays() {
    changeALot();
    apply("'routes': {'GET:/a': {'status': 'disabled'}}", PLAIN);
    assertThat(state("GET:/a").until()).isNull();
    assertThat(state("GET:/a").reason()).isEmpty();
    assertThat(state("GET:/b").window()).isNotNull();
    assertThat(engine.maintenance().global().enabled()).isTrue();
  }

  @Test
  void pruneTakesAwayWhatPeopleChangedInThePartsThatTheDocumentHas() {
    changeALot();
    await(
        engine.register(
            List.of(RouteState.builder("GET:/code").status(RouteStatus.DISABLED).build())));
    DeclaredState.Difference difference =
        apply("'routes': {'GET:/a': {'status': 'disabled'}}, 'maintenance': {}", PRUNE);
    assertThat(names(difference))
        .containsExactlyInAnyOrder(
            "update routes/GET:/a",
            "remove routes/GET:/b",
            "remove routes/shop:GET:/c",
            "remove maintenance/global",
            "remove maintenance/services/shop");
    assertThat(state("GET:/b").window()).isNull();
    assertThat(state("GET:/code").status()).as("code's own").isEqualTo(RouteStatus.DISABLED);
    assertThat(engine.rateLimits().list()).as("no part of the document").hasSize(1);
  }

  /** A gate that the code closes is not opened because a file does not name it. */
  @Test
  void whatIsPrunedIsAgainAsTheCodeDeclaresIt() {
    Declarations all =
        new Declarations(
            List.of(
                new Declarations.Route(
                    RouteState.builder("GET:/closed/:id")
                        .status(RouteStatus.DISABLED)
                        .reason("not yet")
                        .build(),
                    true)),
            List.of(
                RateLimitPolicy.of("GET", "/closed/:id", "5/minute").toBuilder()
                    .origin(Origin.CODE)
                    .build()));
    RouteSource source = () -> {};
    EngineInternals.of(engine).declare(source, all);
    await(engine.routes().enable("GET:/closed/:id", ALICE, "let it"));
    await(
        engine
            .rateLimits()
            .set(RateLimitPolicy.of("GET", "/closed/:id", "900/minute"), null, ALICE));
    String empty = "'routes': {}, 'rate_limits': {}";

    DeclaredState.Difference shown = engine.declared().preview(document(empty), PRUNE);
    assertThat(names(shown))
        .containsExactlyInAnyOrder(
            "remove routes/GET:/closed/:id", "remove rate_limits/routes/GET:/closed/:id");
    assertThat(shown.entries().toString())
        .contains("field=status, before=\"active\", after=\"disabled\"")
        .contains("before=\"900/minute\", after=\"5/minute\"");
    assertThat(apply(empty, PRUNE)).isEqualTo(shown);
    RouteState pruned = state("GET:/closed/:id");
    assertThat(pruned.status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(pruned.reason()).isEqualTo("not yet");
    assertThat(pruned.origin()).isEqualTo(Origin.CODE);
    assertThat(engine.rateLimits().list())
        .singleElement()
        .satisfies(policy -> assertThat(policy.value().limit()).isEqualTo("5/minute"));
    assertThat(apply(empty, PRUNE).entries()).isEmpty();
    Reference.reachabilityFence(source);
  }

  /** Which code elsewhere declares is not known; it is told, and what that says counts later. */
  @Test
  void whatCodeElsewhereDeclaresIsWarnedOfWhenItIsPruned() {
    ShieldEngine elsewhere = started(store);
    RouteState closed = RouteState.builder("GET:/far").status(RouteStatus.DISABLED).build();
    await(elsewhere.register(List.of(closed)));
    eventually(() -> assertThat(engine.snapshot().state("GET:/far")).isNotNull());
    await(engine.routes().disable("GET:/far", ALICE, "mine"));

    DeclaredState.Difference shown = engine.declared().preview(document("'routes': {}"), PRUNE);
    assertThat(names(shown)).containsExactly("remove routes/GET:/far");
    assertThat(shown.warnings()).singleElement().asString().contains("routes/GET:/far", "active");
    assertThat(apply("'routes': {}", PRUNE).warnings()).isEqualTo(shown.warnings());
    assertThat(state("GET:/far").status()).isEqualTo(RouteStatus.ACTIVE);

    ShieldEngine again = started(store);
    await(again.register(List.of(closed)));
    assertThat(again.routes().get("GET:/far").state().status()).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void twoOwnersDoNotTouchWhatIsTheOthers() {
    apply("'owner': 'one', 'routes': {'GET:/a': {'status': 'disabled'}}", PLAIN);
    apply("'owner': 'two', 'routes': {'GET:/b': {'status': 'disabled'}}", PRUNE);
    assertThat(state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(
            failureOf(
                engine
                    .declared()
                    .apply(
                        document("'owner': 'two', 'routes': {'GET:/a': {'status': 'disabled'}}"),
                        PLAIN,
                        ALICE)))
        .isInstanceOf(ChangeConflictException.class)
        .hasMessageContainingAll("routes/GET:/a", "'one'");
    assertThat(
            failureOf(
                engine
                    .declared()
                    .apply(document("'routes': {'GET:/a': {'status': 'active'}}"), PLAIN, ALICE)))
        .isInstanceOf(ChangeConflictException.class);

    JsonNode ofOne = engine.declared().export(new DeclaredState.Scope(null, "one", Set.of()));
    assertThat(ofOne.get("routes").size()).isOne();
    assertThat(await(engine.declared().apply(ofOne, PRUNE, ALICE)).entries()).isEmpty();

    DeclaredState.Difference emptied = apply("'owner': 'one', 'routes': {}", PRUNE);
    assertThat(names(emptied)).containsExactly("remove routes/GET:/a");
    assertThat(state("GET:/a").status()).isEqualTo(RouteStatus.ACTIVE);
    apply("'owner': 'two', 'routes': {'GET:/a': {'status': 'disabled'}}", PLAIN);
    assertThat(state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
  }

  /** Events that wait go with the last webhook that needs them, be it one of several that go. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void severalWebhooksGoWithAllThatWaitsForThem(boolean enabled) {
    ShieldEngine silent = started(on(store).putSetting("SHIELD_WEBHOOKS", "false"));
    await(engine.close());
    for (String name : List.of("one", "two")) {
      await(silent.webhooks().set(Webhook.of(name, "https://x.example.com"), null, null, ALICE));
    }
    await(silent.routes().disable("GET:/a", ALICE, "told"));
    for (String name : enabled ? List.<String>of() : List.of("one", "two")) {
      await(silent.webhooks().disable(name, ALICE));
    }
    assertThat(contentOf(store).documents().keySet()).anyMatch(n -> n.startsWith("webhook-events"));
    await(silent.declared().apply(document("'webhooks': {}"), PRUNE, ALICE));
    assertThat(contentOf(store).documents().keySet()).noneMatch(n -> n.startsWith("webhook"));
  }

  /** What is gone is nobody's once its owner's document does not name it any more. */
  @Test
  void whatIsGoneCanBeDeclaredByAnother() {
    String one =
        "'owner': 'one', 'routes': {'GET:/x': {'status': 'active'}},"
            + " 'rate_limits': {'global': {'limit': '9/minute'},"
            + " 'services': {'shop': {'limit': '8/minute'}},"
            + " 'routes': {'GET:/a': {'limit': '5/minute'}}},"
            + " 'webhooks': {'ops': {'url': 'http://192.0.2.1/'}}";
    apply(one, PLAIN);
    await(engine.routes().forget("GET:/x", true, null, ALICE, "gone"));
    await(engine.rateLimits().global().delete(ALICE));
    await(engine.rateLimits().service("shop").delete(ALICE));
    await(engine.rateLimits().delete("GET:/a", ALICE));
    await(engine.webhooks().delete("ops", null, ALICE));
    apply("'owner': 'one', 'service': 'shop', 'rate_limits': {}", PRUNE);
    assertThat(names(apply("'owner': 'one', 'routes': {}, 'rate_limits': {}", PRUNE)))
        .containsExactlyInAnyOrder(
            "remove routes/GET:/x",
            "remove rate_limits/global",
            "remove rate_limits/routes/GET:/a");
    assertThat(names(apply("'owner': 'one', 'webhooks': {}", PRUNE)))
        .containsExactly("remove webhooks/ops");
    assertThat(apply("'owner': 'one', 'webhooks': {}, 'routes': {}", PRUNE).entries()).isEmpty();
    assertThat(apply(one.replace("'one'", "'two'"), PLAIN).entries()).hasSize(5);
  }

  @Test
  void anOwnerClaimsWhatIsThereAlready() {
    String same = "'owner': 'one', 'routes': {'GET:/a': {'status': 'active'}}";
    assertThat(names(apply(same, PLAIN))).containsExactly("claim routes/GET:/a");
    assertThat(apply(same, PLAIN).entries()).isEmpty();
    assertThat(auditOf(store)).isEmpty();
  }

  @Test
  void aDocumentOfOneServicePrunesThatServiceOnly() {
    changeALot();
    JsonNode exported = engine.declared().export(new DeclaredState.Scope("shop", null, Set.of()));
    assertThat(await(engine.declared().apply(exported, PRUNE, ALICE)).entries()).isEmpty();
    assertThat(exported.get("routes").fieldNames()).toIterable().containsExactly("shop:GET:/c");
    assertThatThrownBy(
            () ->
                engine
                    .declared()
                    .preview(
                        document("'service': 'shop', 'routes': {'GET:/a': {'status': 'active'}}"),
                        PLAIN))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("routes/GET:/a", "service");
  }

  @Test
  void aRouteThatNobodyKnowsIsMadeWithAWarning() {
    DeclaredState.Difference difference =
        apply("'routes': {'GET:/aa': {'status': 'disabled'}}", PLAIN);
    assertThat(names(difference)).containsExactly("create routes/GET:/aa");
    assertThat(difference.warnings()).singleElement().asString().contains("GET:/aa", "GET:/a");
    assertThat(state("GET:/aa").status()).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void aForceActiveRouteIsNotChangedAndMayBeNamed() {
    await(engine.register(List.of(RouteState.builder("GET:/h").forceActive(true).build())));
    assertThat(apply("'routes': {'GET:/h': {'status': 'active'}}", PLAIN).entries()).isEmpty();
    assertThat(
            failureOf(
                engine
                    .declared()
                    .apply(document("'routes': {'GET:/h': {'status': 'disabled'}}"), PLAIN, ALICE)))
        .isInstanceOf(ChangeConflictException.class)
        .hasMessageContaining("force-active");
  }

  @Test
  void aStoreThatWentOnIsNotOverwritten() {
    long seen = engine.snapshot().head().revision();
    await(engine.routes().disable("GET:/b", ALICE, ""));
    assertThat(
            failureOf(
                engine
                    .declared()
                    .apply(
                        document("'routes': {'GET:/a': {'status': 'disabled'}}"),
                        new DeclaredState.Options(false, "", seen),
                        ALICE)))
        .isInstanceOf(VersionMismatchException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'status': 'deprecated', 'sunset_date': 'soon' | sunset_date",
        "'status': 'deprecated', 'successor_path': '/a b' | successor_path",
        "'status': 'disabled', 'allowed_ips': ['1.2.3'] | allowed_ips",
        "'status': 'env_gated' | allowed_envs"
      })
  void refusesWhatNoRequestCouldBeJudgedBy(String fields, String word) {
    assertThatThrownBy(
            () ->
                engine
                    .declared()
                    .preview(document("'routes': {'GET:/a': {" + fields + "}}"), PLAIN))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("routes/GET:/a", word);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | document",
        "{} | shield",
        "{'shield': 2} | shield: '2'",
        "{'shield': 1, 'rotues': {}} | 'rotues'",
        "{'shield': 1, 'owner': ''} | owner",
        "{'shield': 1, 'routes': []} | routes",
        "{'shield': 1, 'routes': {'GET:a': {}}} | routes",
        "{'shield': 1, 'routes': {'GET:/a': {}}} | routes/GET:/a: status",
        "{'shield': 1, 'routes': {'GET:/a': {'status': 'off'}}} | routes/GET:/a: status: 'off'",
        "{'shield': 1, 'routes': {'GET:/a': {'status': 'active', 'untli': '1'}}} | 'untli'",
        "{'shield': 1, 'routes': {'GET:/a': {'status': 'active', 'version': 3}}} | 'version'",
        "{'shield': 1, 'routes': {'GET:/a': {'status': 'active', 'windows': [1, 2]}}} | windows",
        "{'shield': 1, 'routes': {'__shield:global__': {'status': 'active'}}} | routes",
        "{'shield': 1, 'maintenance': {'services': {'a/b': {}}}} | maintenance/services",
        "{'shield': 1, 'rate_limits': {'routes': {'/a': {'limit': '1/minute'}}}} | rate_limits",
        "{'shield': 1, 'rate_limits': {'routes': {'__shield:global_rl__': {}}}} | rate_limits",
        "{'shield': 1, 'rate_limits': {'global': {}}} | rate_limits/global: limit"
      })
  void refusesWhatCannotBeMeant(String text, String word) {
    assertThatThrownBy(() -> engine.declared().preview(json(text), PLAIN))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining(word);
  }
}
