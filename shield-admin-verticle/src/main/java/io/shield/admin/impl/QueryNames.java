package io.shield.admin.impl;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for query parameters that nobody reads. A change with one that was meant to do something,
 * as {@code ?dryrun=true}, is refused; others are told in the answer. What services and sign-ins
 * send is not looked at: others write those clients.
 */
final class QueryNames {
  private final Set<String> all = new HashSet<>();

  /** The names that some endpoint reads. */
  QueryNames(List<Endpoint> endpoints) {
    endpoints.forEach(endpoint -> all.addAll(endpoint.query()));
  }

  /**
   * What is to be told of the parameters that this call does not read.
   *
   * @throws io.shield.error.InvalidValueException if it is a change, and one of them was meant to
   *     do something
   */
  List<String> unread(Endpoint endpoint, Set<String> given) {
    boolean ofOthers = endpoint.access() == Access.SDK || endpoint.access() == Access.PUBLIC;
    if (given.isEmpty() || ofOthers) {
      return List.of();
    }
    Set<String> known = Set.copyOf(endpoint.query());
    boolean reads = endpoint.method().equals(HttpMethod.GET);
    List<String> unread = new ArrayList<>();
    for (String name : given) {
      if (!known.contains(name)) {
        if (!reads) {
          UnreadNames.check("a query parameter of this call", name, known, all);
        }
        unread.add(told(name, UnreadNames.meant(name, known)));
      }
    }
    return unread;
  }

  private static String told(String name, @Nullable String meant) {
    String text = name + " is not a query parameter of this call";
    return meant == null ? text : text + ": was " + meant + " meant?";
  }
}
