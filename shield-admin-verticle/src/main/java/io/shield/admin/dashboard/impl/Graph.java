package io.shield.admin.dashboard.impl;

import io.shield.admin.dashboard.view.Bar;
import java.util.ArrayList;
import java.util.List;

/** Draws the last minutes of a route. */
final class Graph {
  private static final int HEIGHT = 100;
  private static final int WIDTH = 20;

  private Graph() {}

  static List<Bar> bars(List<Traffic.Minute> minutes) {
    long most = Math.max(1, minutes.stream().mapToLong(Traffic.Minute::total).max().orElse(1));
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < minutes.size(); i++) {
      Traffic.Minute minute = minutes.get(i);
      int ago = minutes.size() - 1 - i;
      bars.add(
          new Bar(
              i * WIDTH,
              height(minute.allowed(), most),
              height(minute.refused(), most),
              height(minute.limited(), most),
              (ago == 0 ? "This minute" : ago + " min ago")
                  + ": "
                  + minute.allowed()
                  + " allowed, "
                  + minute.refused()
                  + " refused, "
                  + minute.limited()
                  + " limited"));
    }
    return bars;
  }

  /** What there was is seen, however little. */
  private static int height(long count, long most) {
    return count == 0 ? 0 : (int) Math.max(2, HEIGHT * count / most);
  }
}
