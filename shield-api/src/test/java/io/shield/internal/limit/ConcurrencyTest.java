package io.shield.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.TestCaller;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests under way, and those that are over though nobody said so. */
class ConcurrencyTest {
  private final Concurrency concurrency = new Concurrency();
  private final Set<Integer> over = new HashSet<>();

  private TestCaller caller(int number) {
    return new TestCaller("10.0.0.1", () -> over.contains(number));
  }

  private Held entered(int number, int max) {
    Held request = new Held(caller(number));
    assertThat(concurrency.enter("key", max, request)).isTrue();
    request.add(() -> concurrency.leave("key", request));
    return request;
  }

  private boolean isRoom(int max) {
    Held request = new Held(caller(-1));
    boolean room = concurrency.enter("key", max, request);
    if (room) {
      concurrency.leave("key", request);
    }
    return room;
  }

  @Test
  void whoLeavesMakesRoomOnce() {
    Held one = entered(1, 2);
    entered(2, 2);
    assertThat(isRoom(2)).isFalse();
    one.release();
    entered(3, 2);
    one.release();
    assertThat(isRoom(2)).isFalse();
    assertThat(concurrency.enter("other key", 2, new Held(caller(4)))).isTrue();
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
