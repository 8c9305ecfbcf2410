package io.shield.internal.value;

import io.shield.error.InvalidValueException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Enum constants are written in lower case; this is the one place that reads them back. */
public final class WireName {
  private WireName() {}

  public static <E extends Enum<E>> String of(E value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  public static <E extends Enum<E>> E parse(Class<E> type, String field, String name) {
    for (E value : type.getEnumConstants()) {
      if (of(value).equals(name)) {
        return value;
      }
    }
    throw new InvalidValueException(
        field,
        name,
        "one of "
            + Arrays.stream(type.getEnumConstants())
                .map(WireName::of)
                .collect(Collectors.joining(", ")));
  }
}
