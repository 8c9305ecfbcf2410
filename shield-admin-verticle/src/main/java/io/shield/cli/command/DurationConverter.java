package io.shield.cli.command;

import io.shield.internal.Moments;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 10s}, {@code 30m} and {@code 2h}, up to {@code 1d}. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Duration LONGEST = Duration.ofDays(1);

  @Override
  public Duration convert(String value) {
    Duration duration = Moments.duration(value);
    if (duration == null || duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw new TypeConversionException(
          "'" + value + "' is not allowed, must be like 500ms, 10s, 5m or 2h, at most 1d");
    }
    return duration;
  }
}
