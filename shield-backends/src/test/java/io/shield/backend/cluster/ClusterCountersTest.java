package io.shield.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shield.fixtures.LimitModel;
import io.shield.fixtures.Seeds;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.store.Head;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members of a real cluster that count together. */
class ClusterCountersTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static HazelcastNodes nodes;
  private static final List<SharedCounters> MEMBERS = new ArrayList<>();

  private int late;

  @BeforeAll
  static void start() throws Exception {
    nodes = HazelcastNodes.start(3, 4);
    for (Vertx node : nodes.all()) {
      MEMBERS.add(open(node, "counts"));
    }
    awaitSharing(MEMBERS);
  }

  @AfterAll
  static void stop() throws Exception {
    MEMBERS.forEach(member -> get(member.shutdown()));
    nodes.close();
  }

  private static SharedCounters open(Vertx node, String name) {
    SharedCounters counters =
        ClusterBackend.create(new ClusterBackendOptions().setName(name)).sharedCounters();
    get(counters.startup(node));
    return counters;
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static Demand demand(String policy, RateLimitAlgorithm algorithm, int count, String key) {
    LimitRule rule = LimitRule.of(algorithm, new RateLimit(count, Duration.ofDays(1)));
    return new Demand(new Limit(policy, null, KeyStrategy.IP, rule), key, 1, false, 0);
  }

  private static Demand demand(String policy, int count, String key) {
    return demand(policy, RateLimitAlgorithm.MOVING_WINDOW, count, key);
  }

  private static Demand shadow(Demand of) {
    return new Demand(of.limit(), of.key(), of.cost(), true, 0);
  }

  /** Asks until there is an answer: it may take longer than a request waits, and counts then. */
  private Answer charge(SharedCounters member, Demand... demands) {
    Answer[] answer = new Answer[1];
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              answer[0] = get(member.charge(List.of(demands)).otherwise(e -> null));
              late += answer[0] == null ? 1 : 0;
              return answer[0] != null;
            });
    return answer[0];
  }

  /** Every key has one owner, whoever asks. */
  private static void awaitSharing(List<SharedCounters> members) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              for (int key = 0; key < 30; key++) {
                int owners = 0;
                for (SharedCounters member : members) {
                  Future<Answer> answer =
                      member.charge(List.of(demand("warm", 1_000_000, "k" + key)));
                  owners += answer.isComplete() ? 1 : 0;
                  if (get(answer.transform(Future::succeededFuture)).failed()) {
                    return false;
                  }
                }
                if (owners != 1) {
                  return false;
                }
              }
              return true;
            });
  }

  /** What timed out may be counted, so that less may pass than the model says, and never more. */
  @ParameterizedTest
  @EnumSource
  void membersShareALimit(RateLimitAlgorithm algorithm) {
    Random random = Seeds.random("membersShareALimit " + algorithm);
    LimitRule rule = LimitRule.of(algorithm, new RateLimit(20, Duration.ofDays(1)));
    for (int key = 0; key < 10; key++) {
      LimitModel model = new LimitModel(rule);
      int passed = 0;
      int lost = 0;
      for (int i = 0; i < 40; i++) {
        Demand demand = demand("shared" + algorithm, algorithm, 20, "key" + key);
        Future<Answer> asked = MEMBERS.get(random.nextInt(3)).charge(List.of(demand));
        Answer answer = get(asked.otherwise(e -> null));
        lost += answer == null ? 1 : 0;
        if (answer != null && answer.admitted()) {
          passed++;
          assertThat(model.charge("k", 1, answer.atMicros())).isNotNegative();
          assertThat(answer.standings().get(0).remaining()).isLessThanOrEqualTo(20 - passed);
        }
      }
      assertThat(passed).isBetween(20 - lost, 20);
    }
  }

  @Test
  void aRequestOfSeveralOwnersIsChargedToAllOrNone() {
    for (int i = 0; i < 6; i++) {
      Demand wide = demand("wide", 1000, "wide" + i);
      Demand narrow = demand("narrow", 2, "narrow" + i);
      Demand shadow = shadow(demand("shadow", 1, "shadow" + i));
      SharedCounters member = MEMBERS.get(i % 3);
      while (charge(member, wide, narrow, shadow).admitted()) {
        // Until the narrow one refuses.
      }
      Answer refused = charge(member, wide, narrow, shadow);
      assertThat(refused.admitted()).isFalse();
      assertThat(refused.standings().get(1).waitMicros()).isPositive();
      long before = remaining(member, wide) + late;
      for (int again = 0; again < 5; again++) {
        assertThat(charge(member, wide, narrow, shadow).admitted()).isFalse();
      }
      await().atMost(PATIENCE).until(() -> remaining(member, wide) + late >= before);
    }
  }

  private long remaining(SharedCounters member, Demand demand) {
    Demand look = new Demand(demand.limit(), demand.key(), 0, false, 0);
    return charge(member, look).standings().get(0).remaining();
  }

  @Test
  void aResetAtEveryMemberForgets() {
    Demand demand = demand("reset", 1, "key");
    SharedCounters member = MEMBERS.get(0);
    while (charge(member, demand).admitted()) {
      // Once, or not at all if the answer was late.
    }
    assertThat(chargeAfter(each -> each.reset("reset", new Head("e", 1, "c")), member, demand))
        .isTrue();
    assertThat(chargeAfter(each -> each.reset(demand.limit(), "key"), member, demand)).isTrue();
  }

  /** Resets again where an answer was late: that one may have used what the reset gave. */
  private boolean chargeAfter(
      Consumer<SharedCounters> reset, SharedCounters member, Demand demand) {
    while (true) {
      long before = late;
      MEMBERS.forEach(reset);
      boolean admitted = charge(member, demand).admitted();
      if (late == before) {
        return admitted;
      }
    }
  }

  /** Its keys begin anew at those that are left, the others go on. */
  @Test
  void whenAMemberIsLostItsKeysBeginAnewAtOthers() throws Exception {
    Vertx fourth = nodes.add();
    List<SharedCounters> four = new ArrayList<>();
    for (Vertx node : nodes.all()) {
      four.add(open(node, "lost"));
    }
    awaitSharing(four);
    List<Demand> its = new ArrayList<>();
    List<Demand> others = new ArrayList<>();
    for (int key = 0; key < 40; key++) {
      Demand demand = demand("lost", 1, "key" + key);
      boolean own = four.get(3).charge(List.of(demand)).isComplete();
      (own ? its : others).add(demand);
      while (charge(four.get(3), demand).admitted()) {
        // Until it is used.
      }
    }
    nodes.terminateLast();
    assertThat(its).isNotEmpty();
    List<SharedCounters> left = four.subList(0, 3);
    awaitSharing(left);
    for (Demand demand : its) {
      long passed = 0;
      for (SharedCounters member : left) {
        passed += charge(member, demand).admitted() ? 1 : 0;
      }
      assertThat(passed).isLessThanOrEqualTo(1);
    }
    for (Demand demand : others) {
      assertThat(charge(four.get(0), demand).admitted()).isFalse();
    }
    left.forEach(member -> get(member.shutdown()));
    fourth.close();
  }

  @Test
  void outsideAClusterItSaysSo() {
    Vertx alone = Vertx.vertx();
    SharedCounters counters = ClusterBackend.create(new ClusterBackendOptions()).sharedCounters();
    assertThatThrownBy(() -> get(counters.startup(alone))).hasMessageContaining("not clustered");
    get(alone.close());
  }
}
