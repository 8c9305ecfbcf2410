package io.shield.admin.impl;

import io.shield.admin.Account;
import io.shield.error.InvalidValueException;
import io.vertx.ext.auth.hashing.HashingStrategy;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hashes of passwords in the form of Vert.x: {@code $pbkdf2$it=<rounds>$<salt>$<hash>}. */
public final class PasswordHashes {
  private static final Pattern FORM =
      Pattern.compile(
          "\\$pbkdf2\\$it=(\\d{1,7})\\$[A-Za-z0-9+/]{16,200}={0,2}\\$[A-Za-z0-9+/]{86}");
  private static final int MAX_ROUNDS = 5_000_000;
  private static final int SALT_BYTES = 16;

  /** What it takes to hash; loading it takes long, and not everybody who checks a form hashes. */
  private static final class Hashing {
    static final HashingStrategy STRATEGY = HashingStrategy.load();
    static final SecureRandom RANDOM = new SecureRandom();

    private Hashing() {}
  }

  private PasswordHashes() {}

  /** Hashes a password with a new salt. Slow. */
  public static String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    Hashing.RANDOM.nextBytes(salt);
    return hash(password, salt, Account.MIN_ROUNDS);
  }

  private static String hash(String password, byte[] salt, int rounds) {
    return Hashing.STRATEGY.hash(
        "pbkdf2",
        Map.of("it", String.valueOf(rounds)),
        Base64.getEncoder().withoutPadding().encodeToString(salt),
        password);
  }

  /** So many rounds are hashed for nothing once, so that Java has compiled what repeats. */
  private static final class Warm {
    static final String HASH = hash("", new byte[SALT_BYTES], 20_000);

    private Warm() {}
  }

  /** Makes ready for hashing, so that the first who signs in does not wait for that. */
  static String warm() {
    return Warm.HASH;
  }

  /** What a hash costs. */
  static int rounds(String hash) {
    Matcher form = FORM.matcher(hash);
    return form.matches() ? Integer.parseInt(form.group(1)) : 0;
  }

  /** Whether it is the hash of a password; slow, and in constant time for hashes of one form. */
  static boolean verify(String hash, String password) {
    return Hashing.STRATEGY.verify(hash, password);
  }

  /**
   * Checks the form and the number of rounds.
   *
   * @throws InvalidValueException if it is not a hash, or too cheap a one
   */
  public static String check(String hash) {
    Matcher form = FORM.matcher(hash);
    if (!form.matches()) {
      throw notAllowed("another text");
    }
    int rounds = Integer.parseInt(form.group(1));
    if (rounds < Account.MIN_ROUNDS || rounds > MAX_ROUNDS) {
      throw notAllowed(rounds + " rounds");
    }
    return hash;
  }

  /** Never shows the hash itself. */
  private static InvalidValueException notAllowed(String what) {
    return new InvalidValueException(
        "password_hash",
        what,
        "$pbkdf2$it=<rounds>$<salt>$<hash> with PBKDF2-SHA512 and "
            + Account.MIN_ROUNDS
            + " to "
            + MAX_ROUNDS
            + " rounds");
  }
}
