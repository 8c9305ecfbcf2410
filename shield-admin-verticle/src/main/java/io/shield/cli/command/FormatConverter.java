package io.shield.cli.command;

import io.shield.cli.terminal.OutputChoice;
import io.shield.error.InvalidValueException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code -o}. */
final class FormatConverter implements ITypeConverter<OutputChoice> {
  @Override
  public OutputChoice convert(String value) {
    try {
      return OutputChoice.parse(value);
    } catch (InvalidValueException e) {
      throw new TypeConversionException("'" + value + "' is not allowed, must be " + e.allowed());
    }
  }
}
