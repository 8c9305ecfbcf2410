package io.shield.backend.cluster.impl.limit;

import io.shield.model.KeyStrategy;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.shield.spi.limit.SharedCounters.Standing;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What members say to each other about counters. */
final class CounterMessages {
  private static final String DEMANDS = "demands";
  private static final String GIVEN_BACK_AT = "given_back_at";

  private CounterMessages() {}

  /** A request to be charged. */
  static JsonObject charge(List<Demand> demands) {
    JsonArray all = new JsonArray();
    demands.forEach(demand -> all.add(json(demand)));
    return new JsonObject().put(DEMANDS, all);
  }

  /** Something that was charged at a time is given back. */
  static JsonObject giveBack(Demand demand, long atMicros) {
    return charge(List.of(demand)).put(GIVEN_BACK_AT, atMicros);
  }

  /** When what is given back was charged; null if something is to be charged. */
  static @Nullable Long givenBackAt(JsonObject message) {
    return message.getLong(GIVEN_BACK_AT);
  }

  private static JsonObject json(Demand demand) {
    LimitRule rule = demand.limit().rule();
    return new JsonObject()
        .put("policy", demand.limit().policy())
        .put("tier", demand.limit().tier())
        .put("key_strategy", demand.limit().keyStrategy().wireName())
        .put("algorithm", rule.algorithm().wireName())
        .put("count", rule.limit().count())
        .put("period_micros", rule.periodMicros())
        .put("burst", rule.burst())
        .put("key", demand.key())
        .put("cost", demand.cost())
        .put("shadow", demand.shadow());
  }

  /**
   * Reads demands.
   *
   * @throws RuntimeException if it is no such message
   */
  static List<Demand> demands(JsonObject message) {
    List<Demand> demands = new ArrayList<>();
    for (Object one : message.getJsonArray(DEMANDS)) {
      JsonObject json = (JsonObject) one;
      Duration period = Duration.of(json.getLong("period_micros"), ChronoUnit.MICROS);
      LimitRule rule =
          new LimitRule(
              RateLimitAlgorithm.parse(json.getString("algorithm")),
              new RateLimit(json.getLong("count"), period),
              json.getInteger("burst"));
      Limit limit =
          new Limit(
              json.getString("policy"),
              json.getString("tier"),
              KeyStrategy.parse(json.getString("key_strategy")),
              rule);
      demands.add(
          new Demand(
              limit, json.getString("key"), json.getLong("cost"), json.getBoolean("shadow"), 0));
    }
    return demands;
  }

  static JsonArray answer(Answer answer) {
    JsonArray json = new JsonArray().add(answer.admitted()).add(answer.atMicros());
    for (Standing standing : answer.standings()) {
      json.add(standing.counted())
          .add(standing.remaining())
          .add(standing.waitMicros())
          .add(standing.resetMicros());
    }
    return json;
  }

  /**
   * Reads an answer.
   *
   * @throws RuntimeException if it is none
   */
  static Answer answer(JsonArray json) {
    List<Standing> standings = new ArrayList<>();
    for (int i = 2; i < json.size(); i += 4) {
      standings.add(
          new Standing(
              json.getBoolean(i),
              json.getLong(i + 1),
              json.getLong(i + 2),
              json.getLong(i + 3),
              null));
    }
    return new Answer(json.getBoolean(0), json.getLong(1), standings);
  }
}
