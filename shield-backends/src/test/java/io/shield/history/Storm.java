package io.shield.history;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Injects one fault after the other, drawn from a seed. */
final class Storm {
  private static final int LONGEST_FAULT_MILLIS = 1500;
  private static final int LONGEST_PAUSE_MILLIS = 400;
  private static final Fault[] FAULTS = Fault.values();

  private final Random random;
  private final RedisDisk redis;
  private final List<Slot> slots;
  private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);

  Storm(Random random, RedisDisk redis, List<Slot> slots) {
    this.random = random;
    this.redis = redis;
    this.slots = slots;
  }

  /** Goes on for so long, and leaves nothing broken. */
  void rage(Duration duration) throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      pass(random.nextInt(LONGEST_PAUSE_MILLIS));
      Fault fault = FAULTS[random.nextInt(FAULTS.length)];
      injected.merge(fault, 1, Integer::sum);
      inject(fault, slots.get(random.nextInt(slots.size())));
    }
    slots.forEach(slot -> slot.proxy().heal());
  }

  private void inject(Fault fault, Slot slot) throws Exception {
    switch (fault) {
      case REDIS_KILLED -> {
        redis.process().kill();
        pass();
        redis.process().restart();
      }
      case REDIS_HALTED -> {
        redis.process().halt();
        pass();
        redis.process().resume();
      }
      case SCRIPTS_FORGOTTEN -> redis.command("SCRIPT FLUSH");
      case NODE_KILLED -> {
        slot.replace();
        slot.node().send("write");
      }
      case NODE_HALTED -> {
        slot.node().halt();
        pass();
        slot.node().resume();
      }
      case CUT -> slot.proxy().cut();
      case HALF_OPEN -> slot.proxy().halfOpen();
      case ANSWERS_DROPPED -> slot.proxy().dropAnswers();
      case QUESTIONS_DROPPED -> slot.proxy().dropQuestions();
      case TRUNCATED -> slot.proxy().truncate();
      case DELAYED -> {
        slot.proxy().delay(1 + random.nextInt(30));
        pass();
        slot.proxy().heal();
      }
      case REFUSED -> {
        slot.proxy().refuse();
        pass();
        slot.proxy().heal();
      }
    }
  }

  private void pass() {
    pass(random.nextInt(LONGEST_FAULT_MILLIS));
  }

  /** Lets the nodes go on for a while. */
  private static void pass(int millis) {
    Duration delay = Duration.ofMillis(1L + millis);
    await().pollDelay(delay).atMost(delay.plusSeconds(30)).until(() -> true);
  }

  /** How often each fault was injected. */
  String summary() {
    return injected.toString();
  }
}
