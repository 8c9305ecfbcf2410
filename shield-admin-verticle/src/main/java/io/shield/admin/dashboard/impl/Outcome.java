package io.shield.admin.dashboard.impl;

import io.shield.admin.dashboard.Reply;
import io.shield.admin.dashboard.view.Dialog;
import io.shield.admin.dashboard.view.Toast;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a form.
 *
 * @param status the HTTP status
 * @param dialog what to ask again, or null
 * @param toast what was done, or null
 */
record Outcome(int status, @Nullable Dialog dialog, @Nullable Toast toast) {
  private static final int MOST_WARNINGS = 3;

  static Outcome ask(int status, Dialog dialog) {
    return new Outcome(status, dialog, null);
  }

  /**
   * Says what was done, and what the API warns of.
   *
   * @param undo the call that takes it back, or empty if none can
   */
  static Toast toast(String text, Reply reply, String undo) {
    List<String> warnings = reply.warnings();
    StringBuilder all = new StringBuilder(text);
    warnings.stream().limit(MOST_WARNINGS).forEach(warning -> all.append(". ").append(warning));
    int more = warnings.size() - MOST_WARNINGS;
    return new Toast(more > 0 ? all + "; and " + more + " more" : all.toString(), undo);
  }

  static Outcome done(Toast toast) {
    return new Outcome(200, null, toast);
  }
}
