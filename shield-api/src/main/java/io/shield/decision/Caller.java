package io.shield.decision;

import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, asked only when an exemption has to be judged. A method that throws counts
 * as "not known".
 */
public interface Caller {
  /** The signed-in user's name, or null. */
  @Nullable String user();

  /** Whether the signed-in user holds a role. */
  boolean hasRole(String role);

  /** The API key, or null. */
  @Nullable String apiKey();

  /** The client's IP address as text, or null. */
  @Nullable String address();

  /** Nobody in particular. */
  Caller UNKNOWN =
      new Caller() {
        @Override
        public @Nullable String user() {
          return null;
        }

        @Override
        public boolean hasRole(String role) {
          return false;
        }

        @Override
        public @Nullable String apiKey() {
          return null;
        }

        @Override
        public @Nullable String address() {
          return null;
        }
      };
}
