package io.shield.admin.dashboard.view;

import java.util.List;
import java.util.Map;

/**
 * What was done, and how it can be taken back.
 *
 * @param text what was done
 * @param undo the fields of the form that takes it back; without any it cannot be
 */
public record Toast(String text, Map<String, List<String>> undo) {
  public Toast {
    undo = Map.copyOf(undo);
  }
}
