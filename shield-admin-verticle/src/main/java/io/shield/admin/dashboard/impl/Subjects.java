package io.shield.admin.dashboard.impl;

import io.shield.admin.dashboard.view.Dialog;
import io.shield.error.InvalidValueException;
import java.util.List;

/** Reads what a dialog was about: the keys, each with the version that the person saw. */
final class Subjects {
  private Subjects() {}

  static List<Dialog.Subject> read(Form form) {
    return form.all("subject").stream().map(Subjects::subject).toList();
  }

  private static Dialog.Subject subject(String text) {
    int space = text.indexOf(' ');
    try {
      return new Dialog.Subject(
          text.substring(space + 1), Long.parseLong(text, 0, Math.max(space, 0), 10));
    } catch (NumberFormatException e) {
      throw new InvalidValueException("subject", text, "a version and a key");
    }
  }
}
