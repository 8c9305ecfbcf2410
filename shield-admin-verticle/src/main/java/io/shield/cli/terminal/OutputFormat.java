package io.shield.cli.terminal;

import io.shield.error.InvalidValueException;

/** How a result is written. */
public enum OutputFormat {
  /** For people: columns under headings. */
  TABLE,
  /** JSON, one value, indented. */
  JSON,
  /** YAML, the same value. */
  YAML,
  /** Only names: route keys, ids, services, one a line. */
  NAME;

  /**
   * The format of a name.
   *
   * @throws InvalidValueException if there is none
   */
  public static OutputFormat parse(String name) {
    return switch (name) {
      case "table" -> TABLE;
      case "json" -> JSON;
      case "yaml" -> YAML;
      case "name" -> NAME;
      default ->
          throw new InvalidValueException(
              "-o", name, "table, json, yaml, name or columns=FIELD,...");
    };
  }
}
