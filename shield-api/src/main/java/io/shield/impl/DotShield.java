package io.shield.impl;

import io.shield.model.InvalidValueException;
import io.shield.model.ShieldException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@code .shield} file: one {@code NAME=value} per line, {@code #} begins a comment line. */
final class DotShield {
  private static final String FILE_NAME = ".shield";

  private DotShield() {}

  /**
   * The settings of the nearest {@code .shield} file at or above a directory; empty without one.
   */
  static Map<String, String> find(Path directory) {
    for (Path at = directory.toAbsolutePath(); at != null; at = at.getParent()) {
      Path file = at.resolve(FILE_NAME);
      if (Files.isRegularFile(file)) {
        return read(file);
      }
    }
    return Map.of();
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
    String text = line.startsWith("export ") ? line.substring("export ".length()) : line;
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new InvalidValueException(file + " line " + number, line, "NAME=value");
    }
    settings.put(text.substring(0, equals).strip(), unquoted(text.substring(equals + 1).strip()));
  }

  private static @Nullable Character quote(String value) {
    char first = value.isEmpty() ? ' ' : value.charAt(0);
    return first == '"' || first == '\'' ? first : null;
  }

  private static String unquoted(String value) {
    Character quote = quote(value);
    boolean closed =
        quote != null && value.length() > 1 && value.charAt(value.length() - 1) == quote;
    return closed ? value.substring(1, value.length() - 1) : value;
  }
}
