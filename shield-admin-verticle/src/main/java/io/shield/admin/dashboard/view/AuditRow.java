package io.shield.admin.dashboard.view;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An entry of the audit log.
 *
 * @param when when it was written
 * @param key the route or what else is concerned
 * @param route whether that has a page of its own
 * @param action what was done, in words
 * @param actor who did it
 * @param platform with which tool
 * @param reason why
 * @param changes field by field
 * @param revision the commit
 */
public record AuditRow(
    When when,
    String key,
    boolean route,
    String action,
    String actor,
    String platform,
    String reason,
    List<Change> changes,
    long revision) {
  public AuditRow {
    changes = List.copyOf(changes);
  }

  /**
   * One field.
   *
   * @param field its name
   * @param before what it was
   * @param after what it became
   */
  public record Change(String field, String before, String after) {}

  /** The key in an address. */
  public String href() {
    return URLEncoder.encode(key, StandardCharsets.UTF_8);
  }
}
