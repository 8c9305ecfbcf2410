package io.shield.internal.value;

import io.shield.error.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** What may be said to replace a route: it goes into a Link header (RFC 8288) and onto pages. */
public final class Successors {
  private static final int MAX_LENGTH = 2048;

  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private Successors() {}

  /** Whether a text leads to a path, or to an address of http or https. */
  public static boolean isLink(String text) {
    boolean path = text.startsWith("/") && !text.startsWith("//") && !text.startsWith("/\\");
    return path || isHttp(text);
  }

  private static boolean isHttp(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equalsIgnoreCase(uri.getScheme());
      return (http || "https".equalsIgnoreCase(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /**
   * Checks a text.
   *
   * @throws InvalidValueException if it is neither
   */
  public static String check(String text) {
    boolean plain =
        text.chars().allMatch(c -> c > ' ' && c < 0x7f && "<>\"\\".indexOf(c) < 0)
            && !BROKEN_ESCAPE.matcher(text).find();
    if (!plain || text.length() > MAX_LENGTH || !isLink(text)) {
      throw new InvalidValueException(
          "successor_path",
          text,
          "a path such as /v2/payments, or an http or https address, of at most "
              + MAX_LENGTH
              + " ASCII characters");
    }
    return text;
  }
}
