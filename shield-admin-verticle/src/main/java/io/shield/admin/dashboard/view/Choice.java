package io.shield.admin.dashboard.view;

import java.util.List;

/**
 * What can be done with something.
 *
 * @param title what it is
 * @param options what can be done
 */
public record Choice(String title, List<Option> options) {
  public Choice {
    options = List.copyOf(options);
  }

  /**
   * One thing that can be done.
   *
   * @param action its name in the form, and what it is about
   * @param label its word
   * @param text what that does
   */
  public record Option(String action, String label, String text) {}
}
