package io.shield.internal.limit.key;

import io.shield.decision.Caller;
import org.jspecify.annotations.Nullable;

/** Who sends a request, as far as limits ask. What throws lets the request pass. */
public interface LimitCaller extends Caller {
  /** The plan that an attribute of the user names, or null. */
  @Nullable String plan(String attribute);

  /** The key that the application computed, or null. */
  @Nullable String customKey();

  /**
   * Whether the request has been answered or its connection was closed. From any thread; for
   * requests under way that nobody released.
   */
  default boolean isOver() {
    return false;
  }
}
