package io.shield.internal;

import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code .shield} file, or in its absence a {@code .waygate} file of the renamed original, whose
 * variables count where Shield's are not there: one {@code NAME=value} per line, with or without
 * {@code export}. A value may stand in single or double quotes; {@code #} begins a comment at the
 * start of a line and after a space outside quotes.
 */
public final class DotShield {
  /** Its own, else that of the renamed original. */
  private static final List<String> FILE_NAMES = List.of(".shield", ".waygate");

  private static final String PREFIX = "SHIELD_";
  private static final String ITS_PREFIX = "WAYGATE_";
  private static final Pattern LINE =
      Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
  private static final Pattern QUOTED = Pattern.compile("(['\"])(.*?)\\1\\s*(?:#.*)?");
  private static final Pattern COMMENT = Pattern.compile("(?:^|\\s+)#.*");

  private DotShield() {}

  /** The settings of the nearest such file at or above a directory; empty without one. */
  public static Map<String, String> find(Path directory) {
    for (Path at = directory.toAbsolutePath(); at != null; at = at.getParent()) {
      for (String name : FILE_NAMES) {
        Path file = at.resolve(name);
        if (Files.isRegularFile(file)) {
          return withOwnNames(read(file));
        }
      }
    }
    return Map.of();
  }

  /** What the renamed original calls a variable; null for one that is not Shield's. */
  public static @Nullable String otherName(String variable) {
    return variable.startsWith(PREFIX) ? ITS_PREFIX + variable.substring(PREFIX.length()) : null;
  }

  private static Map<String, String> withOwnNames(Map<String, String> read) {
    Map<String, String> settings = new LinkedHashMap<>(read);
    read.forEach(
        (name, value) -> {
          if (name.startsWith(ITS_PREFIX)) {
            settings.putIfAbsent(PREFIX + name.substring(ITS_PREFIX.length()), value);
          }
        });
    return settings;
  }

  private static Map<String, String> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new ShieldException("cannot read " + file + ": " + e, null);
    }
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        readLine(file, i + 1, line, settings);
      }
    }
    return settings;
  }

  private static void readLine(Path file, int number, String line, Map<String, String> settings) {
    Matcher matcher = LINE.matcher(line);
    String value = matcher.matches() ? value(matcher.group(2)) : null;
    if (value == null) {
      throw new InvalidValueException(file + " line " + number, line, "NAME=value");
    }
    settings.put(matcher.group(1), value);
  }

  /** The value without quotes and comment, or null if a quote is not closed. */
  private static @Nullable String value(String text) {
    if (!text.startsWith("'") && !text.startsWith("\"")) {
      return COMMENT.matcher(text).replaceFirst("");
    }
    Matcher quoted = QUOTED.matcher(text);
    return quoted.matches() ? quoted.group(2) : null;
  }
}
