package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.RateLimits;
import io.shield.ShieldEngine;
import io.shield.WideRateLimit;
import io.shield.error.InvalidValueException;
import io.shield.error.UnknownPolicyException;
import io.shield.error.UnknownRouteException;
import io.shield.error.VersionMismatchException;
import io.shield.fixtures.MutableClock;
import io.shield.internal.limit.key.LimitKeys;
import io.shield.memory.MemoryBackend;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Versioned;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of rate-limit policies: what is stored and what is audited. */
class RateLimitChangesTest extends EngineTest {
  private static final RateLimitPolicy PAY = RateLimitPolicy.of("GET", "/pay", "5/minute");

  private final MemoryBackend store = MemoryBackend.create();
  private ShieldEngine engine;
  private RateLimits limits;

  @BeforeEach
  void start() {
    engine = started(on(store).setClock(MutableClock.create()));
    limits = engine.rateLimits();
    await(
        engine.register(
            List.of(
                RouteState.active("GET:/pay"),
                RouteState.active("GET:/payments"),
                RouteState.active("/all"))));
  }

  private void assertAudited(String path, String service, String action, String reason) {
    AuditEntry entry = auditOf(store).get(0);
    assertThat(entry.path()).isEqualTo(path);
    assertThat(entry.service()).isEqualTo(service);
    assertThat(entry.action()).isEqualTo(action);
    assertThat(entry.reason()).isEqualTo(reason);
    assertThat(entry.actor()).isEqualTo("alice");
    assertThat(entry.previousStatus()).isNull();
    assertThat(entry.nextStatus()).isNull();
  }

  @Test
  void aPolicyIsSetReplacedPausedResumedAndDeleted() {
    Versioned<RateLimitPolicy> set = await(limits.set(PAY, ALICE));
    assertThat(set.value()).isEqualTo(PAY);
    assertAudited("GET:/pay", null, "rl_policy_set", "5/minute \u00b7 fixed_window \u00b7 ip");
    assertThat(limits.get("GET:/pay")).contains(set);

    await(limits.set(PAY.toBuilder().limit("9/minute").build(), ALICE));
    assertAudited("GET:/pay", null, "rl_policy_updated", "9/minute \u00b7 fixed_window \u00b7 ip");
    assertThat(auditOf(store).get(0).changes()).extracting("field").containsExactly("limit");

    assertThatThrownBy(() -> await(limits.pause("GET:/pay", 0L, ALICE)))
        .hasRootCauseInstanceOf(VersionMismatchException.class);
    assertThat(await(limits.pause("GET:/pay", ALICE)).value().enabled()).isFalse();
    assertAudited("GET:/pay", null, "rl_policy_updated", "paused");
    long revision = contentOf(store).head().revision();
    await(limits.pause("GET:/pay", ALICE));
    assertThat(contentOf(store).head().revision()).isEqualTo(revision);
    assertThat(await(limits.resume("GET:/pay", ALICE)).value().enabled()).isTrue();

    await(limits.delete("GET:/pay", ALICE));
    assertAudited("GET:/pay", null, "rl_policy_deleted", "");
    assertThat(limits.list()).isEmpty();
    assertThatThrownBy(() -> await(limits.delete("GET:/pay", ALICE)))
        .hasRootCauseInstanceOf(UnknownPolicyException.class);
  }

  @Test
  void changesOfOnePolicyAreMadeInTheOrderAskedForWithoutWaiting() {
    Future<Versioned<RateLimitPolicy>> set = limits.set(PAY, ALICE);
    Future<Versioned<RateLimitPolicy>> pause = limits.pause("GET:/pay", ALICE);
    Future<Versioned<RateLimitPolicy>> resume = limits.resume("GET:/pay", ALICE);
    Future<Void> delete = limits.delete("GET:/pay", ALICE);
    Future<Versioned<RateLimitPolicy>> again = limits.set(PAY, ALICE);
    assertThat(await(set).value().enabled()).isTrue();
    assertThat(await(pause).value().enabled()).isFalse();
    assertThat(await(resume).value().enabled()).isTrue();
    await(delete);
    assertThat(await(again).value()).isEqualTo(PAY);
    assertThat(auditOf(store))
        .extracting(AuditEntry::action)
        .containsExactly(
            "rl_policy_set",
            "rl_policy_deleted",
            "rl_policy_updated",
            "rl_policy_updated",
            "rl_policy_set");
  }

  @Test
  void whatIsNotPossibleInItsTurnFailsAndTheRestGoesOn() {
    Future<Versioned<RateLimitPolicy>> tooEarly = limits.pause("GET:/payments", ALICE);
    Future<Versioned<RateLimitPolicy>> set = limits.set(PAY, ALICE);
    Future<Void> delete = limits.delete("GET:/pay", ALICE);
    Future<Versioned<RateLimitPolicy>> late = limits.pause("GET:/pay", ALICE);
    assertThat(failureOf(tooEarly)).isInstanceOf(UnknownPolicyException.class);
    await(set);
    await(delete);
    assertThat(failureOf(late)).isInstanceOf(UnknownPolicyException.class);
  }

  @Test
  void theFleetsAndAServicesPolicyAreKeptWhereTheOriginalKeepsThem() {
    GlobalRateLimitPolicy policy = GlobalRateLimitPolicy.of("1000/minute");
    await(limits.global().set(policy, ALICE));
    assertAudited(
        "__global_rl__", null, "global_rl_set", "1000/minute \u00b7 fixed_window \u00b7 ip");
    WideRateLimit billing = limits.service("billing");
    await(billing.set(policy, ALICE));
    assertAudited(
        "__shield:svc_rl:billing__",
        "billing",
        "svc_rl_set",
        "1000/minute \u00b7 fixed_window \u00b7 ip");
    assertThat(contentOf(store).policies())
        .containsOnlyKeys("__shield:global_rl__", "__shield:svc_rl:billing__");

    assertThat(await(billing.pause(ALICE)).value().enabled()).isFalse();
    assertAudited("__shield:svc_rl:billing__", "billing", "svc_rl_disabled", "");
    await(billing.resume(ALICE));
    assertAudited("__shield:svc_rl:billing__", "billing", "svc_rl_enabled", "");
    await(billing.reset(ALICE));
    assertAudited("__shield:svc_rl:billing__", "billing", "svc_rl_reset", "");
    await(limits.global().delete(ALICE));
    assertAudited("__global_rl__", null, "global_rl_deleted", "");
    assertThat(limits.global().get()).isEmpty();
    assertThat(billing.get()).isPresent();
  }

  @Test
  void aResetIsADocumentOfItsScopeOnly() {
    await(limits.set(PAY, ALICE));
    await(limits.set(RateLimitPolicy.of("GET", "/payments", "5/minute"), ALICE));
    await(limits.reset("/pay", null, ALICE));
    assertAudited("GET:/pay", null, "rl_reset", "");
    assertThat(engine.documents().get("reset:GET:/pay")).isPresent();
    assertThat(engine.documents().get("reset:GET:/payments")).isEmpty();

    await(limits.resetKey("GET:/pay", "ip:192.0.2.1", ALICE));
    assertAudited("GET:/pay", null, "rl_reset", "key ip:192.0.2.1");
    await(limits.resetAll(ALICE));
    assertThat(engine.documents().get("reset:all")).isPresent();

    long revision = contentOf(store).head().revision();
    await(limits.reset("/all", "GET", ALICE));
    await(limits.global().reset(ALICE));
    assertThat(contentOf(store).head().revision()).isEqualTo(revision);
    await(limits.delete("GET:/pay", ALICE));
    assertThat(engine.documents().get("reset:GET:/pay")).isEmpty();
  }

  @Test
  void aResetIsOfWhatLimitsTheMethod() {
    await(limits.set(PAY, ALICE));
    await(limits.set(RateLimitPolicy.of("ALL", "/all", "5/minute"), ALICE));
    await(limits.set(RateLimitPolicy.of("GET", "/all", "5/minute"), ALICE));
    Map<List<String>, List<String>> resets =
        Map.of(
            List.of("/pay", "GET"), List.of("reset:GET:/pay"),
            List.of("/pay", "ALL"), List.of("reset:GET:/pay"),
            List.of("GET:/pay", "GET"), List.of("reset:GET:/pay"),
            List.of("/pay", "PUT"), List.of(),
            List.of("/all", "PUT"), List.of("reset:ALL:/all"),
            List.of("/all", "HEAD"), List.of("reset:GET:/all"),
            List.of("/all", "ALL"), List.of("reset:ALL:/all", "reset:GET:/all"));
    resets.forEach(
        (target, written) -> {
          long before = contentOf(store).head().revision();
          await(limits.reset(target.get(0), target.get(1), ALICE));
          assertThat(contentOf(store).documents())
              .as(target.toString())
              .satisfies(
                  documents ->
                      assertThat(
                              documents.entrySet().stream()
                                  .filter(d -> d.getValue().version() > before)
                                  .map(Map.Entry::getKey))
                          .containsExactlyInAnyOrderElementsOf(written));
        });
    for (List<String> wrong :
        List.of(List.of("/pay", "get"), List.of("GET:/pay", "POST"), List.of("/pay", ""))) {
      assertThatThrownBy(() -> await(limits.reset(wrong.get(0), wrong.get(1), ALICE)))
          .hasRootCauseInstanceOf(InvalidValueException.class)
          .hasMessageContaining("method: '" + wrong.get(1) + "'");
    }
  }

  @Test
  void aKeyToResetIsOneThatACounterCanHave() {
    await(limits.set(PAY, ALICE));
    await(limits.global().set(GlobalRateLimitPolicy.of("5/minute"), ALICE));
    for (String key : List.of("", "192.0.2.1", "ip:nobody", "user:", "key:secret", "route:x")) {
      for (Future<Void> reset :
          List.of(limits.resetKey("GET:/pay", key, ALICE), limits.global().resetKey(key, ALICE))) {
        assertThatThrownBy(() -> await(reset))
            .as(key)
            .hasRootCauseInstanceOf(InvalidValueException.class)
            .hasMessageContaining("key: '" + key + "' is not allowed, must be a counter's key");
      }
    }
    await(limits.resetKey("GET:/pay", "ip:2001:db8:1:2:3::4", ALICE));
    assertAudited("GET:/pay", null, "rl_reset", "key ip:2001:db8:1:2::/64");
    await(limits.resetKey("GET:/pay", "user:two\nlines", ALICE));
    assertThat(auditOf(store).get(0).reason()).startsWith("key user:#").hasSize(42);
  }

  /** Hits show the digests of some names; a name may look like one. */
  @Test
  void aNameThatLooksLikeADigestIsResetWhicheverIsMeant() {
    await(limits.set(PAY, ALICE));
    String name = "#" + "0123456789abcdef".repeat(2);
    await(limits.resetKey("GET:/pay", "custom:" + name, ALICE));
    assertThat(engine.documents().get("reset:GET:/pay").orElseThrow().value().content())
        .contains("\"custom:" + name + "\"")
        .contains("\"" + LimitKeys.ofCustom(name) + "\"");
    assertAudited("GET:/pay", null, "rl_reset", "key custom:" + name);
  }

  @Test
  void aPolicyIsForARouteThatIsKnown() {
    await(limits.set(RateLimitPolicy.of("POST", "/all", "5/minute"), ALICE));
    await(limits.set(RateLimitPolicy.of("GET", "GET:/pay", "5/minute"), ALICE));
    assertThat(limits.list())
        .extracting(p -> p.value().key())
        .containsExactly("POST:/all", "GET:/pay");
    for (String other : List.of("POST", "ALL")) {
      assertThatThrownBy(
              () -> await(limits.set(RateLimitPolicy.of(other, "GET:/pay", "5/minute"), ALICE)))
          .hasRootCauseInstanceOf(InvalidValueException.class)
          .hasMessageContaining("method: '" + other + "' is not allowed, must be GET");
    }
    for (RateLimitPolicy wrong :
        List.of(
            RateLimitPolicy.of("GET", "/nope", "5/minute"),
            RateLimitPolicy.of("POST", "/pay", "5/minute"))) {
      assertThatThrownBy(() -> await(limits.set(wrong, ALICE)))
          .hasRootCauseInstanceOf(UnknownRouteException.class);
    }
    assertThatThrownBy(() -> await(limits.reset("/nope", null, ALICE)))
        .hasRootCauseInstanceOf(UnknownRouteException.class);
  }

  /** A service's code names its limit by the path alone, people by the key of the route. */
  @Test
  void aServicesPolicyIsOneByItsPathAndByTheKeyOfItsRoute() {
    await(engine.register(List.of(RouteState.active("shop:GET:/cart/:id"))));
    for (String path : List.of("shop:/cart/:id", "shop:GET:/cart/:id")) {
      RateLimitPolicy first = RateLimitPolicy.of("GET", path, "5/minute");
      await(limits.set(first, ALICE));
      for (String key : List.of("GET:shop:GET:/cart/:id", "GET:shop:/cart/{id}")) {
        assertThat(limits.get(key)).map(Versioned::value).contains(first);
        assertThat(await(limits.pause(key, ALICE)).value().path()).isEqualTo(path);
        assertThat(await(limits.resume(key, ALICE)).value()).isEqualTo(first);
      }
      await(limits.set(RateLimitPolicy.of("GET", "shop:GET:/cart/:id", "9/minute"), ALICE));
      assertThat(limits.list()).extracting(p -> p.value().path()).containsExactly(path);
      assertThat(limits.get("ALL:shop:/cart/:id")).isEmpty();
      assertThat(limits.get("POST:shop:GET:/cart/:id")).isEmpty();
      await(limits.delete("GET:shop:GET:/cart/:id", ALICE));
      assertThat(limits.list()).isEmpty();
    }
  }

  @Test
  void whatCannotBeReadIsRefused() {
    RateLimitPolicy badIps = PAY.toBuilder().exemptIps(List.of("10.0.0.0/99")).build();
    assertThatThrownBy(() -> await(limits.set(badIps, ALICE)))
        .hasRootCauseInstanceOf(InvalidValueException.class)
        .hasMessageContaining("exempt_ips: '10.0.0.0/99'");
    for (GlobalRateLimitPolicy wrong :
        List.of(
            new GlobalRateLimitPolicy(
                "5/minute",
                RateLimitAlgorithm.FIXED_WINDOW,
                KeyStrategy.IP,
                null,
                0,
                List.of("health"),
                true),
            new GlobalRateLimitPolicy(
                "1/100 years",
                RateLimitAlgorithm.TOKEN_BUCKET,
                KeyStrategy.IP,
                null,
                1000,
                List.of(),
                true))) {
      Future<?> refused = limits.global().set(wrong, ALICE);
      assertThatThrownBy(() -> await(refused)).hasRootCauseInstanceOf(InvalidValueException.class);
    }
    assertThatThrownBy(() -> PAY.toBuilder().cost(6).build())
        .hasMessage("cost: 6 is not allowed, must be at most the capacity of '5/minute', 5");
    assertThat(PAY.toBuilder().cost(6).burst(1).build().cost()).isEqualTo(6);
    assertThat(contentOf(store).version(DocumentKey.policy("GET:/pay"))).isZero();
  }

  @Test
  void aVersionThatIsNamedMustBeTheOneStored() {
    Versioned<RateLimitPolicy> set = await(limits.set(PAY, 0L, ALICE));
    assertThatThrownBy(() -> await(limits.set(PAY, 0L, ALICE)))
        .hasRootCauseInstanceOf(VersionMismatchException.class);
    assertThatThrownBy(() -> await(limits.delete("GET:/pay", set.version() + 1, ALICE)))
        .hasRootCauseInstanceOf(VersionMismatchException.class);
    await(limits.delete("GET:/pay", set.version(), ALICE));
  }
}
