package io.shield.backend.impl;

import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.shield.spi.limit.SharedCounters.Standing;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Charges a request whose counters lie at several places: its part at each, all at the same time.
 * If one of them refuses or fails, what the others charged is given back. So for a moment a request
 * takes what others find missing, and what a place charged without answering is not given back.
 *
 * @param <P> a place where counters are charged together
 */
public abstract class PartedCharge<P> {
  /** Which demands of a request one place is asked, and what it answers. */
  private record Part<P>(P place, List<Integer> which, Future<Answer> answer) {}

  /** For places that are told by what is overridden. */
  protected PartedCharge() {}

  /** Asks one place. */
  protected abstract Future<Answer> ask(P place, List<Demand> demands);

  /** Gives back at a place what it charged. */
  protected abstract void giveBack(P place, Demand demand, Standing standing, long atMicros);

  /**
   * Charges a request.
   *
   * @param placeOf where a demand's counter lies
   */
  public Future<Answer> charge(List<Demand> demands, Function<Demand, P> placeOf) {
    Map<P, List<Integer>> byPlace = new LinkedHashMap<>();
    for (int i = 0; i < demands.size(); i++) {
      byPlace.computeIfAbsent(placeOf.apply(demands.get(i)), p -> new ArrayList<>(1)).add(i);
    }
    if (byPlace.size() == 1) {
      return ask(byPlace.keySet().iterator().next(), demands);
    }
    List<Part<P>> parts = new ArrayList<>();
    byPlace.forEach(
        (place, which) ->
            parts.add(
                new Part<>(place, which, ask(place, which.stream().map(demands::get).toList()))));
    return Future.join(parts.stream().map(Part::answer).toList())
        .transform(
            all ->
                all.succeeded()
                    ? Future.succeededFuture(joined(demands, parts))
                    : failed(demands, parts, all.cause()));
  }

  private Answer joined(List<Demand> demands, List<Part<P>> parts) {
    boolean admitted = parts.stream().allMatch(part -> part.answer.result().admitted());
    Standing[] standings = new Standing[demands.size()];
    long at = 0;
    for (Part<P> part : parts) {
      at = Math.max(at, part.answer.result().atMicros());
      for (int i = 0; i < part.which.size(); i++) {
        Standing standing = part.answer.result().standings().get(i);
        standings[part.which.get(i)] =
            new Standing(
                admitted && standing.counted(),
                standing.remaining(),
                standing.waitMicros(),
                standing.resetMicros(),
                admitted ? standing.lease() : null);
      }
    }
    if (!admitted) {
      giveBack(demands, parts);
    }
    return new Answer(admitted, at, List.of(standings));
  }

  private Future<Answer> failed(List<Demand> demands, List<Part<P>> parts, Throwable cause) {
    giveBack(demands, parts);
    return Future.failedFuture(cause);
  }

  private void giveBack(List<Demand> demands, List<Part<P>> parts) {
    for (Part<P> part : parts) {
      if (part.answer.failed()) {
        continue;
      }
      Answer answer = part.answer.result();
      for (int i = 0; i < part.which.size(); i++) {
        Standing standing = answer.standings().get(i);
        if (standing.counted()) {
          giveBack(part.place, demands.get(part.which.get(i)), standing, answer.atMicros());
        }
      }
    }
  }
}
