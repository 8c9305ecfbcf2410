package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.OutputFormat;
import io.shield.cli.terminal.Surroundings;
import io.shield.error.InvalidValueException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code explain}: what a request gets, and why. */
@Command
public final class ExplainCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;
  @Mixin private final ServiceOption service;

  @Parameters(
      index = "0",
      paramLabel = "METHOD",
      completionCandidates = Choices.Methods.class,
      description =
          "GET, for instance; or a key, GET:/payments or shop:GET:/payments, and no path.")
  private String method = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      completionCandidates = LiveValues.Routes.class,
      description = "The path of the request.")
  private String path = "";

  public ExplainCommand(Surroundings here) {
    common = new CommonOptions(here);
    service = new ServiceOption(here);
  }

  @Override
  public Integer call() {
    int slash = method.indexOf(":/");
    if (path.isEmpty() && slash <= 0) {
      throw new InvalidValueException(
          "METHOD", method, "a method and then a path, GET /payments, or a key, GET:/payments");
    }
    String query =
        path.isEmpty()
            ? query(method.substring(0, slash), method.substring(slash + 1))
            : query(service.get(), method, path);
    JsonNode answer = common.server(api -> api.get(query).body());
    common.output().fields(shown(common.output(), answer), "decision");
    return ExitCodes.OK;
  }

  /** In a table limits of fleet and services have names that people know. */
  private static JsonNode shown(Output output, JsonNode answer) {
    if (output.format() != OutputFormat.TABLE) {
      return answer;
    }
    ObjectNode shown = answer.deepCopy();
    ArrayNode limits = shown.putArray("rate_limits");
    answer.path("rate_limits").forEach(key -> limits.add(Views.place(key.asText())));
    return shown;
  }

  /**
   * Asks about a key.
   *
   * @param named the method, after the service if the key names one
   */
  private String query(String named, String path) {
    int colon = named.lastIndexOf(':');
    return query(
        colon < 0 ? service.get() : named.substring(0, colon), named.substring(colon + 1), path);
  }

  private static String query(@Nullable String service, String method, String path) {
    return "/api/explain?method="
        + encoded(method.toUpperCase(Locale.ROOT))
        + "&path="
        + encoded(path)
        + (service == null ? "" : "&service=" + encoded(service));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
