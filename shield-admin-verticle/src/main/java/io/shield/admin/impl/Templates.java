package io.shield.admin.impl;

import io.shield.model.RouteKey;
import io.shield.model.store.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the route that a path belongs to among those that are known by their templates. */
final class Templates {
  private Templates() {}

  /** The template of the known route that fits a path best, or the path itself. */
  static String find(Snapshot snapshot, @Nullable String service, String path) {
    boolean slash = path.length() > 1 && path.endsWith("/");
    String bare = slash ? path.substring(0, path.length() - 1) : path;
    List<String> templates =
        snapshot.states().values().stream()
            .map(state -> state.key())
            .filter(key -> key.service() == null || key.service().equals(service))
            .map(RouteKey::path)
            .distinct()
            .filter(template -> template.equals(path) || fits(template, bare))
            .toList();
    if (templates.contains(path)) {
      return path;
    }
    return templates.contains(bare)
        ? bare
        : templates.stream().min(Templates::bySpecificity).orElse(bare);
  }

  /** The services that have a route for such a request, at most three, by name. */
  static List<String> services(Snapshot snapshot, String method, String path) {
    return snapshot.states().values().stream()
        .map(state -> state.key())
        .filter(key -> key.service() != null && fits(key.path(), path))
        .filter(key -> key.method() == null || key.method().equals(method))
        .map(key -> key.service())
        .distinct()
        .sorted()
        .limit(3)
        .toList();
  }

  /** Plain text before a parameter before a rest, where two templates first differ. */
  private static int bySpecificity(String one, String other) {
    String[] left = one.split("/", -1);
    String[] right = other.split("/", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int difference = Integer.compare(vagueness(left[i]), vagueness(right[i]));
      if (difference != 0) {
        return difference;
      }
    }
    return one.compareTo(other);
  }

  private static int vagueness(String segment) {
    return segment.equals("*") ? 2 : segment.startsWith(":") ? 1 : 0;
  }

  /**
   * Segment by segment; {@code :name} stands for one that is not empty, a final {@code *} for any
   * rest.
   */
  private static boolean fits(String template, String path) {
    String[] wanted = template.split("/", -1);
    String[] given = path.split("/", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].equals("*") && i == wanted.length - 1) {
        return true;
      }
      boolean parameter = wanted[i].startsWith(":");
      if (i >= given.length || !(parameter ? !given[i].isEmpty() : wanted[i].equals(given[i]))) {
        return false;
      }
    }
    return wanted.length == given.length;
  }
}
