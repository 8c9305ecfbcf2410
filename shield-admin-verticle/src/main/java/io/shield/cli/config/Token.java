package io.shield.cli.config;

import org.jspecify.annotations.Nullable;

/**
 * What a command signs in with.
 *
 * @param text the token
 * @param user whose kept sign-in it is, or null if the variable {@link #VARIABLE} holds it
 */
public record Token(String text, @Nullable String user) {
  /** The variable that is used in place of a kept sign-in: {@value}. */
  public static final String VARIABLE = "SHIELD_TOKEN";

  /** Whether the environment holds it. */
  public boolean isGiven() {
    return user == null;
  }

  @Override
  public String toString() {
    return "Token[" + (user == null ? VARIABLE : user) + "]";
  }
}
