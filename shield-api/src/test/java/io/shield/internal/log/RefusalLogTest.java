package io.shield.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Decision;
import io.shield.decision.Decision.Refusal;
import io.shield.decision.Decision.Scope;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals in the log: one line a second of a kind, with the number of those left out. */
class RefusalLogTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Refusal CLOSED = new Decision.Maintenance(Scope.ROUTE, "upgrade", null);
  private static final Refusal OFF = new Decision.Disabled("broken\nINFO forged", null);

  /** Such clocks begin anywhere, and go over from the greatest number to the least. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - SECOND / 2);

  private final RecordedLog recorded = new RecordedLog();
  private final RefusalLog log = new RefusalLog(recorded.logger(), nanos::get);

  private void refuse(String template, Refusal refusal, int times) {
    for (int i = 0; i < times; i++) {
      log.refused(template, HttpMethod.GET, refusal);
    }
  }

  @Test
  void oneASecondIsToldWithTheNumberOfTheOthers() {
    refuse("/pay", CLOSED, 1000);
    assertThat(recorded.lines())
        .containsExactly(
            "route=/pay method=GET status=503 code=MAINTENANCE_MODE untold=0 reason=upgrade"
                + " refused");
    nanos.addAndGet(SECOND - 1);
    refuse("/pay", CLOSED, 1);
    assertThat(recorded.lines()).isEmpty();
    nanos.addAndGet(1);
    refuse("/pay", CLOSED, 5);
    assertThat(recorded.lines()).singleElement().asString().contains(" untold=1000 ");
    nanos.addAndGet(3600 * SECOND);
    refuse("/pay", CLOSED, 1);
    assertThat(recorded.lines()).singleElement().asString().contains(" untold=4 ");
  }

  @Test
  void whatIsFollowedByNothingIsToldAfterASecond() {
    refuse("/pay", CLOSED, 1000);
    refuse("/quiet", CLOSED, 1);
    assertThat(recorded.lines()).hasSize(2);
    log.tellRest();
    assertThat(recorded.lines()).isEmpty();
    nanos.addAndGet(SECOND);
    log.tellRest();
    assertThat(recorded.lines())
        .containsExactly(
            "route=/pay method=GET status=503 code=MAINTENANCE_MODE untold=998 reason=upgrade"
                + " refused");
    refuse("/pay", CLOSED, 3);
    nanos.addAndGet(SECOND);
    log.tellRest();
    assertThat(recorded.lines()).singleElement().asString().contains(" untold=2 ");
    nanos.addAndGet(SECOND);
    log.tellRest();
    assertThat(recorded.lines()).isEmpty();
  }

  /** What is told late keeps the bound of all lines too, and is told in the end. */
  @Test
  void theRestOfManyRoutesIsToldLittleByLittle() {
    for (int i = 0; i < 50; i++) {
      refuse("/" + i, CLOSED, 2);
    }
    int told = recorded.lines().size();
    for (int second = 0; second < 4; second++) {
      nanos.addAndGet(SECOND);
      log.tellRest();
      List<String> lines = recorded.lines();
      assertThat(lines).hasSizeLessThanOrEqualTo(RefusalLog.LINES_PER_SECOND);
      told += lines.stream().mapToInt(line -> 1 + untold(line)).sum();
    }
    assertThat(told).isEqualTo(100);
  }

  @Test
  void routesAndKindsAreToldEachByItself() {
    refuse("/pay", CLOSED, 2);
    refuse("/pay", OFF, 2);
    refuse("/orders", CLOSED, 2);
    refuse("/a", new Decision.EnvGated("production", List.of("dev", "staging")), 1);
    refuse("/a", new Decision.RateLimited(LimitScope.ROUTE, "5/minute", 5, Instant.EPOCH), 1);
    assertThat(recorded.lines())
        .extracting(line -> line.replaceFirst(" untold=0", ""))
        .containsExactly(
            "route=/pay method=GET status=503 code=MAINTENANCE_MODE reason=upgrade refused",
            "route=/pay method=GET status=503 code=ROUTE_DISABLED reason=\"broken\\\\u000aINFO forged\""
                + " refused",
            "route=/orders method=GET status=503 code=MAINTENANCE_MODE reason=upgrade refused",
            "route=/a method=GET status=403 code=ENV_GATED reason=\"open in dev, staging only\" refused",
            "route=/a method=GET status=429 code=RATE_LIMIT_EXCEEDED reason=\"more than 5/minute\""
                + " refused");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void howeverManyRoutesAreClosedThereAreFewLines(int seconds) {
    for (int second = 0; second < seconds; second++) {
      for (int i = 0; i < 1000; i++) {
        refuse("/" + i, CLOSED, 1);
      }
      nanos.addAndGet(SECOND);
    }
    assertThat(recorded.lines()).hasSize(seconds * RefusalLog.LINES_PER_SECOND);
  }

  @Test
  void noneIsLostAmongThreads() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads =
        List.of(0, 1, 2, 3).stream()
            .map(
                n ->
                    new Thread(
                        () -> {
                          try {
                            go.await();
                          } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                          }
                          refuse("/pay", CLOSED, 1000);
                        }))
            .toList();
    threads.forEach(Thread::start);
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    nanos.addAndGet(SECOND);
    refuse("/pay", CLOSED, 1);
    List<String> lines = recorded.lines();
    assertThat(lines).hasSize(2);
    assertThat(lines.stream().mapToInt(RefusalLogTest::untold).sum()).isEqualTo(3999);
  }

  private static int untold(String line) {
    return Integer.parseInt(line.replaceFirst(".* untold=(\\d+) .*", "$1"));
  }
}
