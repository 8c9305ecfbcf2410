package io.shield.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Ways to write the path of a request that somebody might take for the same path. */
final class Spellings {
  private static final String LONG = "x".repeat(3000);

  private Spellings() {}

  /** Requests for a path: every spelling with the method, every method with some spellings. */
  static List<Spelling> of(String path, String method) {
    List<Spelling> all = new ArrayList<>();
    for (String target : targets(path)) {
      all.add(new Spelling(method, target));
    }
    for (String other : METHODS) {
      for (String target : List.of(path, "/" + path, path + "/", "/x/.." + path)) {
        all.add(new Spelling(other, target));
      }
    }
    for (String header : HEADERS) {
      all.add(new Spelling(method, path, List.of(header)));
      all.add(new Spelling("PATCH", "/nowhere", List.of(header.replace("{path}", path))));
    }
    return all;
  }

  /** One way to ask. */
  record Spelling(String method, String target, List<String> headers) {
    Spelling(String method, String target) {
      this(method, target, List.of());
    }
  }

  private static final List<String> METHODS =
      words(
          """
          GET HEAD POST PUT DELETE PATCH OPTIONS TRACE CONNECT PROPFIND get Get head post GETT FOO
          FOO-BAR M-SEARCH !#$%&'*
          """);

  private static final List<String> HEADERS =
      List.of(
          "X-HTTP-Method-Override: GET",
          "X-HTTP-Method: GET",
          "X-Method-Override: HEAD",
          "X-Original-URL: {path}",
          "X-Rewrite-URL: {path}",
          "X-Forwarded-Prefix: {path}",
          "X-Forwarded-For: 127.0.0.1",
          "Forwarded: for=127.0.0.1;host=other",
          "X-Forwarded-Host: other",
          "Host: other",
          "Upgrade: websocket",
          "Upgrade: h2c",
          "Connection: close",
          "Content-Type: application/x-unknown",
          "Accept: application/x-unknown",
          "Origin: http://other",
          "Access-Control-Request-Method: GET",
          "Purpose: prefetch");

  /** Suffixes of the whole path. */
  private static final List<String> SUFFIXES =
      words(
          """
          / // /// /. /./ /.. /../ /x/.. /x/../ /%2e /%2E/ /%2e%2e /x/%2e%2e /x/.%2e/ %2f %2F
          %2f%2F %252f \\ %5c /\\ ; ;a=b ;a=b/ ;jsessionid=1 /;a=b %3b %3Ba ..;/ /..;/ . .. ...
          %2e %2e%2e .json .html %00 %00.json %00/ %09 %20 %20/ + %2b %0a %0d%0a %0d%0aX-A:%20b
          %7f %c0%af %e0%80%af %c0%ae %ff %c3%a4 %e2%80%8b %ef%bb%bf é \u00a0 %u002f ? ?a=b ?/../x
          /?a=b ?? %3f %3Fa=b # #a %23 /#/.. &a=b :80 @x * /* ~ ! ' " <> | {} [] ^ ` % %2 %zz /%
          /%% %25 /x /:id x
          """,
          "", " ", "\t", "?" + LONG, "/" + LONG, "/".repeat(3000), "/x/..".repeat(600));

  /** Prefixes of the whole path. */
  private static final List<String> PREFIXES =
      words(
          """
          / // /. /./. /x/.. /x/y/../.. /x/../y/.. /.. /../.. /%2e /%2E%2e /x/%2e%2e /x/.%2E
          /x/%2e. /%2f %2f /; /;a=b /.; /..; /x/..; /\\ \\ /x\\.. /%5c.. /%00 /%20 /%c0%ae%c0%ae
          /%c0%af /%e0%80%ae /%252e%252e /x/%252e%252e /%zz/.. /x/%zz/../.. /:id/.. /~ /* x @ *
          http://test HTTP://TEST https://test http://other http://test:80 http://user:pass@test
          http://test/ http://test// http:// http: ftp://test //test ///test/.. file://
          /http://test /http:/x/../..
          """,
          "", "/".repeat(3000), "/x/..".repeat(600), "/./".repeat(900));

  /** The words of a text, and more. */
  private static List<String> words(String text, String... more) {
    List<String> words = new ArrayList<>(List.of(text.strip().split("\\s+", -1)));
    words.addAll(List.of(more));
    return words;
  }

  /** Changes inside of the path. */
  private static final List<UnaryOperator<String>> CHANGES =
      List.of(
          path -> path.substring(1),
          path -> path.replace("/", "//"),
          path -> path.replace("/", "/./"),
          path -> path.replace("/", "/x/../"),
          path -> path.replace("/", "\\"),
          path -> "/" + path.substring(1).replace("/", "%2f"),
          path -> "/" + path.substring(1).replace("/", "%2F"),
          path -> path.replace("/", "%2f"),
          path -> path.replace("/", "/;/"),
          path -> path.replace("/", "/%00"),
          path -> path.toUpperCase(Locale.ROOT),
          path -> path.toLowerCase(Locale.ROOT),
          path -> letters(path, c -> "%" + hex(c)),
          path -> letters(path, c -> "%" + hex(c).toUpperCase(Locale.ROOT)),
          path -> letters(path, c -> "%" + hex(c).toLowerCase(Locale.ROOT)),
          path -> letters(path, c -> "%25" + hex(c)),
          path -> letters(path, c -> "%2525" + hex(c)),
          path -> letters(path, c -> "%u00" + hex(c)),
          path -> letters(path, c -> "%%" + hex(c)),
          path -> letters(path, c -> "%c1%" + Integer.toHexString(0x80 | (c & 0x3f))),
          path -> letters(path, c -> "" + (char) (c | 0x80)),
          path -> first(path, c -> "%" + hex(c)),
          path -> first(path, c -> "%25" + hex(c)),
          path -> first(path, c -> "" + Character.toUpperCase(c)),
          path -> first(path, c -> c + "\u00ad"),
          path -> first(path, c -> "%ef%bd%" + Integer.toHexString(0x80 | (c & 0x1f))),
          path -> first(path, c -> "+" + c),
          path -> first(path, c -> c + "%"),
          path -> last(path, c -> "%" + hex(c)),
          path -> last(path, c -> "%25" + hex(c)),
          path -> last(path, c -> c + ";a=b"),
          path -> last(path, c -> "" + Character.toUpperCase(c)),
          path -> "/" + letters(path, c -> "%" + hex(c)) + "/",
          path -> "/x/%2e%2e/" + first(path, c -> "%" + hex(c)),
          path -> path.replace("/", "%2f%2e%2e%2f"),
          path -> "/%2e%2e" + path.replace("/", "//") + "/?",
          path -> "*",
          path -> "/",
          path -> "test:80");

  /** Distinct request targets. */
  static Set<String> targets(String path) {
    Set<String> targets = new LinkedHashSet<>();
    SUFFIXES.forEach(suffix -> targets.add(path + suffix));
    PREFIXES.forEach(prefix -> targets.add(prefix + path));
    CHANGES.forEach(change -> targets.add(change.apply(path)));
    targets.remove("");
    return targets;
  }

  private interface CharChange {
    String apply(char c);
  }

  private static String hex(char c) {
    byte[] bytes = String.valueOf(c).getBytes(StandardCharsets.ISO_8859_1);
    return String.format("%02x", bytes[0] & 0xff);
  }

  private static String letters(String path, CharChange change) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      out.append(Character.isLetter(c) ? change.apply(c) : String.valueOf(c));
    }
    return out.toString();
  }

  private static String first(String path, CharChange change) {
    return path.length() < 2
        ? path
        : path.charAt(0) + change.apply(path.charAt(1)) + path.substring(2);
  }

  private static String last(String path, CharChange change) {
    int end = path.length() - 1;
    return path.substring(0, end) + change.apply(path.charAt(end));
  }
}
