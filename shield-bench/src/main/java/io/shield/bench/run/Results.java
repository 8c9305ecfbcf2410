package io.shield.bench.run;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The figures of one run, and which goals they reach. Not thread-safe. */
public final class Results {
  private final List<Goal> goals;
  private final List<Figure> figures = new ArrayList<>();

  /** None so far. */
  public Results(List<Goal> goals) {
    this.goals = List.copyOf(goals);
  }

  /** Adds a figure of which nothing more is known. */
  public void add(String kind, String name, double value) {
    add(kind, name, Interval.exactly(value));
  }

  /** Adds a figure. */
  public void add(String kind, String name, Interval interval) {
    Goal goal = goals.stream().filter(g -> g.isOf(kind, name)).findFirst().orElse(null);
    figures.add(new Figure(kind, name, interval, goal));
  }

  /** In the order in which they were added. */
  public List<Figure> figures() {
    return List.copyOf(figures);
  }

  /** Prints which goals were reached, for people, then lines for programs, the ratios last. */
  public void print(PrintWriter out) {
    printGoals(out);
    for (Figure figure : figures) {
      if (!figure.isRatio()) {
        out.println(figure.kind() + " " + figure.name() + " " + Figure.text(figure.value()));
      }
    }
    for (Figure figure : figures) {
      if (figure.interval().isKnown()) {
        String low = Figure.text(figure.interval().low());
        String high = Figure.text(figure.interval().high());
        out.println("interval " + figure.name() + " " + low + " " + high);
      }
    }
    for (Figure figure : figures) {
      Goal goal = figure.goal();
      if (goal != null) {
        out.println("goal " + figure.name() + " " + goal.boundText());
      }
    }
    printRatios(out);
    out.flush();
  }

  /** A sentence for each goal. */
  public void printGoals(PrintWriter out) {
    for (Figure figure : figures) {
      Goal goal = figure.goal();
      if (goal != null) {
        String reached = goal.isReached(figure.value()) ? "reached" : "missed";
        out.println(figure.name() + ": " + goal + "; " + reached + " with " + figure.valueText());
      }
    }
  }

  /** A line for each ratio. */
  public void printRatios(PrintWriter out) {
    for (Figure figure : figures) {
      if (figure.isRatio()) {
        out.println("ratio " + figure.name() + " " + Figure.text(figure.value()));
      }
    }
  }

  /** A row for each ratio, and for each other figure that has a goal. */
  public List<String> markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("| figure | value | 95 % interval | goal | |");
    lines.add("|---|---|---|---|---|");
    for (Figure figure : figures) {
      Goal goal = figure.goal();
      if (figure.isRatio() || goal != null) {
        String unit = figure.isRatio() ? "" : " " + figure.kind();
        String aim = goal == null ? "" : goal.toString();
        String reached =
            goal == null ? "" : goal.isReached(figure.value()) ? "reached" : "**missed**";
        String value = Figure.text(figure.value()) + unit;
        List<String> cells =
            List.of("`" + figure.name() + "`", value, figure.intervalText(), aim, reached);
        lines.add("| " + String.join(" | ", cells) + " |");
      }
    }
    return lines;
  }

  /** For programs; a bound of an interval that is not known is left out. */
  public JsonArray json() {
    JsonArray all = new JsonArray();
    for (Figure figure : figures) {
      JsonObject one =
          new JsonObject()
              .put("kind", figure.kind())
              .put("name", figure.name())
              .put("value", figure.value());
      if (figure.interval().isKnown()) {
        one.put("low", figure.interval().low()).put("high", figure.interval().high());
      }
      Goal goal = figure.goal();
      if (goal != null) {
        one.put(goal.atMost() ? "at_most" : "at_least", goal.bound())
            .put("reached", goal.isReached(figure.value()));
      }
      all.add(one);
    }
    return all;
  }
}
