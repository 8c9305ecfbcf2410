package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.config.ConfigFile;
import io.shield.cli.config.Server;
import io.shield.cli.config.SignIn;
import io.shield.cli.control.ApiErrors;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.Surroundings;
import io.shield.json.Times;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code login}: signs in and keeps the token. */
@Command
public final class LoginCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;
  @Mixin private final PasswordOption other;

  @Parameters(arity = "0..1", paramLabel = "USER", description = "Who signs in.")
  private @Nullable String user;

  @Option(names = "--username", paramLabel = "USER", description = "Who signs in.")
  private @Nullable String username;

  @Option(
      names = {"-p", "--password"},
      paramLabel = "TEXT",
      description =
          "The password; other users of this machine can see it. Better: answer the prompt, set"
              + " SHIELD_PASSWORD, or use --password-stdin.")
  private @Nullable String password;

  public LoginCommand(Surroundings here) {
    common = new CommonOptions(here);
    other = new PasswordOption(here);
  }

  @Override
  public Integer call() {
    ConfigFile config = common.config();
    Server server = common.server(config);
    String name = name();
    Output output = common.output();
    if (server.isOpenToReaders()) {
      output.remark(
          "the password goes to " + server.url() + " unencrypted; use https where you can");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("username", name).put("password", password(name)).put("platform", "cli");
    JsonNode answer = answered(server, body, name);
    SignIn signIn = signIn(answer, name, server);
    config.keep(server.context(), signIn);
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    shown.put("username", signIn.username()).put("server_url", server.url());
    shown.put("source", server.source()).put("context", server.context());
    shown.put("expires_at", answer.path("expires_at").asText());
    output.fields(shown, "username");
    return ExitCodes.OK;
  }

  private JsonNode answered(Server server, ObjectNode body, String name) {
    try {
      return common.server(server, null, api -> api.post("/api/auth/login", body).body());
    } catch (CommandFailure e) {
      if (!e.code().equals(ApiErrors.UNAUTHORIZED)) {
        throw e;
      }
      String source = password == null ? other.source() : "--password";
      throw new CommandFailure(
          e.exitCode(),
          e.code(),
          e.getMessage() + ": " + server.url() + " does not take '" + name + "' with this password",
          "the password is that of " + source + "; " + server.origin());
    }
  }

  private String name() {
    String given = user == null ? username : user;
    if (given == null) {
      given = common.terminal().line("User: ", "give USER: 'shield login USER'", common.err());
    }
    if (given.isBlank()) {
      throw CommandFailure.usage("USER is empty", "use 'shield login USER'");
    }
    return given;
  }

  private String password(String name) {
    if (password != null) {
      return password;
    }
    String given = other.given();
    return given == null ? other.asked("Password of " + name + ": ") : given;
  }

  private static SignIn signIn(JsonNode answer, String name, Server server) {
    JsonNode token = answer.path("token");
    if (!token.isTextual()) {
      throw CommandFailure.failed(
          server.url() + " did not answer with a token", "is the address right?");
    }
    JsonNode until = answer.path("expires_at");
    return new SignIn(
        token.textValue(),
        answer.path("username").asText(name),
        until.isTextual() ? Times.parse("expires_at", until.textValue()) : null,
        server.url());
  }
}
