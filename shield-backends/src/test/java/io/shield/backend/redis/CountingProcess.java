package io.shield.backend.redis;

import io.shield.model.KeyStrategy;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One of several processes that count in a Redis: asks for one decision after the other, many at
 * the same time, until its input ends. Prints a line for each answer that admits, and in the end
 * how many there were of which kind.
 */
final class CountingProcess {
  static final RateLimit LIMIT = new RateLimit(200, Duration.ofSeconds(1));
  private static final int THOUSAND = 1000;

  private final SharedCounters counters;
  private final Vertx vertx;
  private final int underWay;
  private final PrintStream out = System.out;
  private long next;
  private long answered;
  private long failed;
  private long longestMicros;
  private boolean over;

  private CountingProcess(Vertx vertx, SharedCounters counters, int underWay) {
    this.vertx = vertx;
    this.counters = counters;
    this.underWay = underWay;
  }

  /** The URL of Redis, and how many decisions are asked for at the same time. */
  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    RedisBackendOptions options = new RedisBackendOptions().setUrl(args[0]);
    SharedCounters counters = RedisBackend.create(options).sharedCounters();
    counters.startup(vertx).await(60, TimeUnit.SECONDS);
    CountingProcess process = new CountingProcess(vertx, counters, Integer.parseInt(args[1]));
    vertx.runOnContext(v -> process.begin());
    while (System.in.read() >= 0) {
      // Until whoever started it has seen enough.
    }
    vertx.runOnContext(v -> process.end());
  }

  private void begin() {
    for (int i = 0; i < underWay; i++) {
      ask();
    }
  }

  private void ask() {
    RateLimitAlgorithm[] all = RateLimitAlgorithm.values();
    RateLimitAlgorithm algorithm = all[(int) (next++ % all.length)];
    Limit limit =
        new Limit("GET:/" + algorithm, null, KeyStrategy.GLOBAL, LimitRule.of(algorithm, LIMIT));
    long asked = System.nanoTime();
    counters
        .charge(List.of(new Demand(limit, "key", 1, false, 0)))
        .onComplete(
            answer -> {
              longestMicros = Math.max(longestMicros, (System.nanoTime() - asked) / 1000);
              seen(algorithm, answer);
            });
  }

  private void seen(RateLimitAlgorithm algorithm, AsyncResult<Answer> answer) {
    if (answer.failed()) {
      failed++;
    } else {
      answered++;
      if (answered % THOUSAND == 0) {
        out.println("more " + THOUSAND);
      }
      if (answer.result().admitted()) {
        out.println(algorithm + " " + answer.result().atMicros());
      }
    }
    if (over) {
      return;
    }
    if (answer.failed()) {
      // Not at once: while nobody answers, that would be a loop.
      vertx.setTimer(1, timer -> ask());
    } else {
      vertx.runOnContext(v -> ask());
    }
  }

  private void end() {
    over = true;
    out.println("answered " + answered);
    out.println("failed " + failed);
    out.println("longest " + longestMicros);
    out.flush();
    Runtime.getRuntime().halt(0);
  }
}
