package io.shield.admin.dashboard.impl;

import java.util.List;

/**
 * What can be done with one thing, in the words of a dialog.
 *
 * @param action its name in the form
 * @param label the word on the button
 * @param text what that does
 * @param danger whether callers can be hurt
 * @param word what must be typed, or empty
 * @param fields the fields asked for
 */
record Verb(
    String action, String label, String text, boolean danger, String word, List<String> fields) {
  Verb {
    fields = List.copyOf(fields);
  }
}
