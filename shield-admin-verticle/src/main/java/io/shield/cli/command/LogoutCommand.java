package io.shield.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.cli.config.ConfigFile;
import io.shield.cli.config.Server;
import io.shield.cli.config.SignIn;
import io.shield.cli.config.Token;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.Surroundings;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code logout}: ends the sign-in, on the server and here. */
@Command
public final class LogoutCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;

  public LogoutCommand(Surroundings here) {
    common = new CommonOptions(here);
  }

  @Override
  public Integer call() {
    ConfigFile config = common.config();
    Server server = common.server(config);
    SignIn kept = config.signIn(server.context(), server.url());
    if (kept != null) {
      config.forget(server.context(), server.url());
      if (!kept.isOver(Instant.now())) {
        end(server, kept);
      }
    }
    Output output = common.output();
    output.fields(
        JsonNodeFactory.instance
            .objectNode()
            .put("signed_in", false)
            .put("server_url", server.url())
            .put("source", server.source())
            .put("context", server.context()),
        "context");
    if (kept == null) {
      output.remark("nobody was signed in at " + server.url());
    }
    List<String> others = server.otherSignIns(config, Instant.now());
    if (!others.isEmpty()) {
      output.remark(
          "still signed in: "
              + String.join(", ", others)
              + "; 'shield logout --server-url URL' ends that");
    }
    return ExitCodes.OK;
  }

  /** A token that the server no longer takes has ended already. */
  private void end(Server server, SignIn kept) {
    try {
      common.server(
          server,
          new Token(kept.token(), kept.username()),
          api -> api.post("/api/auth/logout", null));
    } catch (CommandFailure e) {
      if (e.exitCode() != ExitCodes.NOT_ALLOWED) {
        throw new CommandFailure(
            e.exitCode(),
            e.code(),
            "the token is forgotten here but goes on at the server: " + e.getMessage(),
            "it ends by itself, or an admin revokes it with 'shield token revoke'");
      }
    }
  }
}
