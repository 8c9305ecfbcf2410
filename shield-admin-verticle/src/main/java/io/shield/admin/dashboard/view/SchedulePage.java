package io.shield.admin.dashboard.view;

import java.util.List;

/**
 * What is to come: windows, and states that end.
 *
 * @param rows the next first
 * @param pager which part of the list that is
 */
public record SchedulePage(List<Row> rows, Pager pager) {
  public SchedulePage {
    rows = List.copyOf(rows);
  }

  /**
   * A window, or a state that ends.
   *
   * @param id names its row
   * @param key the route
   * @param href the same in the address of its page
   * @param inForce whether it has begun
   * @param what what happens next: {@code opens}, {@code closes} and the like
   * @param next when
   * @param status the status from then on
   * @param span from when to when
   * @param reason why
   * @param overlaps other routes that are closed in the same time
   * @param action what takes it away, as it is named in the form
   * @param label the word for that
   */
  public record Row(
      String id,
      String key,
      String href,
      boolean inForce,
      String what,
      When next,
      Status status,
      String span,
      String reason,
      List<String> overlaps,
      String action,
      String label) {
    public Row {
      overlaps = List.copyOf(overlaps);
    }
  }
}
