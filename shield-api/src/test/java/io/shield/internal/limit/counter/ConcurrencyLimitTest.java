package io.shield.internal.limit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.internal.limit.counter.ConcurrencyLimit.Permit;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests under way, and those that are over though nobody said so. */
class ConcurrencyLimitTest {
  private final ConcurrencyLimit concurrency = new ConcurrencyLimit();
  private final Set<Integer> over = new HashSet<>();

  private Permit permit(int number) {
    return new Permit(() -> over.contains(number));
  }

  private Permit entered(int number, int max) {
    Permit request = permit(number);
    assertThat(concurrency.enter("key", max, request)).isTrue();
    request.add(() -> concurrency.leave("key", request));
    return request;
  }

  private boolean isRoom(int max) {
    Permit request = permit(-1);
    boolean room = concurrency.enter("key", max, request);
    if (room) {
      concurrency.leave("key", request);
    }
    return room;
  }

  @Test
  void whoLeavesMakesRoomOnce() {
    Permit one = entered(1, 2);
    entered(2, 2);
    assertThat(isRoom(2)).isFalse();
    one.release();
    entered(3, 2);
    one.release();
    assertThat(isRoom(2)).isFalse();
    assertThat(concurrency.enter("other key", 2, permit(4))).isTrue();
  }

  @Test
  void whoIsOverMakesRoomThoughNobodySaidSo() {
    entered(1, 2);
    entered(2, 2);
    over.add(2);
    entered(3, 2);
    assertThat(isRoom(2)).isFalse();
  }

  /**
   * A refusal takes little time however many are under way: some are asked, others the next time.
   */
  @Test
  void ofManyUnderWayAllAreAskedInTheEnd() {
    for (int i = 0; i < 1000; i++) {
      entered(i, 1000);
    }
    over.add(999);
    int refusals = 0;
    while (!isRoom(1000)) {
      refusals++;
      assertThat(refusals).isLessThan(16);
    }
    assertThat(refusals).isEqualTo(15);
  }
}
