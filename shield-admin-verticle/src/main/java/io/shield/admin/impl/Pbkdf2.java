package io.shield.admin.impl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * PBKDF2 with HMAC-SHA-512 (RFC 8018, section 5.2), one block of it, in small steps: a thread that
 * waits for the same processor, of a request for instance, comes first. Java's own keeps the
 * processor until its time is up, milliseconds later, and a priority would not change that. After a
 * while it insists, so that whoever signs in at a machine that is never idle gets in. Thread-safe.
 */
final class Pbkdf2 {
  private static final String ALGORITHM = "HmacSHA512";

  /** Some 50 microseconds. */
  private static final int ROUNDS_AT_ONCE = 64;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Runnable stepAside;
  private final LongSupplier nanoTime;

  Pbkdf2() {
    this(Pbkdf2::giveWay, System::nanoTime);
  }

  Pbkdf2(Runnable stepAside, LongSupplier nanoTime) {
    this.stepAside = stepAside;
    this.nanoTime = nanoTime;
  }

  // Only a hint, and it needs no more: where nobody waits for the processor nothing happens.
  @SuppressWarnings("ThreadPriorityCheck")
  private static void giveWay() {
    Thread.yield();
  }

  /**
   * The 64 bytes of a password, which is not empty.
   *
   * @param rounds at least 1
   */
  byte[] hash(String password, byte[] salt, int rounds) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      mac.update(salt);
      mac.update(new byte[] {0, 0, 0, 1});
      byte[] block = mac.doFinal();
      byte[] all = block.clone();
      long begin = nanoTime.getAsLong();
      for (int done = 1; done < rounds; done++) {
        mac.update(block);
        mac.doFinal(block, 0);
        for (int i = 0; i < all.length; i++) {
          all[i] ^= block[i];
        }
        if (done % ROUNDS_AT_ONCE == 0 && nanoTime.getAsLong() - begin < PATIENCE.toNanos()) {
          stepAside.run();
        }
      }
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
