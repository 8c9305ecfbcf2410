package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.decision.Decision;
import io.shield.error.ChangeConflictException;
import io.shield.error.UnknownPolicyException;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.value.Parameters;
import io.shield.memory.MemoryBackend;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /orders/{id}}, as others spell it, and {@code /orders/:id} are one route. */
class SpeltParametersTest extends EngineTest {
  private static final String BRACES = "GET:/orders/{id}";
  private static final String COLONS = "GET:/orders/:id";

  private final MemoryBackend store = MemoryBackend.create();

  /** As another system writes it. */
  private void store(String key, RouteStatus status) {
    long version = contentOf(store).version(DocumentKey.state(key));
    RouteState state =
        RouteState.builder(key).status(status).reason("theirs").origin(Origin.RUNTIME).build();
    await(store.commit(new Change(key + status, List.of(edit(key, version, state)), List.of())));
  }

  private static Edit edit(String key, long version, RouteState state) {
    return new Edit(DocumentKey.state(key), version, state);
  }

  private static Decision decision(ShieldEngine engine, String template) {
    EngineInternals internals = EngineInternals.of(engine);
    int slot = internals.gates().slots(List.of(template))[0];
    return internals.gates().verdict(slot, HttpMethod.GET).decision();
  }

  @ParameterizedTest
  @CsvSource({BRACES + "," + COLONS, COLONS + "," + BRACES})
  void whatIsStoredInOneSpellingHoldsInTheOther(String stored, String declared) {
    store(stored, RouteStatus.DISABLED);
    ShieldEngine engine = started(on(store));
    register(engine, declared);
    String template = declared.substring("GET:".length());
    assertThat(decision(engine, template)).isInstanceOf(Decision.Disabled.class);
    assertThat(contentOf(store).states()).as("one state for one route").containsOnlyKeys(stored);
    assertThat(await(engine.routes().enable(declared, ALICE, "")).path()).isEqualTo(stored);
    assertThat(decision(engine, template)).isEqualTo(Decision.ALLOW);
  }

  @Test
  void whatIsWrittenLaterInTheOtherSpellingHolds() {
    ShieldEngine engine = started(on(store));
    register(engine, COLONS);
    assertThat(decision(engine, "/orders/:id")).isEqualTo(Decision.ALLOW);
    store(BRACES, RouteStatus.DISABLED);
    awaitDecision(engine, Decision.Disabled.class);
    store(COLONS, RouteStatus.ACTIVE);
    awaitDecision(engine, Decision.Allow.class);
    store(BRACES, RouteStatus.MAINTENANCE);
    awaitDecision(engine, Decision.Maintenance.class);
  }

  private static void awaitDecision(ShieldEngine engine, Class<? extends Decision> expected) {
    Awaitility.await().until(() -> expected.isInstance(decision(engine, "/orders/:id")));
  }

  /** As a router has it that is merely there. */
  private static void declarePlain(ShieldEngine engine, RouteSource router) {
    Declarations.Route plain = new Declarations.Route(RouteState.active(COLONS), false);
    EngineInternals.of(engine).declare(router, new Declarations(List.of(plain), List.of()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPlainRouteDoesNotReopenWhatIsDeclaredClosedInTheOtherSpelling(boolean plainFirst) {
    RouteSource router = () -> {};
    RouteState closed = RouteState.builder(BRACES).status(RouteStatus.DISABLED).build();
    ShieldEngine engine = created(on(store));
    if (plainFirst) {
      declarePlain(engine, router);
    }
    await(engine.register(List.of(closed)));
    declarePlain(engine, router);
    assertThat(decision(engine, "/orders/:id")).isInstanceOf(Decision.Disabled.class);
    await(engine.start());
    assertThat(decision(engine, "/orders/:id")).isInstanceOf(Decision.Disabled.class);
    assertThat(contentOf(store).states()).containsOnlyKeys(BRACES);
    await(engine.register(List.of(RouteState.active("GET:/other"))));
    assertThat(decision(engine, "/orders/:id")).isInstanceOf(Decision.Disabled.class);
  }

  @Test
  void whatIsDeclaredInOneSpellingIsNotForgottenInTheOther() {
    store(BRACES, RouteStatus.ACTIVE);
    ShieldEngine engine = started(on(store));
    register(engine, COLONS);
    assertThat(failureOf(engine.routes().forget(BRACES, ALICE, "")))
        .isInstanceOf(ChangeConflictException.class)
        .hasMessageContaining("the code that runs here declares it");
    ShieldEngine other = started(on(store));
    assertThat(failureOf(other.routes().forget(BRACES, ALICE, "")))
        .isInstanceOf(ChangeConflictException.class)
        .hasMessageContaining("running code declared it on");
    await(engine.close());
    await(other.routes().forget(BRACES, true, null, ALICE, ""));
    assertThat(contentOf(store).content()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/orders/{id}, /orders/:id", "/orders/:id, /orders/{id}"})
  void aLimitIsSetAndResetInEither(String set, String reset) {
    ShieldEngine engine = started(on(store));
    register(engine, COLONS);
    await(engine.rateLimits().set(RateLimitPolicy.of("GET", set, "5/minute"), ALICE));
    await(engine.rateLimits().reset(reset, "GET", ALICE));
    assertThat(contentOf(store).documents()).containsKey("reset:GET:" + set);
  }

  /** Of a route's limit that is stored in one spelling, by its name in the other. */
  @ParameterizedTest
  @CsvSource({BRACES + "," + COLONS, COLONS + "," + BRACES})
  void aLimitIsChangedInEither(String stored, String named) {
    ShieldEngine engine = started(on(store));
    register(engine, COLONS);
    var limits = engine.rateLimits();
    await(limits.set(RateLimitPolicy.of("GET", pathOf(stored), "5/minute"), ALICE));
    assertThat(await(limits.set(RateLimitPolicy.of("GET", pathOf(named), "9/minute"), ALICE)))
        .satisfies(set -> assertThat(set.value().path()).isEqualTo(pathOf(stored)))
        .isEqualTo(limits.get(named).orElseThrow());
    await(limits.pause(named, ALICE));
    assertThat(limits.get(stored).orElseThrow().value().enabled()).isFalse();
    await(limits.resume(named, ALICE));
    await(limits.resetKey(named, "ip:192.0.2.1", ALICE));
    assertThat(contentOf(store).policies()).containsOnlyKeys(stored);
    assertThat(contentOf(store).documents()).containsKey("reset:" + stored);
    await(limits.delete(named, ALICE));
    assertThat(contentOf(store).policies()).isEmpty();
    assertThat(failureOf(limits.pause(named, ALICE))).isInstanceOf(UnknownPolicyException.class);
  }

  private static String pathOf(String key) {
    return key.substring("GET:".length());
  }

  /** Of a limit that others stored beside ours, in their spelling, the one in force is meant. */
  @ParameterizedTest
  @ValueSource(strings = {BRACES, COLONS})
  void ofTwoSpellingsOfALimitTheOneInForceIsChangedAndBothAreDeleted(String named) {
    for (String key : List.of(COLONS, BRACES)) {
      RateLimitPolicy policy = RateLimitPolicy.of("GET", pathOf(key), "5/minute");
      Edit edit = new Edit(DocumentKey.policy(key), 0, policy);
      await(store.commit(new Change("limit" + key, List.of(edit), List.of())));
    }
    ShieldEngine engine = started(on(store));
    await(engine.rateLimits().pause(named, ALICE));
    assertThat(contentOf(store).value(DocumentKey.policy(BRACES)))
        .isEqualTo(engine.rateLimits().get(COLONS).orElseThrow().value())
        .extracting(policy -> ((RateLimitPolicy) policy).enabled())
        .isEqualTo(false);
    await(engine.rateLimits().delete(named, ALICE));
    assertThat(contentOf(store).policies()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/a/{id}/b/{x_1}, /a/:id/b/:x_1",
    "shop:GET:/a/{id}, shop:GET:/a/:id",
    "/a, /a",
    "shop:/a, shop:/a",
  })
  void spellings(String braces, String colons) {
    assertThat(Parameters.colons(braces)).isEqualTo(colons);
    assertThat(Parameters.braces(colons)).isEqualTo(braces);
    assertThat(Parameters.colons(colons)).isEqualTo(colons);
    assertThat(Parameters.braces(braces)).isEqualTo(braces);
  }

  @Test
  void onlyWhatTakesOneSegmentIsAParameter() {
    assertThat(Parameters.colons("/a/{id:int}")).isEqualTo("/a/:id");
    assertThat(Parameters.colons("/a/{rest:path}")).isEqualTo("/a/{rest:path}");
  }
}
