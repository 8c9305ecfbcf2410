package io.shield.backend.file.impl;

import io.shield.backend.file.impl.LimitsContent.Part;
import io.shield.model.store.Head;
import io.shield.spi.limit.CounterStore;
import io.shield.spi.limit.Hits;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.KeptCounters.Kept;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.RateLimitHit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the next limits file holds: what others wrote, without what has passed, and what this
 * process has to add. An engine's counters replace its own former ones; of several engines' of one
 * key only the one with most in use is kept, so that restarts do not pile them up.
 */
final class LimitsMerge {
  /** Counters that differ in the head are not compared: a reset may lie between. */
  private record Place(Limit limit, Head head, String key) {}

  private record Owned(String writer, Kept kept) {}

  private record Owner(String writer, Limit limit, Head head) {}

  private final long nowMicros;
  private final Map<Place, Owned> counters = new LinkedHashMap<>();

  private LimitsMerge(long nowMicros) {
    this.nowMicros = nowMicros;
  }

  /**
   * Merges.
   *
   * @param saved by writer, what its engine has counted
   */
  static LimitsContent of(
      LimitsContent found,
      List<RateLimitHit> hits,
      Map<String, List<KeptCounters>> saved,
      long nowMicros) {
    Hits all = new Hits();
    all.addAll(found.hits());
    all.addAll(hits);
    LimitsMerge merge = new LimitsMerge(nowMicros);
    for (Part part : found.parts()) {
      if (!saved.containsKey(part.writer())) {
        merge.add(part.writer(), part.counters());
      }
    }
    saved.forEach((writer, own) -> own.forEach(one -> merge.add(writer, one)));
    return new LimitsContent(all.all(), merge.parts());
  }

  private void add(String writer, KeptCounters given) {
    for (Kept kept : given.counters()) {
      if (kept.untilMicros() > nowMicros) {
        Place place = new Place(given.limit(), given.head(), kept.counter().key());
        Owned known = counters.get(place);
        if (known == null || kept.exceeds(known.kept)) {
          counters.put(place, new Owned(writer, kept));
        }
      }
    }
  }

  private List<Part> parts() {
    Map<Owner, List<Kept>> chosen = new LinkedHashMap<>();
    int left = CounterStore.MAX_COUNTERS;
    int uses = CounterStore.MAX_USES;
    for (boolean refusing : new boolean[] {true, false}) {
      for (Map.Entry<Place, Owned> entry : counters.entrySet()) {
        Kept kept = entry.getValue().kept;
        int size = kept.counter().uses().size();
        if (kept.refusing() == refusing && left > 0 && uses >= size) {
          left--;
          uses -= size;
          chosen.computeIfAbsent(owner(entry), owner -> new ArrayList<>()).add(kept);
        }
      }
    }
    List<Part> parts = new ArrayList<>();
    chosen.forEach(
        (owner, kept) ->
            parts.add(new Part(owner.writer, new KeptCounters(owner.limit, owner.head, kept))));
    return parts;
  }

  private static Owner owner(Map.Entry<Place, Owned> entry) {
    Place place = entry.getKey();
    return new Owner(entry.getValue().writer, place.limit, place.head);
  }
}
