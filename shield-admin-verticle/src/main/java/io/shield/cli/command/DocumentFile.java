package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.DeclaredState;
import io.shield.admin.document.DocumentText;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.OutputFormat;
import io.shield.cli.terminal.View;
import io.shield.error.InvalidValueException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The argument and options of the commands that compare a document with what is in force. */
final class DocumentFile {
  private static final String STANDARD_INPUT = "-";

  private final CommonOptions common;

  @Parameters(
      paramLabel = "FILE",
      description = "The document, YAML or JSON; - reads it from standard input.")
  private String file = "";

  @Option(
      names = "--prune",
      description = "Also take away what people changed and the document does not name.")
  private boolean prune;

  DocumentFile(CommonOptions common) {
    this.common = common;
  }

  /**
   * Brings the document into force, or asks what that would change, and shows it.
   *
   * @return whether anything differs
   */
  boolean run(String reason, boolean dryRun) {
    JsonNode document = read();
    DeclaredState.Options options = new DeclaredState.Options(prune, reason, null);
    JsonNode difference = common.control(control -> control.apply(document, options, dryRun));
    show(difference);
    return difference.path("count").asInt() > 0;
  }

  private JsonNode read() {
    try {
      byte[] bytes =
          file.equals(STANDARD_INPUT)
              ? common.terminal().input().readAllBytes()
              : Files.readAllBytes(common.here().directory().resolve(Path.of(file)));
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return DocumentText.parse(file, text);
    } catch (NoSuchFileException e) {
      throw new CommandFailure(
          ExitCodes.NOT_FOUND,
          "not_found",
          "there is no file " + file,
          "'shield export' writes one");
    } catch (CharacterCodingException e) {
      throw CommandFailure.usage(file + " is not text in UTF-8", "save it as UTF-8");
    } catch (IOException e) {
      throw CommandFailure.failed(file + " cannot be read: " + CommandFailure.messageOf(e), "");
    } catch (InvalidValueException e) {
      throw CommandFailure.usage(CommandFailure.messageOf(e), "'shield export' shows the format");
    }
  }

  private void show(JsonNode difference) {
    Output output = common.output();
    if (output.format() == OutputFormat.JSON || output.format() == OutputFormat.YAML) {
      output.document(difference);
    } else {
      output.lines(lines(difference, output.format() == OutputFormat.NAME));
    }
  }

  private static List<String> lines(JsonNode difference, boolean names) {
    List<String> lines = new ArrayList<>();
    for (JsonNode entry : difference.path("entries")) {
      String name = View.text(entry, "name");
      lines.add(names ? name : sign(View.text(entry, "action")) + " " + name);
      if (!names) {
        Changes.lines(entry).forEach(line -> lines.add("    " + line));
      }
    }
    return lines;
  }

  private static String sign(String action) {
    return switch (action) {
      case "create" -> "+";
      case "remove" -> "-";
      default -> "~";
    };
  }
}
