package io.shield.web;

import java.util.Locale;

/** How a {@link ShieldSdk} stands to its server. What it enforces, it enforces in every state. */
public enum SdkState {
  /** The server was not reached yet, and nothing is known from before: the code's word holds. */
  CONNECTING,
  /** What is enforced is what the server says. */
  READY,
  /** The server cannot be reached: what it said last stays in force. */
  STALE,
  /** The server refuses this client, or is not the one it knew: somebody has to look. */
  FAILED;

  /** The name in health answers and logs. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
