package io.shield.admin.dashboard.impl;

import java.util.List;

/** How much is touched. */
final class Traffic {
  /** "3 routes, 120 requests a minute in this process". */
  String impact(List<String> keys) {
    return "Touches " + Texts.count(keys.size(), "route") + ".";
  }
}
