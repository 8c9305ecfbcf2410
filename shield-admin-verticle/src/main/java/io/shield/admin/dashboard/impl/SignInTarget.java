package io.shield.admin.dashboard.impl;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a sign-in leads: a page of the dashboard, whatever the address says. */
final class SignInTarget {
  private static final Pattern PAGE =
      Pattern.compile("(routes|route|limits|audit|services|store)(\\?[^\\s\\\\]{0,2000})?");

  private SignInTarget() {}

  static String checked(@Nullable String wanted) {
    return wanted != null && PAGE.matcher(wanted).matches() ? wanted : "routes";
  }
}
