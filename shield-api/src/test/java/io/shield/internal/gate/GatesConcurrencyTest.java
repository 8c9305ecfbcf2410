package io.shield.internal.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Caller;
import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.Seeds;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatesConcurrencyTest {
  private static final Site SITE = new Site("dev", "pay");
  private static final int READERS = 2;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final MutableClock clock = MutableClock.create();

  @AfterEach
  void stopThreads() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  private <T> List<Future<T>> start(int count, Callable<T> task) {
    return IntStream.range(0, count).mapToObj(i -> threads.submit(task)).toList();
  }

  // --- one switch for all routes ---

  private static final int ROUTES = 2_000;
  private static final int SWITCHES = 60;

  private static boolean isRefused(Gates gates, int slot) {
    return gates.verdict(slot, HttpMethod.GET).decision() instanceof Decision.Refusal;
  }

  /** Waits for the first slot to be refused, then counts the slots that are not, the last first. */
  private static long openAfterTheFirstIsRefused(Gates gates) {
    while (!isRefused(gates, 0)) {
      Thread.onSpinWait();
    }
    return IntStream.range(0, ROUTES).filter(i -> !isRefused(gates, ROUTES - 1 - i)).count();
  }

  @Test
  void aGlobalSwitchTakesEffectForAllRoutesAtOnce() throws Exception {
    List<String> templates = IntStream.range(0, ROUTES).mapToObj(i -> "/r" + i).toList();
    for (int i = 0; i < SWITCHES; i++) {
      Gates gates = new Gates(SITE, clock, false);
      gates.slots(templates);
      List<Future<Long>> readers = start(READERS, () -> openAfterTheFirstIsRefused(gates));
      switchOn(gates, i);

      for (Future<Long> reader : readers) {
        assertThat(reader.get()).as("still open in round %s", i).isZero();
      }
    }
  }

  private static void switchOn(Gates gates, int round) {
    if (round % 2 == 0) {
      gates.update(Snapshots.GLOBAL, List.of(DocumentKey.globalMaintenance()));
    } else {
      gates.replace(Snapshots.GLOBAL, false);
    }
  }

  // --- everything at once ---

  /** Asks for every verdict of every template again and again, in random order. */
  private static long readUntil(AtomicBoolean done, Gates gates, RandomStore random) {
    long read = 0;
    while (!done.get()) {
      int[] slots = gates.slots(RandomStore.TEMPLATES);
      for (int i = 0; i < 1_000; i++) {
        int slot = slots[i % slots.length];
        Verdict verdict = gates.verdict(slot, random.oneOf(RandomStore.METHODS));
        assertThat(verdict.judge(Caller.UNKNOWN)).isNotNull();
        read++;
      }
    }
    return read;
  }

  @Test
  void readersWritersAndNewRoutesDoNotDisturbEachOther() throws Exception {
    long seed = Seeds.next("GatesConcurrencyTest");
    RandomStore store = new RandomStore(new Random(seed));
    Gates gates = new Gates(SITE, clock, false);
    AtomicBoolean done = new AtomicBoolean();
    List<Future<Long>> readers = new ArrayList<>();
    for (int i = 1; i <= READERS; i++) {
      RandomStore random = new RandomStore(new Random(seed + i));
      readers.addAll(start(1, () -> readUntil(done, gates, random)));
    }
    readers.addAll(start(1, () -> addTemplatesUntil(done, gates)));
    try {
      for (int i = 0; i < 1_000; i++) {
        clock.set(store.moment(true));
        Set<DocumentKey> changed = store.commit();
        Gates.Prepared prepared =
            store.chance(80)
                ? gates.prepare(store.snapshot(), changed)
                : gates.prepare(store.snapshot(), false);
        if (store.chance(10)) {
          gates.bypass(true);
        }
        gates.install(prepared);
        gates.bypass(false);
      }
    } finally {
      done.set(true);
    }

    for (Future<Long> reader : readers) {
      assertThat(reader.get()).isPositive();
    }
    assertSaysWhatIsDecided(gates, store.snapshot());
  }

  private static long addTemplatesUntil(AtomicBoolean done, Gates gates) {
    long added = 0;
    while (!done.get() && added < 200) {
      int slot = gates.slots(List.of("/new" + added++))[0];
      assertThat(gates.verdict(slot, HttpMethod.GET)).isNotNull();
    }
    return added;
  }

  /** After all is quiet no stale verdict is left. */
  private void assertSaysWhatIsDecided(Gates gates, Snapshot snapshot) {
    int[] slots = gates.slots(RandomStore.TEMPLATES);
    for (int slot : slots) {
      for (HttpMethod method : RandomStore.METHODS) {
        Decider.Request request =
            new Decider.Request(method.name(), RandomStore.TEMPLATES.get(slot), Caller.UNKNOWN);

        assertThat(gates.verdict(slot, method).judge(Caller.UNKNOWN))
            .isEqualTo(Decider.decide(snapshot, SITE, request, clock.instant()));
      }
    }
  }
}
