package io.shield.history;

import io.shield.Store.Status.Condition;
import io.shield.fixtures.history.HistoryEvent.At;

/**
 * How a node is doing.
 *
 * @param condition what it thinks of its store
 * @param at what is in force
 * @param writing whether its client goes on writing
 * @param pending operations without an answer
 */
record NodeStatus(Condition condition, At at, boolean writing, int pending) {
  static final NodeStatus NONE = new NodeStatus(Condition.STARTING, new At("", 0, ""), false, 0);

  private static final String WORD = "status";

  /** One line that {@link #parse} reads. */
  String line() {
    return String.join(
        ",",
        WORD,
        condition.name(),
        at.epoch(),
        Long.toString(at.revision()),
        at.commitId(),
        Boolean.toString(writing),
        Integer.toString(pending));
  }

  static boolean isStatus(String line) {
    return line.startsWith(WORD + ",");
  }

  static NodeStatus parse(String line) {
    String[] parts = line.split(",", -1);
    return new NodeStatus(
        Condition.valueOf(parts[1]),
        new At(parts[2], Long.parseLong(parts[3]), parts[4]),
        Boolean.parseBoolean(parts[5]),
        Integer.parseInt(parts[6]));
  }

  boolean isResting() {
    return !writing && pending == 0;
  }
}
