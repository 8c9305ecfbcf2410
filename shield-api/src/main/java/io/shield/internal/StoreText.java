package io.shield.internal;

import io.shield.model.store.Head;

/** Says for people where a store is. */
public final class StoreText {
  /** The path of audit entries that are about the store itself. */
  public static final String AUDIT_PATH = "__store__";

  private static final int SHOWN = 8;

  private StoreText() {}

  /** Where a store is: {@code empty}, or {@code at revision 5 of epoch 76b8a1b3}. */
  public static String at(Head head) {
    if (head.equals(Head.NONE)) {
      return "empty";
    }
    String epoch = head.epoch();
    String shown = epoch.length() > SHOWN ? epoch.substring(0, SHOWN) : epoch;
    return "at revision " + head.revision() + " of epoch " + shown;
  }

  /** That a store cannot be what became of the one a node knows. */
  public static String unlike(Head found, Head held) {
    boolean older = found.epoch().equals(held.epoch()) && found.revision() < held.revision();
    boolean strange = !older && !found.equals(Head.NONE);
    return "the store is "
        + at(found)
        + ", this node is "
        + at(held)
        + (strange ? ", which the store does not follow" : "")
        + ": it was emptied, set back or exchanged";
  }
}
