package io.shield.cli.command;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 10s}, {@code 30m}, {@code 2h} and {@code 1d}. */
final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String value) {
    Duration duration = Moments.duration(value);
    if (duration == null || duration.isZero()) {
      throw new TypeConversionException(
          "'" + value + "' is not allowed, must be like 500ms, 10s, 5m, 2h or 1d");
    }
    return duration;
  }
}
