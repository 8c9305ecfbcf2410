package io.shield.backend.redis.impl;

import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.shield.spi.limit.SharedCounters.Lease;
import io.shield.spi.limit.SharedCounters.Standing;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Equal requests that are charged in one call of the script. Those that are admitted are the first
 * ones. Used on one event loop.
 */
final class CounterCall {
  /** Numbers of the answer before the counters', and of each counter. */
  private static final int HEAD = 2;

  private static final int EACH = 4;
  private static final int EACH_LEASE = 5;

  private final List<Demand> demands;
  private final List<Promise<Answer>> waiting = new ArrayList<>(1);
  private boolean over;

  CounterCall(List<Demand> demands) {
    this.demands = demands;
  }

  void add(Promise<Answer> request) {
    waiting.add(request);
  }

  /**
   * The call.
   *
   * @param generation the latest reset of a policy that is known here, or an empty text
   */
  Request request(boolean whole, CounterKeys keys, Function<String, String> generation) {
    return request(
        Script.CHARGE,
        whole,
        keys.prefix(demands.get(0).limit()),
        "",
        Integer.toString(waiting.size()),
        demands,
        generation);
  }

  /**
   * A call of a script.
   *
   * @param time when it happens; empty for the time of Redis
   * @param second what the script takes behind the time
   */
  static Request request(
      Script script,
      boolean whole,
      String prefix,
      String time,
      String second,
      List<Demand> demands,
      Function<String, String> generation) {
    Request request =
        Request.cmd(whole ? Command.EVAL : Command.EVALSHA)
            .arg(whole ? script.text() : script.sha1())
            .arg(demands.size() + 1)
            .arg(prefix + "generations");
    for (Demand demand : demands) {
      request.arg(key(prefix, demand.limit(), demand.key()));
    }
    request.arg(time).arg(second);
    String shadow = null;
    int group = 0;
    for (Demand demand : demands) {
      String policy = demand.limit().policy();
      if (demand.shadow() && !policy.equals(shadow)) {
        shadow = policy;
        group++;
      }
      LimitRule rule = demand.limit().rule();
      request
          .arg(demand.shadow() ? group : 0)
          .arg(policy)
          .arg(generation.apply(policy))
          .arg(algorithm(rule.algorithm()))
          .arg(rule.capacity())
          .arg(rule.limit().count())
          .arg(rule.periodMicros())
          .arg(demand.cost())
          .arg(demand.ahead());
    }
    return request;
  }

  private static String algorithm(RateLimitAlgorithm algorithm) {
    return algorithm.wireName();
  }

  /** One counter goes on when its policy's count or algorithm changes, not when the period does. */
  static String key(String prefix, Limit limit, String key) {
    String tier = limit.tier() == null ? "" : limit.tier();
    return prefix
        + escaped(limit.policy())
        + "|"
        + escaped(tier)
        + "|"
        + limit.keyStrategy().wireName()
        + "|"
        + limit.rule().periodMicros()
        + "|"
        + key;
  }

  private static String escaped(String name) {
    return name.indexOf('|') < 0 && name.indexOf('%') < 0
        ? name
        : name.replace("%", "%25").replace("|", "%7C");
  }

  /** Whether those who wait were answered. */
  boolean isOver() {
    return over;
  }

  void answered(Response answer) {
    over = true;
    long admitted = answer.get(0).toLong();
    long at = answer.get(1).toLong();
    @Nullable Lease[] lent = leases(answer);
    for (int i = 0; i < waiting.size(); i++) {
      boolean passes = i < admitted;
      List<Standing> standings = new ArrayList<>(demands.size());
      for (int counter = 0; counter < demands.size(); counter++) {
        int first = HEAD + EACH * counter;
        long counted = answer.get(first).toLong();
        long left = answer.get(first + 1).toLong();
        // Those behind it took their part of what is told to remain at the end.
        long behind = Math.max(0, counted - i - 1) * demands.get(counter).cost();
        standings.add(
            new Standing(
                passes && i < counted,
                left + behind,
                answer.get(first + 2).toLong(),
                answer.get(first + 3).toLong(),
                i == 0 ? lent[counter] : null));
      }
      waiting.get(i).tryComplete(new Answer(passes, at, standings));
    }
  }

  private @Nullable Lease[] leases(Response answer) {
    @Nullable Lease[] lent = new Lease[demands.size()];
    for (int at = HEAD + EACH * demands.size(); at < answer.size(); at += EACH_LEASE) {
      lent[answer.get(at).toInteger()] =
          new Lease(
              answer.get(at + 1).toLong(),
              answer.get(at + 2).toLong(),
              answer.get(at + 3).toLong(),
              answer.get(at + 4).toString());
    }
    return lent;
  }

  /** Nothing to those that were answered. */
  void failed(Throwable cause) {
    over = true;
    for (Promise<Answer> request : waiting) {
      request.tryFail(cause);
    }
  }
}
