package io.shield.admin.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.Seeds;
import io.vertx.ext.auth.hashing.HashingStrategy;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;

/** Passwords are hashed as everybody does it, but in small steps. */
class Pbkdf2Test {
  private static final String CHARACTERS = "aZ0 ~äß€漢\t\"\\";

  private final AtomicInteger steps = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final Pbkdf2 counting = new Pbkdf2(steps::incrementAndGet, nanos::get);

  private static String password(Random random) {
    StringBuilder password = new StringBuilder("x");
    for (int length = random.nextInt(200); length > 0; length--) {
      password.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
    }
    return password.toString();
  }

  @Test
  void isWhatJavaMakes() throws Exception {
    Random random = Seeds.random("passwords");
    SecretKeyFactory java = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512");
    for (int i = 0; i < 50; i++) {
      String password = password(random);
      byte[] salt = new byte[1 + random.nextInt(40)];
      random.nextBytes(salt);
      int rounds = 1 + random.nextInt(300);
      byte[] expected =
          java.generateSecret(new PBEKeySpec(password.toCharArray(), salt, rounds, 512))
              .getEncoded();
      assertThat(new Pbkdf2().hash(password, salt, rounds)).isEqualTo(expected);
    }
  }

  @Test
  void hashesOfVertxAndOursAreTheSame() {
    HashingStrategy vertx = HashingStrategy.load();
    String ours = PasswordHashes.hash("correct hörse");
    assertThat(vertx.verify(ours, "correct hörse")).isTrue();
    String salt = "c2FsdHNhbHRzYWx0c2FsdA";
    String theirs = vertx.hash("pbkdf2", Map.of("it", "1000"), salt, "correct hörse");
    assertThat(PasswordHashes.verify(theirs, "correct hörse")).isTrue();
    assertThat(PasswordHashes.verify(theirs, "correct horse")).isFalse();
    assertThat(PasswordHashes.verify("", "correct horse")).as("no hash").isFalse();
  }

  @Test
  void stepsAsideAgainAndAgain() {
    counting.hash("x", new byte[16], 6_401);
    assertThat(steps).hasValue(100);
  }

  @Test
  void insistsAfterAWhile() {
    Pbkdf2 slow = new Pbkdf2(() -> nanos.addAndGet(100_000_000L), nanos::get);
    slow.hash("x", new byte[16], 6_401);
    assertThat(nanos).as("a second").hasValue(1_000_000_000L);
  }
}
