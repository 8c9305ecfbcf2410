package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.config.ConfigFile;
import io.shield.cli.config.Server;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code version}: of this command, and of the server. */
@Command
public final class VersionCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;
  private final String own;

  /**
   * @param own the version of this command
   */
  public VersionCommand(Surroundings here, String own) {
    common = new CommonOptions(here);
    this.own = own;
  }

  @Override
  public Integer call() {
    ConfigFile config = common.config();
    Server server = common.server(config);
    ObjectNode versions =
        JsonNodeFactory.instance.objectNode().put("client", own).put("server_url", server.url());
    int code = ExitCodes.OK;
    try {
      JsonNode told = common.server(api -> api.get("/api/version").body());
      versions.put("server", told.path("version").asText());
    } catch (CommandFailure e) {
      versions.putNull("server");
      common.output().remark("the server's version is not known: " + e.getMessage());
      code = e.exitCode() == ExitCodes.UNREACHABLE ? ExitCodes.UNREACHABLE : ExitCodes.OK;
    }
    common.output().fields(versions, "client");
    return code;
  }
}
