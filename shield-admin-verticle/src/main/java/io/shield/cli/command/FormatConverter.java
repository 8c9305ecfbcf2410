package io.shield.cli.command;

import io.shield.cli.terminal.OutputFormat;
import io.shield.error.InvalidValueException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code -o}. */
final class FormatConverter implements ITypeConverter<OutputFormat> {
  @Override
  public OutputFormat convert(String value) {
    try {
      return OutputFormat.parse(value);
    } catch (InvalidValueException e) {
      throw new TypeConversionException("'" + value + "' is not allowed, must be " + e.allowed());
    }
  }
}
