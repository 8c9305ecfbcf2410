package io.shield.admin;

import io.shield.admin.impl.PasswordHashes;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import java.util.Objects;

/**
 * Somebody who may sign in.
 *
 * @param username 1 to 200 characters on one line, without a colon
 * @param passwordHash what {@link #hash} made of the password
 * @param role what the account may do
 */
public record Account(String username, String passwordHash, Role role) {
  /** The longest password accepted, in characters. */
  public static final int MAX_PASSWORD_LENGTH = 1024;

  /** The fewest rounds of PBKDF2 that are accepted, and those that {@link #hash} makes. */
  public static final int MIN_ROUNDS = 210_000;

  private static final int MAX_USERNAME = 200;

  public Account {
    checkUsername(username);
    PasswordHashes.check(passwordHash);
    Objects.requireNonNull(role, "role");
  }

  /**
   * Hashes a password by PBKDF2 with HMAC-SHA-512 (RFC 8018), {@value #MIN_ROUNDS} rounds and a
   * random salt of 16 bytes. Takes a good part of a second: not for an event loop.
   *
   * @param password 1 to {@value #MAX_PASSWORD_LENGTH} characters
   * @return {@code $pbkdf2$it=<rounds>$<salt>$<hash>}
   */
  public static String hash(String password) {
    return PasswordHashes.hash(checkPassword(password));
  }

  static String checkUsername(String username) {
    boolean plain = username.chars().noneMatch(c -> Character.isISOControl(c) || c == ':');
    if (!plain || username.isBlank() || username.length() > MAX_USERNAME) {
      throw new InvalidValueException(
          "username", username, "1 to " + MAX_USERNAME + " characters on one line, without ':'");
    }
    return Checks.visible("username", username);
  }

  /** The message does not show the password. */
  static String checkPassword(String password) {
    if (password.isEmpty() || password.length() > MAX_PASSWORD_LENGTH) {
      throw new InvalidValueException(
          "password",
          password.length() + " characters",
          "1 to " + MAX_PASSWORD_LENGTH + " characters");
    }
    return password;
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return "Account[" + username + ", " + role.wireName() + "]";
  }
}
