package io.shield.admin.dashboard.view;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A route in a table.
 *
 * @param id names the row in the page and in the stream
 * @param key the route key
 * @param method the method, or {@code ALL}
 * @param path the template
 * @param service the service if it is not this process's own, or empty
 * @param status what a request gets now
 * @param by what else than the route's own state decides that, or empty
 * @param reason why, as somebody typed it
 * @param envs the environments of a gate, or empty
 * @param since when the state was changed, as far as known
 * @param next what the clock will do, or empty
 * @param nextAt when
 * @param flags what else is to be known, in a few words each
 * @param forceActive whether the code forbids changes
 * @param closed whether the route's own state closes it now
 */
public record RouteRow(
    String id,
    String key,
    String method,
    String path,
    String service,
    Status status,
    String by,
    String reason,
    String envs,
    When since,
    String next,
    When nextAt,
    List<String> flags,
    boolean forceActive,
    boolean closed) {
  public RouteRow {
    flags = List.copyOf(flags);
  }

  /** The key in an address. */
  public String href() {
    return URLEncoder.encode(key, StandardCharsets.UTF_8);
  }
}
