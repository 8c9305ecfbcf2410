package io.shield.admin.dashboard.view;

import java.util.List;

/**
 * The routes.
 *
 * @param counts how many routes have which status
 * @param known how many routes there are, whatever the filters
 * @param filter what is looked for
 * @param columns the headings by which the table can be sorted
 * @param rows the routes shown
 * @param pager which part of all that match
 * @param services the services to choose from
 * @param methods the methods to choose from
 */
public record RoutesPage(
    List<Count> counts,
    int known,
    Filter filter,
    List<Column> columns,
    List<RouteRow> rows,
    Pager pager,
    List<String> services,
    List<String> methods) {
  public RoutesPage {
    counts = List.copyOf(counts);
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    services = List.copyOf(services);
    methods = List.copyOf(methods);
  }

  /**
   * What is looked for; what is empty is not.
   *
   * @param text part of the key, the reason or the service
   * @param status a status
   * @param service a service
   * @param method a method
   * @param sort the name of the column the table is sorted by, after {@code -} if it falls
   */
  public record Filter(String text, String status, String service, String method, String sort) {
    /** Whether it leaves anything out. */
    public boolean isSet() {
      return !(text.isEmpty() && status.isEmpty() && service.isEmpty() && method.isEmpty());
    }
  }

  /**
   * A heading.
   *
   * @param label its word
   * @param href the address of the page sorted by it, or empty if that cannot be
   * @param order {@code ascending}, {@code descending}, or {@code none}
   */
  public record Column(String label, String href, String order) {}
}
