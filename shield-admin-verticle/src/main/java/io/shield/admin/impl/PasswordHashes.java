package io.shield.admin.impl;

import io.shield.admin.Account;
import io.shield.error.InvalidValueException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hashes of passwords in the form of Vert.x: {@code $pbkdf2$it=<rounds>$<salt>$<hash>}. */
public final class PasswordHashes {
  private static final Pattern FORM =
      Pattern.compile(
          "\\$pbkdf2\\$it=(\\d{1,7})\\$([A-Za-z0-9+/]{16,200}={0,2})\\$([A-Za-z0-9+/]{86})");
  private static final int MAX_ROUNDS = 5_000_000;
  private static final int SALT_BYTES = 16;

  private static final Pbkdf2 PBKDF2 = new Pbkdf2();

  private PasswordHashes() {}

  /** Hashes a password, which is not empty, with a new salt. Slow. */
  public static String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    byte[] hash = PBKDF2.hash(password, salt, Account.MIN_ROUNDS);
    return "$pbkdf2$it=" + Account.MIN_ROUNDS + "$" + base64(salt) + "$" + base64(hash);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }

  /** So many rounds are hashed for nothing once, so that Java has compiled what repeats. */
  private static final class Warm {
    static final byte[] HASH = PBKDF2.hash("nobody's", new byte[SALT_BYTES], 20_000);

    private Warm() {}
  }

  /** Makes ready for hashing, so that the first who signs in does not wait for that. */
  static int warm() {
    return Warm.HASH.length;
  }

  /** What a hash costs. */
  static int rounds(String hash) {
    Matcher form = FORM.matcher(hash);
    return form.matches() ? Integer.parseInt(form.group(1)) : 0;
  }

  /** Whether it is the hash of a password; slow, and in constant time for hashes of one form. */
  static boolean verify(String hash, String password) {
    Matcher form = FORM.matcher(hash);
    if (!form.matches()) {
      return false;
    }
    byte[] salt = Base64.getDecoder().decode(form.group(2));
    byte[] own = PBKDF2.hash(password, salt, Integer.parseInt(form.group(1)));
    return MessageDigest.isEqual(own, Base64.getDecoder().decode(form.group(3)));
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
