package io.shield.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.TestCaller;
import io.shield.fixtures.TestRequest;
import io.shield.internal.limit.RateLimiting.HitSink;
import io.shield.internal.limit.key.LimitKeys.LimitCaller;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Charging several policies together. */
class ChargingTest {
  private static final Site SITE = new Site("test", "billing");

  private final MutableClock clock = MutableClock.create();
  private final List<HitSink.Refused> hits = new CopyOnWriteArrayList<>();
  private final RateLimiting limits =
      new RateLimiting(SITE, LimitClock.of(clock), (refused, resetAt) -> hits.add(refused));

  private void inForce(Map<DocumentKey, Versioned<?>> policies) {
    limits.prepare(Snapshot.of(new Head("e", 1, "c"), policies)).run();
  }

  private static Map<DocumentKey, Versioned<?>> policies(
      String global, String service, String route) {
    RateLimitPolicy own = RateLimitPolicy.of("GET", "/x", route);
    Map<DocumentKey, Versioned<?>> all = new LinkedHashMap<>();
    all.put(DocumentKey.globalRateLimit(), versioned(GlobalRateLimitPolicy.of(global)));
    all.put(DocumentKey.serviceRateLimit("billing"), versioned(GlobalRateLimitPolicy.of(service)));
    all.put(DocumentKey.policy(own.key()), versioned(own));
    return all;
  }

  private static <T extends DocumentValue> Versioned<T> versioned(T value) {
    return new Versioned<>(value, 1);
  }

  private Charge charge(String path, LimitCaller caller) {
    return limits.charge(
        new TestRequest(path, HttpMethod.GET, limits.of(path, HttpMethod.GET), caller));
  }

  private static List<Long> remaining(Charge charge) {
    return charge.standings().stream().map(Charge.Standing::remaining).toList();
  }

  /** What remains of the tightest limit, if there is one. */
  private static List<Long> tightest(Charge charge) {
    List<Long> told = new ArrayList<>();
    charge.tellTightest(told, (to, capacity, remaining, resetAtMillis) -> to.add(remaining));
    return told;
  }

  @Test
  void aPolicyInTwoSpellingsIsOne() {
    RateLimitPolicy braces = RateLimitPolicy.of("GET", "/o/{id}", "3/minute");
    RateLimitPolicy colons = RateLimitPolicy.of("GET", "/o/:id", "9/minute");
    Map<DocumentKey, Versioned<?>> both = new LinkedHashMap<>();
    both.put(DocumentKey.policy(braces.key()), new Versioned<>(braces, 2));
    both.put(DocumentKey.policy(colons.key()), new Versioned<>(colons, 1));
    inForce(both);

    assertThat(remaining(charge("/o/:id", new TestCaller("192.0.2.1")))).containsExactly(2L);
    both.put(DocumentKey.policy(colons.key()), new Versioned<>(colons, 3));
    inForce(both);
    assertThat(remaining(charge("/o/:id", new TestCaller("192.0.2.1")))).containsExactly(8L);
  }

  @Test
  void allAreChargedInOneOrderOrNone() {
    inForce(policies("9/minute", "5/minute", "2/minute"));
    LimitCaller caller = new TestCaller("192.0.2.1");
    assertThat(charge("/x", caller).standings())
        .extracting(Charge.Standing::policy)
        .containsExactly("global", "service", "route");
    assertThat(remaining(charge("/x", caller))).containsExactly(7L, 3L, 0L);
    Charge refused = charge("/x", caller);
    assertThat(refused.refusal())
        .isEqualTo(
            new Decision.RateLimited(
                LimitScope.ROUTE, "2/minute", 2, MutableClock.START.plusSeconds(60)));
    assertThat(remaining(refused)).containsExactly(7L, 3L, 0L);
    assertThat(remaining(charge("/other", caller))).containsExactly(6L, 2L);
    assertThat(hits).extracting(HitSink.Refused::limit).containsExactly("2/minute");
  }

  @Test
  void aRefusalTellsWhoseLimitItWas() {
    for (String limits : List.of("1 9 9", "9 1 9", "9 9 1")) {
      String[] each = limits.split(" ", -1);
      inForce(policies(each[0] + "/minute", each[1] + "/minute", each[2] + "/minute"));
      // Counters go on under another limit.
      LimitCaller caller = new TestCaller("192.0.2." + limits.indexOf('1'));
      charge("/x", caller);
      charge("/x", caller);
    }
    assertThat(hits)
        .extracting(HitSink.Refused::scope)
        .containsExactly(LimitScope.GLOBAL, LimitScope.SERVICE, LimitScope.ROUTE);
  }

  /** A policy that stands twice in the list takes what it saw to be there away from itself. */
  @Test
  void whatWasTakenBeforeARaceWasLostIsGivenBack() {
    inForce(policies("9/minute", "5/minute", "1/minute"));
    LimitCaller caller = new TestCaller("192.0.2.1");
    List<PolicyLimit> once = limits.of("/x", HttpMethod.GET).all();
    RouteLimits twice = new RouteLimits("/x", once, List.of(once.get(2)));
    Charge lost = limits.charge(new TestRequest("/x", HttpMethod.GET, twice, caller));
    assertThat(lost.refusal()).extracting(Decision.RateLimited::limit).isEqualTo("1/minute");
    assertThat(remaining(lost)).containsExactly(9L, 5L, 1L, 1L);
    assertThat(remaining(charge("/x", caller))).containsExactly(8L, 4L, 0L);
  }

  /** Who waited as long as was asked is not refused because a tick is late. */
  @Test
  void nobodyIsRefusedByAnOldTick() {
    RateLimiting ticked =
        new RateLimiting(SITE, new LateClock(clock), (refused, resetAt) -> hits.add(refused));
    ticked
        .prepare(Snapshot.of(new Head("e", 1, "c"), policies("1/minute", "9/minute", "9/minute")))
        .run();
    LimitedRequest request =
        new TestRequest(
            "/x", HttpMethod.GET, ticked.of("/x", HttpMethod.GET), new TestCaller("192.0.2.1"));
    assertThat(ticked.charge(request).refusal()).isNull();
    assertThat(ticked.charge(request).refusal()).isNotNull();
    clock.advance(Duration.ofMinutes(1));
    assertThat(ticked.charge(request).refusal()).isNull();
    assertThat(hits).hasSize(1);
  }

  @Test
  void theLimitThatRefusesForLongestIsNamed() {
    inForce(policies("1/hour", "1/day", "1/minute"));
    LimitCaller caller = new TestCaller("192.0.2.1");
    charge("/x", caller);
    assertThat(charge("/x", caller).refusal())
        .extracting(Decision.RateLimited::limit)
        .isEqualTo("1/day");
  }

  @Test
  void policiesThatAreNotInForceCostOneRead() {
    assertThat(limits.isIdle()).isTrue();
    Map<DocumentKey, Versioned<?>> paused =
        Map.of(
            DocumentKey.policy("GET:/x"),
            versioned(
                RateLimitPolicy.of("GET", "/x", "1/minute").toBuilder().enabled(false).build()));
    inForce(paused);
    assertThat(limits.isIdle()).isTrue();
    inForce(policies("9/minute", "5/minute", "2/minute"));
    assertThat(limits.isIdle()).isFalse();
    limits.bypass(true);
    assertThat(limits.isIdle()).isTrue();
    limits.bypass(false);
    assertThat(limits.isIdle()).isFalse();
  }

  @Test
  void anAddressOfVersion6CountsByItsNetwork() {
    inForce(policies("9/minute", "9/minute", "1/minute"));
    assertThat(charge("/x", new TestCaller("2001:db8:1:2::1")).refusal()).isNull();
    assertThat(charge("/x", new TestCaller("2001:db8:1:2:ffff::9")).refusal()).isNotNull();
    assertThat(charge("/x", new TestCaller("2001:db8:1:3::1")).refusal()).isNull();
    assertThat(hits).extracting(HitSink.Refused::key).containsExactly("ip:2001:db8:1:2::/64");
  }

  /** Whoever loses a race gives back what it took from the other limits. */
  @Test
  void manyThreadsNeverGetMoreThanThereIsAndRefusalsCostNothing() throws InterruptedException {
    inForce(policies("100000/hour", "3000/hour", "2000/hour"));
    LimitCaller caller = new TestCaller("192.0.2.1");
    AtomicInteger admitted = new AtomicInteger();
    atTheSameTime(
        4,
        thread -> {
          for (int i = 0; i < 5000; i++) {
            if (charge("/x", caller).refusal() == null) {
              admitted.incrementAndGet();
            }
          }
        });
    assertThat(admitted).hasValue(2000);
    assertThat(remaining(charge("/other", caller))).containsExactly(97_999L, 999L);
  }

  /** Behind each other, two routes count the same limits in opposite orders. */
  @Test
  void nobodyWaitsForeverForWhoCountsInAnotherOrder() throws InterruptedException {
    RateLimitPolicy first = RateLimitPolicy.of("GET", "/first", "1000000/hour");
    RateLimitPolicy second = RateLimitPolicy.of("GET", "/second", "1000000/hour");
    inForce(
        Map.of(
            DocumentKey.policy(first.key()), versioned(first),
            DocumentKey.policy(second.key()), versioned(second)));
    RouteLimits one = limits.of("/first", HttpMethod.GET);
    RouteLimits other = limits.of("/second", HttpMethod.GET);
    List<RouteLimits> orders = List.of(one.behind(other), other.behind(one));
    assertThat(orders.get(0).all()).isNotEqualTo(orders.get(1).all());
    LimitCaller caller = new TestCaller("192.0.2.1");
    atTheSameTime(
        4,
        thread -> {
          LimitedRequest request =
              new TestRequest("/any", HttpMethod.GET, orders.get(thread % 2), caller);
          for (int i = 0; i < 100_000; i++) {
            limits.charge(request);
          }
        });
    assertThat(remaining(charge("/first", caller))).containsExactly(599_999L);
    assertThat(remaining(charge("/second", caller))).containsExactly(599_999L);
  }

  @Test
  void aRouteRemembersWhatItIsBehind() {
    inForce(policies("9/minute", "5/minute", "2/minute"));
    RouteLimits own = limits.of("/x", HttpMethod.GET);
    RouteLimits others = limits.of("/y", HttpMethod.GET);
    assertThat(own.behind(others)).isSameAs(own);
    assertThat(others.behind(own)).isSameAs(others.behind(own));
    assertThat(others.behind(own).all()).hasSize(3);
  }

  @Test
  void aShadowAloneCountsAndRefusesNothing() {
    RateLimitPolicy policy =
        RateLimitPolicy.of("GET", "/x", "1/minute").toBuilder().shadow(true).build();
    inForce(Map.of(DocumentKey.policy(policy.key()), versioned(policy)));
    LimitCaller caller = new TestCaller("192.0.2.1");
    for (int i = 0; i < 3; i++) {
      Charge passed = charge("/x", caller);
      assertThat(passed.refusal()).isNull();
      assertThat(tightest(passed)).isEmpty();
    }
    assertThat(hits).hasSize(2).allMatch(HitSink.Refused::shadow);
  }

  private static void atTheSameTime(int number, IntConsumer task) throws InterruptedException {
    CountDownLatch begin = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < number; t++) {
      int thread = t;
      threads.add(
          new Thread(
              () -> {
                awaitQuietly(begin);
                task.accept(thread);
              }));
    }
    threads.forEach(thread -> thread.setDaemon(true));
    threads.forEach(Thread::start);
    begin.countDown();
    for (Thread thread : threads) {
      thread.join(60_000);
      assertThat(thread.isAlive()).as("still waiting").isFalse();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a shadow policy lets pass and what it would refuse is all there was. */
  @Test
  void aShadowPolicyCountsEachRefusalThatItWouldHaveMade() throws InterruptedException {
    AtomicInteger refusals = new AtomicInteger();
    RateLimiting shadows =
        new RateLimiting(
            SITE, LimitClock.of(clock), (refused, resetAt) -> refusals.incrementAndGet());
    RateLimitPolicy shadow =
        RateLimitPolicy.of("GET", "/x", "2000/hour; 3000/hour").toBuilder().shadow(true).build();
    shadows
        .prepare(
            Snapshot.of(
                new Head("e", 1, "c"), Map.of(DocumentKey.policy(shadow.key()), versioned(shadow))))
        .run();
    LimitedRequest request =
        new TestRequest(
            "/x", HttpMethod.GET, shadows.of("/x", HttpMethod.GET), new TestCaller("192.0.2.1"));
    CountDownLatch begin = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                awaitQuietly(begin);
                for (int i = 0; i < 5000; i++) {
                  shadows.charge(request);
                }
              });
      thread.start();
      threads.add(thread);
    }
    begin.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(refusals).hasValue(18_000);
  }

  /** As those that are enforced do. */
  @Test
  void aShadowPolicyCountsNoRefusalForAnOldTick() {
    RateLimiting ticked =
        new RateLimiting(SITE, new LateClock(clock), (refused, resetAt) -> hits.add(refused));
    RateLimitPolicy shadow =
        RateLimitPolicy.of("GET", "/x", "1/minute").toBuilder()
            .shadow(true)
            .maxConcurrent(1)
            .build();
    ticked
        .prepare(
            Snapshot.of(
                new Head("e", 1, "c"), Map.of(DocumentKey.policy(shadow.key()), versioned(shadow))))
        .run();
    LimitedRequest request =
        new TestRequest(
            "/x", HttpMethod.GET, ticked.of("/x", HttpMethod.GET), new TestCaller("192.0.2.1"));
    ticked.charge(request).release();
    clock.advance(Duration.ofMinutes(1));
    Charge held = ticked.charge(request);
    assertThat(hits).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    ticked.charge(request);
    assertThat(hits).extracting(HitSink.Refused::limit).containsExactly("1 concurrent");
    held.release();
    ticked.charge(request).release();
    assertThat(hits).as("the refused one took nothing").hasSize(1);
  }

  /** Who used up what there is for a second has not used up what there is for a minute. */
  @Test
  void eachOfSeveralLimitsGoesOnAsTheOneWithItsPeriod() {
    RateLimitPolicy policy = RateLimitPolicy.of("GET", "/x", "2/second; 100/minute");
    DocumentKey key = DocumentKey.policy(policy.key());
    inForce(Map.of(key, versioned(policy)));
    LimitCaller caller = new TestCaller("192.0.2.1");
    charge("/x", caller);
    charge("/x", caller);
    inForce(
        Map.of(key, versioned(policy.toBuilder().limit("50/minute; 9/hour; 4/second").build())));
    Charge refused = charge("/x", caller);
    assertThat(refused.refusal()).extracting(Decision.RateLimited::limit).isEqualTo("4/second");
    assertThat(remaining(refused)).containsExactly(49L, 9L, 0L);
    inForce(Map.of(key, versioned(policy.toBuilder().limit("50/minute").build())));
    assertThat(remaining(charge("/x", caller))).containsExactly(48L);
    inForce(Map.of(key, versioned(policy.toBuilder().limit("100/hour").build())));
    assertThat(remaining(charge("/x", caller))).containsExactly(95L);
  }

  @Test
  void headFollowsGetAndNothingElseDoes() {
    RateLimitPolicy get = RateLimitPolicy.of("GET", "/x", "1/minute");
    inForce(Map.of(DocumentKey.policy(get.key()), versioned(get)));
    assertThat(limits.of("/x", HttpMethod.HEAD).isEmpty()).isFalse();
    assertThat(limits.of("/x", HttpMethod.POST).isEmpty()).isTrue();
    assertThat(limits.of("/x", HttpMethod.valueOf("REPORT")).isEmpty()).isTrue();
  }

  /** A seventh of a second is no whole number of milliseconds. */
  @Test
  void theMomentThatIsToldIsNotTooEarly() {
    RateLimitPolicy bucket =
        RateLimitPolicy.of("GET", "/x", "7/second").toBuilder()
            .algorithm(RateLimitAlgorithm.TOKEN_BUCKET)
            .cost(7)
            .build();
    inForce(Map.of(DocumentKey.policy(bucket.key()), versioned(bucket)));
    LimitCaller caller = new TestCaller("192.0.2.1");
    charge("/x", caller);
    inForce(
        Map.of(DocumentKey.policy(bucket.key()), versioned(bucket.toBuilder().cost(1).build())));
    assertThat(charge("/x", caller).refusal())
        .extracting(Decision.RateLimited::resetAt)
        .isEqualTo(MutableClock.START.plusMillis(143));
  }

  @Test
  void anotherKindOfKeyBeginsAnew() {
    RateLimitPolicy policy = RateLimitPolicy.of("GET", "/x", "1/minute");
    inForce(Map.of(DocumentKey.policy(policy.key()), versioned(policy)));
    LimitCaller caller = new TestCaller("192.0.2.1");
    assertThat(charge("/x", caller).refusal()).isNull();
    assertThat(charge("/x", caller).refusal()).isNotNull();
    RateLimitPolicy global = policy.toBuilder().keyStrategy(KeyStrategy.GLOBAL).build();
    inForce(Map.of(DocumentKey.policy(policy.key()), versioned(global)));
    assertThat(charge("/x", caller).refusal()).isNull();
    assertThat(charge("/x", new TestCaller("192.0.2.2")).refusal()).isNotNull();
  }

  private Charge chargeOn(Charge earlier, String path, LimitCaller caller) {
    return limits.charge(
        new TestRequest(
            path,
            HttpMethod.GET,
            limits.of(path, HttpMethod.GET),
            caller,
            LimitedRequest.FIXED_COST,
            earlier));
  }

  private static Map<DocumentKey, Versioned<?>> with(
      Map<DocumentKey, Versioned<?>> others, RateLimitPolicy policy) {
    Map<DocumentKey, Versioned<?>> all = new LinkedHashMap<>(others);
    all.put(DocumentKey.policy(policy.key()), versioned(policy));
    return all;
  }

  @Test
  void aRequestThatIsSentOnIsChargedToWhatDidNotCountItYet() {
    inForce(
        with(
            policies("9/minute", "8/minute", "7/minute"),
            RateLimitPolicy.of("GET", "/y", "6/minute")));
    LimitCaller caller = new TestCaller("192.0.2.1");
    Charge first = charge("/x", caller);
    Charge second = chargeOn(first, "/y", caller);
    assertThat(remaining(second)).containsExactly(8L, 7L, 6L, 5L);
    assertThat(tightest(second)).containsExactly(5L);
    assertThat(chargeOn(second, "/x", caller)).isSameAs(second);
    assertThat(chargeOn(second, "/y", caller)).isSameAs(second);
    assertThat(remaining(charge("/y", caller))).containsExactly(7L, 6L, 4L);
  }

  /** Also when the rules were replaced in between. */
  @Test
  void onePolicyCountsARequestOnce() {
    inForce(policies("9/minute", "8/minute", "7/minute"));
    LimitCaller caller = new TestCaller("192.0.2.1");
    Charge first = charge("/x", caller);
    inForce(policies("90/minute", "80/minute", "70/minute"));
    assertThat(chargeOn(first, "/x", caller)).isSameAs(first);
  }

  @Test
  void aRefusalOfARequestThatWasSentOnGivesAllBack() {
    RateLimitPolicy shadow =
        RateLimitPolicy.of("GET", "/x", "7/minute").toBuilder()
            .shadow(true)
            .algorithm(RateLimitAlgorithm.TOKEN_BUCKET)
            .build();
    RateLimitPolicy narrow = RateLimitPolicy.of("GET", "/y", "1/minute");
    Map<DocumentKey, Versioned<?>> all = policies("9/minute", "8/minute", "7/minute");
    all.put(DocumentKey.policy(shadow.key()), versioned(shadow));
    inForce(with(all, narrow));
    LimitCaller caller = new TestCaller("192.0.2.1");
    assertThat(charge("/y", caller).refusal()).isNull();
    for (int i = 0; i < 20; i++) {
      Charge refused = chargeOn(charge("/x", caller), "/y", caller);
      assertThat(refused.refusal()).extracting(Decision.RateLimited::limit).isEqualTo("1/minute");
      assertThat(remaining(refused)).containsExactly(8L, 7L, 0L);
      // Who sends the refused request on, to a page that says so, is let through.
      Charge told = chargeOn(refused, "/y", caller);
      assertThat(told.refusal()).isNull();
      assertThat(chargeOn(told, "/x", caller).refusal()).isNull();
    }
    assertThat(hits).hasSize(20).noneMatch(HitSink.Refused::shadow);
  }

  @Test
  void aPlaceAmongThoseUnderWayIsGivenBackToo() {
    RateLimitPolicy one =
        RateLimitPolicy.of("GET", "/x", "unlimited").toBuilder().maxConcurrent(1).build();
    RateLimitPolicy other = RateLimitPolicy.of("GET", "/y", "1/minute");
    inForce(with(with(Map.of(), one), other));
    LimitCaller caller = new TestCaller("192.0.2.1");
    Charge first = charge("/x", caller);
    Charge second = chargeOn(first, "/y", caller);
    assertThat(second.isHeld()).isTrue();
    assertThat(charge("/x", caller).refusal()).isNotNull();
    second.release();
    Charge again = charge("/x", caller);
    assertThat(again.refusal()).isNull();
    assertThat(chargeOn(again, "/y", caller).refusal()).isNotNull();
    assertThat(charge("/x", caller).refusal()).isNull();
  }

  /** A clock whose ticks stopped when it was made. */
  private static final class LateClock extends LimitClock {
    private final LimitClock exact;
    private final long tick;

    LateClock(MutableClock clock) {
      exact = LimitClock.of(clock);
      tick = exact.exact();
    }

    @Override
    public long ticked() {
      return tick;
    }

    @Override
    public long exact() {
      return exact.exact();
    }

    @Override
    public long wallOffset() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
