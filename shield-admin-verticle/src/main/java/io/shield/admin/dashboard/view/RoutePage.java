package io.shield.admin.dashboard.view;

import java.util.List;

/**
 * One route.
 *
 * @param row the route as the table shows it
 * @param facts what its state says, field by field
 * @param explanation what becomes of a request now
 * @param bars its requests in this process, minute by minute; none if there never was one
 * @param inFifteenMinutes how many these are, in words
 * @param policy the key that a rate limit of it has
 * @param history its changes, newest first
 */
public record RoutePage(
    RouteRow row,
    List<Fact> facts,
    Explanation explanation,
    List<Bar> bars,
    String inFifteenMinutes,
    String policy,
    List<AuditRow> history) {
  public RoutePage {
    facts = List.copyOf(facts);
    bars = List.copyOf(bars);
    history = List.copyOf(history);
  }

  /**
   * A field of the state.
   *
   * @param label its name
   * @param text its value
   */
  public record Fact(String label, String text) {}

  /**
   * What becomes of a request, by the same code that answers {@code /api/explain}.
   *
   * @param status the HTTP status that Shield answers, or 200 if it lets the request pass
   * @param decision the decision
   * @param rule which rule decides
   * @param why why
   * @param limits the policies that count it
   */
  public record Explanation(
      int status, String decision, String rule, String why, List<String> limits) {
    public Explanation {
      limits = List.copyOf(limits);
    }
  }
}
