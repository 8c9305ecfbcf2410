package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.Style;
import io.shield.cli.terminal.View;
import io.shield.cli.terminal.View.Column;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code webhook}: who is told of changes, and what became of that. */
@Command
public final class WebhookCommand {
  private static final String NAME = "The webhook's name, see 'webhook list'.";

  private static final View WEBHOOK =
      new View(
          webhook -> View.text(webhook, "name"),
          List.of(
              Column.field("NAME", "name"),
              new Column("STATUS", WebhookCommand::status, WebhookCommand::style),
              Column.field("URL", "url"),
              Column.field("FORMAT", "format"),
              Column.field("EVENTS", "events"),
              Column.field("PENDING", "pending"),
              Column.field("PARKED", "parked")),
          "Nobody is told of changes.");

  private static final View DELIVERY =
      new View(
          delivery -> View.text(delivery, "id"),
          List.of(
              Column.time("TIME", delivery -> Views.seconds(View.text(delivery, "at"))),
              Column.key("ROUTE", delivery -> Views.place(View.text(delivery, "path"))),
              Column.field("OUTCOME", "outcome"),
              Column.field("EVENT", "event"),
              Column.field("TRY", "attempt"),
              Column.of("STATUS", WebhookCommand::answered),
              Column.field("PROBLEM", "problem"),
              Column.key("ID", delivery -> View.text(delivery, "id"))),
          "Nothing was sent yet.");

  private static String status(JsonNode webhook) {
    String problem = View.text(webhook, "problem");
    if (!webhook.path("enabled").asBoolean()) {
      return problem.isEmpty() ? "disabled" : "disabled: " + problem;
    }
    return webhook.path("retrying").asInt() > 0 ? "failing" : "enabled";
  }

  /** The status of the answer, if one came. */
  private static String answered(JsonNode delivery) {
    return delivery.path("status").asInt() == 0 ? "" : View.text(delivery, "status");
  }

  private static Style style(JsonNode webhook) {
    return status(webhook).equals("enabled") ? Style.GREEN : Style.YELLOW;
  }

  @Command(name = "list", description = "Lists who is told of changes.")
  int list(@Mixin CommonOptions common) {
    common.output().list(items(common, "/api/webhooks"), WEBHOOK);
    return ExitCodes.OK;
  }

  @Command(
      name = "add",
      description = "Adds a webhook, or replaces one; a secret that is made is shown this once.")
  int add(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "NAME", description = "What to call it.") String name,
      @Parameters(paramLabel = "URL", description = "Where requests go.") String url,
      @Option(
              names = "--format",
              paramLabel = "NAME",
              description = "default, slack, or one that code adds (default: default).")
          @Nullable String format,
      @Option(
              names = "--event",
              paramLabel = "ACTION",
              description = "Only of this action, as the log has it; may be given several times.")
          @Nullable List<String> events,
      @Option(
              names = "--secret-env",
              paramLabel = "VARIABLE",
              description = "The server's environment variable that holds the secret.")
          @Nullable String secretEnv,
      @Option(
              names = "--secret-stdin",
              description = "Read the secret from the first line of standard input.")
          boolean secretStdin) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name).put("url", url);
    if (format != null) {
      body.put("format", format);
    }
    if (events != null) {
      events.forEach(body.putArray("events")::add);
    }
    if (secretEnv != null) {
      body.put("secret_env", secretEnv);
    }
    if (secretStdin) {
      body.put("secret", common.terminal().firstLine().strip());
    }
    common.output().fields(common.server(api -> api.post("/api/webhooks", body).body()), "name");
    return ExitCodes.OK;
  }

  @Command(name = "delete", description = "Deletes a webhook and what waits for it.")
  int delete(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "NAME", description = NAME) String name) {
    JsonNode answer = common.server(api -> api.delete(path(name)).body());
    common.output().done("The webhook '" + name + "' is deleted.", answer, "name");
    return ExitCodes.OK;
  }

  @Command(name = "enable", description = "Tells it of what happens from now on.")
  int enable(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "NAME", description = NAME) String name) {
    return change(common, name, "enable");
  }

  @Command(name = "disable", description = "Tells it nothing more.")
  int disable(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "NAME", description = NAME) String name) {
    return change(common, name, "disable");
  }

  @Command(
      name = "rotate",
      description = "Makes a new secret, shown this once; the old one goes on for a day.")
  int rotate(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "NAME", description = NAME) String name) {
    return change(common, name, "rotate");
  }

  @Command(name = "test", description = "Sends it an event of no meaning.")
  int test(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "NAME", description = NAME) String name) {
    return send(common, name, "test");
  }

  @Command(name = "deliveries", description = "Shows the last tries to tell it something.")
  int deliveries(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "NAME", description = NAME) String name) {
    List<JsonNode> deliveries = items(common, path(name) + "/deliveries");
    String problem = deliveries.isEmpty() ? "" : View.text(deliveries.get(0), "problem");
    if (!problem.isEmpty()) { // In the table it may not fit.
      common.output().heading("The last try failed: " + problem);
    }
    common.output().list(deliveries, DELIVERY);
    return ExitCodes.OK;
  }

  @Command(name = "redeliver", description = "Has an event delivered again.")
  int redeliver(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Parameters(paramLabel = "ID", description = "The event's id, see 'webhook deliveries'.")
          String id) {
    return send(common, name, "deliveries/" + encoded(id) + "/redeliver");
  }

  private static List<JsonNode> items(CommonOptions common, String path) {
    List<JsonNode> items = new ArrayList<>();
    common.server(api -> api.get(path).body()).forEach(items::add);
    return items;
  }

  private static int send(CommonOptions common, String name, String operation) {
    ObjectNode answer =
        common.server(api -> api.post(path(name) + "/" + operation, null).body()).deepCopy();
    common
        .output()
        .done(
            "It is on its way; 'shield webhook deliveries " + name + "' tells what comes of it.",
            answer.put("name", name),
            "name");
    return ExitCodes.OK;
  }

  private static int change(CommonOptions common, String name, String operation) {
    Output output = common.output();
    output.fields(
        common.server(api -> api.post(path(name) + "/" + operation, null).body()), "name");
    return ExitCodes.OK;
  }

  private static String path(String name) {
    return "/api/webhooks/" + encoded(name);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
