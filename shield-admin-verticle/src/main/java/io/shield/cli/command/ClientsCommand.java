package io.shield.cli.command;

import static io.shield.cli.terminal.View.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Style;
import io.shield.cli.terminal.Surroundings;
import io.shield.cli.terminal.View;
import io.shield.cli.terminal.View.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code clients}: who is connected to the server, and how far each has been told. */
@Command
public final class ClientsCommand implements Callable<Integer> {
  private static final View CLIENT =
      new View(
          client -> text(client, "address"),
          List.of(
              Column.field("SERVICE", "service"),
              Column.field("INSTANCE", "instance"),
              Column.field("ADDRESS", "address"),
              Column.field("SDK", "sdk"),
              Column.time("SINCE", client -> Views.seconds(text(client, "since"))),
              Column.field("HEAD", "head"),
              new Column("LAG", client -> text(client, "lag"), ClientsCommand::lagStyle)),
          "No service is connected to this server.");

  @Mixin private final CommonOptions common;

  public ClientsCommand(Surroundings here) {
    common = new CommonOptions(here);
  }

  private static Style lagStyle(JsonNode client) {
    return text(client, "lag").equals("0") ? Style.GREEN : Style.YELLOW;
  }

  @Override
  public Integer call() {
    List<JsonNode> clients = new ArrayList<>();
    common.server(api -> api.get("/api/clients").body()).forEach(clients::add);
    common.output().list(clients, CLIENT);
    return ExitCodes.OK;
  }
}
