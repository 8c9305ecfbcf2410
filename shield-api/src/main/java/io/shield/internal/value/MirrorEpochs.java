package io.shield.internal.value;

import java.util.UUID;

/**
 * The epochs of mirrors: a server of version 0.8 knows no revisions, so each process counts those
 * of its mirror by itself. Two of one epoch tell nothing about which is the later.
 */
public final class MirrorEpochs {
  private static final String PREFIX = "original-";

  private MirrorEpochs() {}

  /** A new one. */
  public static String create() {
    return PREFIX + UUID.randomUUID();
  }

  /** Whether an epoch is that of a mirror. */
  public static boolean isOne(String epoch) {
    return epoch.startsWith(PREFIX);
  }
}
