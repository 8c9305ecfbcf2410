package io.shield.backend.file.impl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** JSON on many lines. */
final class JsonFormat extends Format {
  private static final DefaultPrettyPrinter PRINTER =
      new DefaultPrettyPrinter(
          Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));

  static {
    PRINTER.indentObjectsWith(new DefaultIndenter("  ", "\n"));
  }

  JsonFormat() {
    super(new JsonFactory());
  }

  @Override
  String render(ObjectNode tree) throws IOException {
    return plain(tree, PRINTER.createInstance()) + "\n";
  }
}
