package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.cli.terminal.ExitCodes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store}: how the server's store is doing, and which side is believed. */
@Command
public final class StoreCommand {
  @Command(name = "status", description = "Shows how the store is doing.")
  int status(@Mixin CommonOptions common) {
    common.output().fields(common.server(api -> api.get("/api/store").body()), "condition");
    return ExitCodes.OK;
  }

  @Command(
      name = "adopt",
      description = "Believes what is in the store, and forgets what the nodes knew.")
  int adopt(
      @Mixin CommonOptions common,
      @Option(
              names = {"-y", "--yes"},
              description = "Do not ask.")
          boolean yes,
      @Option(
              names = {"-r", "--reason"},
              paramLabel = "TEXT",
              defaultValue = "",
              description = "Why; kept in the audit log.")
          String reason) {
    common.confirm(
        yes, "Replace what the nodes know by what is in the store? This cannot be undone.");
    return change(common, "adopt", because(reason));
  }

  @Command(
      name = "reseed",
      description = "Writes what the server knows into the store, over what is there.")
  int reseed(
      @Mixin CommonOptions common,
      @Option(
              names = {"-y", "--yes"},
              description = "Do not ask.")
          boolean yes,
      @Option(
              names = {"-r", "--reason"},
              paramLabel = "TEXT",
              defaultValue = "",
              description = "Why; kept in the audit log.")
          String reason) {
    common.confirm(
        yes, "Replace what is in the store by what this server knows? This cannot be undone.");
    return change(common, "reseed", because(reason));
  }

  @Command(
      name = "members",
      description =
          "Says how many members the cluster has from now on, when some will not come back.")
  int members(
      @Mixin CommonOptions common,
      @Option(
              names = {"-y", "--yes"},
              description = "Do not ask.")
          boolean yes,
      @Option(
              names = {"-r", "--reason"},
              paramLabel = "TEXT",
              defaultValue = "",
              description = "Why; kept in the audit log.")
          String reason,
      @Parameters(paramLabel = "N", description = "How many, 1 to 1000.") int count) {
    common.confirm(
        yes,
        "From now on a majority of "
            + count
            + " decides. Members that still run elsewhere could decide otherwise. Go on?");
    return change(
        common,
        "members",
        JsonNodeFactory.instance.objectNode().put("members", count).put("reason", reason));
  }

  private static JsonNode because(String reason) {
    return JsonNodeFactory.instance.objectNode().put("reason", reason);
  }

  private static int change(CommonOptions common, String operation, JsonNode body) {
    common
        .output()
        .fields(
            common.server(api -> api.post("/api/store/" + operation, body).body()), "condition");
    return ExitCodes.OK;
  }
}
