package io.shield.admin.dashboard.view;

import java.util.List;

/**
 * The audit log.
 *
 * @param filter what is looked for
 * @param rows the entries shown
 * @param pager which part of all that match
 * @param export the address of the entries as a file
 * @param error what was wrong with the filter, or empty
 */
public record AuditPage(
    Filter filter, List<AuditRow> rows, Pager pager, String export, String error) {
  public AuditPage {
    rows = List.copyOf(rows);
  }

  /**
   * What is looked for; what is empty is not.
   *
   * @param route a route key
   * @param actor who
   * @param action what was done
   * @param service a service
   * @param since from when on
   */
  public record Filter(String route, String actor, String action, String service, String since) {
    /** Whether it leaves anything out. */
    public boolean isSet() {
      return !(route + actor + action + service + since).isEmpty();
    }
  }
}
