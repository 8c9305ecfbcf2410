package io.shield.internal.limit;

import io.shield.internal.limit.Charge.Standing;
import io.shield.spi.limit.SharedCounters;
import io.shield.spi.limit.SharedCounters.Demand;

/** One shared counter that a request is charged to. Used by one thread at a time. */
final class SharedReservation extends Reservation {
  private static final SharedCounters.Standing NOT_ASKED =
      new SharedCounters.Standing(false, 0, 0, 0);

  final Demand demand;
  private final SharedCounters shared;
  private SharedCounters.Standing standing = NOT_ASKED;
  private long atMicros;
  private boolean counted;

  SharedReservation(Bucket bucket, String key, int wanted, SharedCounters shared, boolean shadow) {
    super(bucket, key, wanted);
    this.shared = shared;
    this.demand = new Demand(bucket.limit(), key, cost, shadow);
  }

  /** What the store answered, and when by its clock. */
  void answered(SharedCounters.Standing answer, long at) {
    standing = answer;
    atMicros = at;
    counted = answer.counted();
  }

  boolean isCounted() {
    return counted;
  }

  long waitMicros() {
    return standing.waitMicros();
  }

  @Override
  void giveBack(long chargedAt) {
    if (counted) {
      shared.giveBack(demand, atMicros);
      counted = false;
    }
  }

  @Override
  long remaining(long now) {
    return standing.remaining();
  }

  @Override
  Standing standing(long now) {
    boolean refuses = !counted && standing.waitMicros() > 0;
    return standing(
        now, refuses ? standing.waitMicros() : standing.resetMicros(), standing.remaining());
  }
}
