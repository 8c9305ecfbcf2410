package io.shield.admin.impl;

import io.shield.error.InvalidValueException;
import io.shield.model.store.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Entity tags (RFC 9110, section 8.8.3): {@code "epoch.version"}, of lists {@code
 * "epoch.revision"}.
 */
final class ETags {
  private static final Pattern TAG =
      Pattern.compile("\\G\\s*(?:W/)?\"([!#-~]*?)(?:-(?:gzip|br|zstd))?\"\\s*(,|$)");

  private ETags() {}

  static String of(Head head, long version) {
    return '"' + head.epoch() + '.' + version + '"';
  }

  /**
   * Whether {@code If-Match} allows a change (RFC 9110, section 13.1.1): it is absent, {@code *}
   * for something that exists, or names the current tag. Proxies that compress an answer weaken its
   * tag or add the coding to it; the state in it is the same, so both match.
   */
  static boolean allows(@Nullable String ifMatch, Head head, long version) {
    if (ifMatch == null) {
      return true;
    }
    if (ifMatch.strip().equals("*")) {
      return version != 0;
    }
    return parse(ifMatch).contains(of(head, version));
  }

  private static List<String> parse(String ifMatch) {
    List<String> named = new ArrayList<>();
    Matcher tags = TAG.matcher(ifMatch);
    int end = 0;
    while (tags.find()) {
      named.add('"' + tags.group(1) + '"');
      end = tags.end();
    }
    if (end != ifMatch.length() || end == 0) {
      throw new InvalidValueException("If-Match", ifMatch, "entity tags in quotes, or *");
    }
    return named;
  }
}
