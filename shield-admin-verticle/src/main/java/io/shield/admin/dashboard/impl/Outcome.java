package io.shield.admin.dashboard.impl;

import io.shield.admin.dashboard.view.Dialog;
import io.shield.admin.dashboard.view.Toast;
import org.jspecify.annotations.Nullable;

/**
 * What came of a form.
 *
 * @param status the HTTP status
 * @param dialog what to ask again, or null
 * @param toast what was done, or null
 */
record Outcome(int status, @Nullable Dialog dialog, @Nullable Toast toast) {
  static Outcome ask(int status, Dialog dialog) {
    return new Outcome(status, dialog, null);
  }

  static Outcome done(Toast toast) {
    return new Outcome(200, null, toast);
  }
}
