package io.shield.internal.value;

import java.util.regex.Pattern;

/**
 * The two spellings of a path's parameters: {@code /orders/:id} as Vert.x has them, {@code
 * /orders/{id}} as FastAPI does, also {@code {id:int}}. Both name one route.
 */
public final class Parameters {
  // What a converter such as path takes has slashes in it: no parameter of Vert.x does.
  private static final Pattern BRACES =
      Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)(?::(?:str|int|float|uuid))?\\}");
  private static final Pattern COLONS = Pattern.compile("(?<=/|[-.~]):([A-Za-z_][A-Za-z0-9_]*)");

  private Parameters() {}

  /** A path or a key with its parameters as Vert.x has them. */
  public static String colons(String key) {
    return key.indexOf('{') < 0 ? key : BRACES.matcher(key).replaceAll(":$1");
  }

  /** A path or a key with its parameters as FastAPI has them. */
  public static String braces(String key) {
    return key.indexOf(':') < 0 ? key : COLONS.matcher(key).replaceAll("{$1}");
  }
}
