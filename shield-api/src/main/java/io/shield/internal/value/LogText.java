package io.shield.internal.value;

/** Texts that somebody sent, as they may stand in a log. */
public final class LogText {
  private static final int MAX = 200;

  private LogText() {}

  /** One line of printable characters, cut to a length. */
  public static String of(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), MAX); i++) {
      char c = text.charAt(i);
      boolean plain = !Character.isISOControl(c) && c != '\u2028' && c != '\u2029' && !Hidden.is(c);
      out.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return text.length() > MAX ? out.append("...").toString() : out.toString();
  }
}
