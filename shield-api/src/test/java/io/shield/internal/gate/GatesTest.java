package io.shield.internal.gate;

import static io.shield.internal.gate.Snapshots.disabled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.model.MaintenanceMode;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import io.vertx.core.http.HttpMethod;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatesTest {
  private static final Site SITE = new Site("dev", null);
  private static final Decision STARTING =
      new Decision.Maintenance(Decision.Scope.GLOBAL, "starting", null);
  private static final Decision FLEET =
      new Decision.Maintenance(Decision.Scope.GLOBAL, "fleet", null);

  private final MutableClock clock = MutableClock.create();
  private final Gates gates = new Gates(SITE, clock, false);

  private int slot(String template) {
    return gates.slots(List.of(template))[0];
  }

  private Decision get(String template) {
    return gates.verdict(slot(template), HttpMethod.GET).decision();
  }

  // --- slots ---

  @Test
  void aTemplateKeepsItsSlot() {
    assertThat(gates.slots(List.of("/a", "/b", "/a"))).containsExactly(0, 1, 0);
    assertThat(gates.slots(List.of("/c", "/b"))).containsExactly(2, 1);
    assertThat(gates.slots(List.of())).isEmpty();
    gates.replace(Snapshots.of(disabled("/b")), false);
    assertThat(gates.slots(List.of("/a", "/b", "/c"))).containsExactly(0, 1, 2);
    assertThat(gates.size()).isEqualTo(3);
    assertThat(get("/a")).isEqualTo(Decision.ALLOW);
    assertThat(get("/b")).isEqualTo(new Decision.Disabled("/b", null));
  }

  @Test
  void templatesThatNobodyHoldsLeaveNothing() {
    int kept = slot("/kept");
    for (int round = 0; round < 20; round++) {
      int first = round * 5000;
      List<String> templates =
          IntStream.range(first, first + 5000).mapToObj(i -> "/r" + i).toList();
      assertThat(gates.lease(templates)).hasSize(5000);
    }
    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(gates.slots(List.of("/kept"))).containsExactly(kept);
              assertThat(gates.size()).isEqualTo(1);
            });
  }

  @Test
  void aSlotThatOthersGetIsGovernedByTheirTemplate() {
    gates.replace(Snapshots.of(disabled("/old"), disabled("/closed")), false);
    int slot = gates.lease(List.of("/old"))[0];
    Gates.Prepared prepared =
        gates.prepare(Snapshots.of(disabled("/old"), disabled("/closed")), false);
    await()
        .until(
            () -> {
              System.gc();
              gates.slots(List.of());
              return gates.size() == 0;
            });
    int[] next = gates.lease(List.of("/open", "/closed"));
    assertThat(next).contains(slot);
    for (int i = 0; i < 2; i++) {
      assertThat(gates.verdict(next[0], HttpMethod.GET).decision()).isEqualTo(Decision.ALLOW);
      assertThat(gates.verdict(next[1], HttpMethod.GET).decision())
          .isEqualTo(new Decision.Disabled("/closed", null));
      // One that was compiled before they came.
      gates.install(prepared);
    }
  }

  @Test
  void aLeasedTemplateKeepsItsSlotWhileAnyoneHoldsIt() {
    int[] first = gates.lease(List.of("/a", "/a"));
    assertThat(gates.lease(List.of("/a"))).containsExactly(first[0]);
    System.gc();
    assertThat(gates.lease(List.of("/b", "/a"))[1]).isEqualTo(first[1]);
  }

  @Test
  void aTemplateThatComesLateIsGovernedAtOnce() {
    gates.replace(Snapshots.of(disabled("GET:/late"), disabled("PURGE:/late")), false);

    assertThat(get("/late")).isEqualTo(new Decision.Disabled("GET:/late", null));
    assertThat(gates.verdict(slot("/late"), HttpMethod.valueOf("PURGE")).decision())
        .isEqualTo(new Decision.Disabled("PURGE:/late", null));
    assertThat(gates.verdict(slot("/late"), HttpMethod.POST).decision()).isEqualTo(Decision.ALLOW);
  }

  /** What lies between the verdicts of requests costs each of them time. */
  @Test
  void headHasTheVerdictOfGetUnlessItHasAStateOfItsOwn() {
    gates.replace(Snapshots.of(disabled("GET:/a"), disabled("GET:/b"), disabled("HEAD:/b")), false);

    Verdict get = gates.verdict(slot("/a"), HttpMethod.GET);
    assertThat(gates.verdict(slot("/a"), HttpMethod.HEAD)).isSameAs(get);
    assertThat(gates.verdict(slot("/b"), HttpMethod.HEAD).decision())
        .isEqualTo(new Decision.Disabled("HEAD:/b", null));
    assertThat(get("/b")).isEqualTo(new Decision.Disabled("GET:/b", null));
  }

  @Test
  void aTemplateThatComesWhileAnotherStoreIsPreparedIsGovernedByTheOld() {
    gates.replace(Snapshots.of(disabled("PURGE:/late")), false);
    Gates.Prepared prepared = gates.prepare(Snapshots.EMPTY, false);
    int late = slot("/late");
    HttpMethod purge = HttpMethod.valueOf("PURGE");
    assertThat(gates.verdict(late, purge).decision())
        .isEqualTo(new Decision.Disabled("PURGE:/late", null));
    gates.install(prepared);
    assertThat(gates.verdict(late, purge).decision()).isEqualTo(Decision.ALLOW);
  }

  @Test
  void aTemplateThatComesWhileASnapshotIsPreparedIsGoverned() {
    Gates.Prepared prepared =
        gates.prepare(Snapshots.of(disabled("GET:/a"), disabled("GET:/late")), false);
    int late = slot("/late");
    gates.install(prepared);

    assertThat(gates.verdict(late, HttpMethod.GET).decision())
        .isEqualTo(new Decision.Disabled("GET:/late", null));
  }

  // --- changes ---

  /** The maintenance and the state of one commit take effect together. */
  @Test
  void aCommitOfMaintenanceAndStateIsEnforcedInFull() {
    slot("/a");
    Snapshot next = Snapshots.with(Snapshots.of(disabled("GET:/a")), MaintenanceMode.OFF);

    gates.update(next, List.of(DocumentKey.globalMaintenance(), DocumentKey.state("GET:/a")));

    assertThat(get("/a")).isEqualTo(new Decision.Disabled("GET:/a", null));
  }

  @Test
  void nothingOfADeletedStateRemains() {
    gates.replace(Snapshots.of(disabled("GET:/a")), false);
    assertThat(get("/a")).isInstanceOf(Decision.Disabled.class);

    gates.update(Snapshots.EMPTY, List.of(DocumentKey.state("GET:/a")));

    assertThat(get("/a")).isEqualTo(Decision.ALLOW);
  }

  // --- cold start and bypass ---

  @Test
  void aClosedColdStartLetsOnlyForceActiveRoutesPass() {
    Gates cold = new Gates(SITE, clock, true);
    Snapshot declared =
        Snapshots.of(
            RouteState.active("GET:/a"),
            RouteState.builder("GET:/health").forceActive(true).build());
    int[] slots = cold.slots(List.of("/a", "/health"));
    cold.replace(declared, true);

    assertThat(cold.verdict(slots[0], HttpMethod.GET).decision()).isEqualTo(STARTING);
    assertThat(cold.verdict(slots[1], HttpMethod.GET).decision()).isEqualTo(Decision.ALLOW);

    cold.update(
        Snapshots.with(declared, DocumentKey.state("GET:/a"), disabled("GET:/a")),
        List.of(DocumentKey.state("GET:/a")));
    assertThat(cold.verdict(slots[0], HttpMethod.GET).decision())
        .as("still closed after a change")
        .isEqualTo(STARTING);

    cold.replace(declared, false);
    assertThat(cold.verdict(slots[0], HttpMethod.GET).decision()).isEqualTo(Decision.ALLOW);
  }

  @Test
  void aBypassEnforcesNothingUntilItEnds() {
    gates.replace(Snapshots.with(Snapshots.of(disabled("/a")), MaintenanceMode.on("fleet")), true);
    assertThat(get("/a")).isEqualTo(FLEET);

    gates.bypass(true);
    assertThat(get("/a")).isEqualTo(Decision.ALLOW);
    gates.update(Snapshots.of(disabled("/a")), List.of(DocumentKey.globalMaintenance()));
    assertThat(get("/a")).as("changed meanwhile").isEqualTo(Decision.ALLOW);

    gates.bypass(false);
    gates.replace(Snapshots.of(disabled("/a")), false);
    assertThat(get("/a")).isEqualTo(new Decision.Disabled("/a", null));
  }

  /** A request that finds no verdict is let pass. The clock is read while verdicts are compiled. */
  @Test
  void noTableIsEverSeenThatLacksASlot() {
    List<Decision> seen = new ArrayList<>();
    AtomicReference<Runnable> request = new AtomicReference<>(() -> {});
    InstantSource watched =
        () -> {
          request.get().run();
          return clock.instant();
        };
    Gates own = new Gates(SITE, watched, false);
    Gates.Prepared prepared = own.prepare(Snapshots.of(disabled("/late")), false);
    int slot = own.slots(List.of("/early", "/late"))[1];
    request.set(() -> seen.add(own.verdict(slot, HttpMethod.GET).decision()));
    own.install(prepared);
    assertThat(seen).isNotEmpty().containsOnly(Decision.ALLOW);
    assertThat(own.verdict(slot, HttpMethod.GET).decision())
        .isEqualTo(new Decision.Disabled("/late", null));
  }

  @Test
  void aBypassThatBeginsWhileASnapshotIsPreparedHolds() {
    int slot = slot("/a");
    Gates.Prepared prepared = gates.prepare(Snapshots.of(disabled("/a")), false);
    gates.bypass(true);
    gates.install(prepared);

    assertThat(gates.verdict(slot, HttpMethod.GET).decision()).isEqualTo(Decision.ALLOW);
    gates.bypass(false);
    assertThat(gates.verdict(slot, HttpMethod.GET).decision())
        .isEqualTo(new Decision.Disabled("/a", null));
  }

  // --- the clock ---

  /** A clock that counts how often it is asked. */
  private static final class CountingClock implements InstantSource {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public Instant instant() {
      asked.incrementAndGet();
      return MutableClock.START;
    }
  }

  @Test
  void onlyAVerdictWithAnEdgeReadsTheClock() {
    CountingClock counting = new CountingClock();
    Gates counted = new Gates(SITE, counting, false);
    int[] slots = counted.slots(List.of("/a", "/b", "/timed"));
    counted.replace(
        Snapshots.of(
            disabled("/b"),
            RouteState.builder("/timed")
                .window(
                    new MaintenanceWindow(
                        MutableClock.START.plusSeconds(1), MutableClock.START.plusSeconds(2), ""))
                .build()),
        false);

    counting.asked.set(0);
    counted.verdict(slots[0], HttpMethod.GET);
    counted.verdict(slots[1], HttpMethod.GET);
    assertThat(counting.asked).hasValue(0);
    counted.verdict(slots[2], HttpMethod.GET);
    assertThat(counting.asked).hasValue(1);
  }

  @Test
  void theFirstRequestPastAnEdgeSeesItAndTheClockMayGoBack() {
    MaintenanceWindow window =
        new MaintenanceWindow(
            MutableClock.START.plusMillis(1000), MutableClock.START.plusMillis(2000), "db");
    gates.replace(Snapshots.of(RouteState.builder("/a").window(window).build()), false);
    Decision inside =
        new Decision.Maintenance(Decision.Scope.ROUTE, "db", MutableClock.START.plusMillis(2000));
    int[] millis = {0, 999, 1000, 1001, 1999, 2000, 5000, 1999, 999, 1000, 0};
    boolean[] closed = {false, false, true, true, true, false, false, true, false, true, false};
    for (int i = 0; i < millis.length; i++) {
      clock.set(MutableClock.START.plusMillis(millis[i]));

      assertThat(get("/a"))
          .as("step %s at %s ms", i, millis[i])
          .isEqualTo(closed[i] ? inside : Decision.ALLOW);
    }
  }

  // --- cost ---

  /** What a constant verdict can be. */
  private enum Constant {
    UNKNOWN,
    DISABLED,
    DEPRECATED,
    GLOBAL,
    PAST_ITS_EDGE;

    Snapshot snapshot() {
      return switch (this) {
        case UNKNOWN -> Snapshots.EMPTY;
        case DISABLED -> Snapshots.of(Snapshots.disabled("GET:/a"));
        case DEPRECATED ->
            Snapshots.of(RouteState.builder("/a").status(RouteStatus.DEPRECATED).build());
        case GLOBAL -> Snapshots.GLOBAL;
        case PAST_ITS_EDGE ->
            Snapshots.of(
                Snapshots.disabled("/a").toBuilder()
                    .until(Instant.parse("2020-01-01T00:00:00Z"))
                    .build());
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConstantVerdictAllocatesNothing(Constant constant) {
    Gates measured = new Gates(SITE, InstantSource.system(), false);
    int slot = measured.slots(List.of("/a"))[0];
    measured.replace(constant.snapshot(), false);
    HttpMethod[] methods = {HttpMethod.GET, HttpMethod.POST, HttpMethod.valueOf("PURGE")};
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int refused = refusals(measured, slot, methods, 200_000);

    long before = threads.getCurrentThreadAllocatedBytes();
    refused += refusals(measured, slot, methods, 1_000_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(refused > 0).isEqualTo(constant == Constant.DISABLED || constant == Constant.GLOBAL);
    assertThat(allocated).as("bytes in a million calls").isLessThan(50_000);
  }

  private static int refusals(Gates gates, int slot, HttpMethod[] methods, int calls) {
    int refused = 0;
    for (int i = 0; i < calls; i++) {
      Verdict verdict = gates.verdict(slot, methods[i % methods.length]);
      if (verdict.decision() instanceof Decision.Refusal) {
        refused++;
      }
    }
    return refused;
  }
}
