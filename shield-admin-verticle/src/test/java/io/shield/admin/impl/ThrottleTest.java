package io.shield.admin.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.admin.impl.Throttle.Attempt;
import io.shield.admin.impl.Throttle.Line;
import io.shield.fixtures.MutableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who fails has to wait, and nobody else has. */
class ThrottleTest {
  private static final String HOME = "192.0.2.1";

  private final MutableClock clock = MutableClock.create();
  private final Throttle throttle = new Throttle(clock);

  private void fail(String account, String address) {
    throttle.failed(throttle.begin(account, address));
  }

  private void assertWaits(String account, String address) {
    assertThatThrownBy(() -> throttle.begin(account, address))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.retryAfter()).isPositive());
  }

  @Test
  void anAttemptThatWasNotJudgedDoesNotCount() {
    for (int i = 0; i < 20; i++) {
      throttle.notJudged(throttle.begin("alice", HOME));
    }
    for (int i = 0; i < 5; i++) {
      fail("alice", HOME);
    }
    assertWaits("alice", HOME);
  }

  @Test
  void manyAtOnceDoNotSlipThrough() {
    Attempt last = null;
    for (int i = 0; i < 5; i++) {
      last = throttle.begin("alice", HOME);
    }
    assertWaits("alice", HOME);
    throttle.notJudged(last);
    throttle.begin("alice", HOME);
  }

  @Test
  void whoSignedInLatelyIsNotLockedOutByOthers() {
    throttle.succeeded(throttle.begin("alice", HOME));
    for (int stranger = 0; stranger < 100; stranger++) {
      failOnce("alice", "198.51.100." + stranger);
      clock.advance(Duration.ofSeconds(1));
    }
    for (int other = 0; other < 25; other++) {
      failOnce("bob " + other, HOME);
      clock.advance(Duration.ofSeconds(1));
    }
    assertWaits("carol", HOME);
    Attempt mine = throttle.begin("alice", HOME);
    assertThat(mine.line()).isEqualTo(Line.KNOWN);
    throttle.succeeded(mine);
    clock.advance(Duration.ofDays(31));
    assertThat(throttle.begin("alice", HOME).line()).isEqualTo(Line.FRESH);
  }

  private void failOnce(String account, String address) {
    try {
      fail(account, address);
    } catch (RefusedException waits) {
      // it is told to wait, as strangers are
    }
  }

  @Test
  void whoIsKnownWaitsForOwnFailures() {
    throttle.succeeded(throttle.begin("alice", HOME));
    for (int i = 0; i < 5; i++) {
      fail("alice", HOME);
    }
    assertWaits("alice", HOME);
  }

  @Test
  void addressesThatFailDoNotLockOutOnesThatDoNot() {
    for (int i = 0; i < 100; i++) {
      for (int address = 0; address < 40; address++) {
        failOnce("alice", "198.51.100." + address);
      }
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(throttle.begin("alice", HOME).line()).isEqualTo(Line.FRESH);
    clock.advance(Duration.ofSeconds(400));
    assertThat(throttle.begin("bob", "198.51.100.1").line()).isEqualTo(Line.FAILED);
  }

  @Test
  void anAddressOfVersionSixStandsForItsNetwork() {
    for (int i = 0; i < 5; i++) {
      fail("alice", "2001:db8:1:2::" + i);
    }
    assertWaits("alice", "2001:db8:1:2::99");
    throttle.begin("alice", "2001:db8:1:3::1");
  }

  @Test
  void rightPasswordsAreJudgedOneASecondInTheEnd() {
    for (int i = 0; i < 31; i++) {
      throttle.succeeded(throttle.begin("alice", HOME));
    }
    assertWaits("alice", HOME);
    throttle.succeeded(throttle.begin("bob", HOME));
    clock.advance(Duration.ofSeconds(1));
    throttle.succeeded(throttle.begin("alice", HOME));
    assertWaits("alice", HOME);
  }
}
