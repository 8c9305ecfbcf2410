package io.shield.admin.dashboard.view;

import java.util.List;

/**
 * What stands around every page.
 *
 * @param title the page's name
 * @param page its address below the dashboard
 * @param user who looks
 * @param role that person's role
 * @param mayChange whether that person may change anything
 * @param signsOut whether there is anything to sign out of
 * @param theme {@code light}, {@code dark}, or {@code auto} for what the system has
 * @param assets where scripts and styles are
 * @param stream the address of the stream of changes
 * @param polls whether the page shows what no change tells of, and is read again now and then
 * @param place environment and service of this process
 * @param notices what overrides the tables
 */
public record Shell(
    String title,
    String page,
    String user,
    String role,
    boolean mayChange,
    boolean signsOut,
    String theme,
    String assets,
    String stream,
    boolean polls,
    String place,
    List<Notice> notices) {
  public Shell {
    notices = List.copyOf(notices);
  }

  /** The same with a stream that tells of these rows. */
  public Shell showing(String rows) {
    return new Shell(
        title,
        page,
        user,
        role,
        mayChange,
        signsOut,
        theme,
        assets,
        stream + "&rows=" + rows,
        polls,
        place,
        notices);
  }
}
