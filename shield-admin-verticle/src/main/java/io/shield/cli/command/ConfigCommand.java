package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.config.ConfigFile;
import io.shield.cli.config.Server;
import io.shield.cli.config.SignIn;
import io.shield.cli.config.Token;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.View;
import io.shield.cli.terminal.View.Column;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code config}: the configuration file with its contexts. */
@Command
public final class ConfigCommand {
  private static final View CONTEXT =
      new View(
          context -> View.text(context, "name"),
          List.of(
              Column.of("CURRENT", c -> c.path("current").asBoolean() ? "*" : ""),
              Column.field("NAME", "name"),
              Column.field("SERVER", "server_url"),
              Column.field("USER", "username")),
          "");

  @Command(name = "show", description = "Shows the server that is used, and as whom.")
  int show(@Mixin CommonOptions common) {
    ConfigFile config = common.config();
    Server server = common.server(config);
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    shown.put("server_url", server.url());
    shown.put("source", server.source());
    shown.put("context", server.context());
    shown.put("signed_in", common.token(server, config) != null);
    SignIn kept = server.signIn(config, Instant.now());
    if (common.here().variable(Token.VARIABLE) != null) {
      shown.put("token", "environment SHIELD_TOKEN");
    } else if (kept != null) {
      shown.put("username", kept.username());
      shown.put("expires_at", kept.expiresAt() == null ? null : kept.expiresAt().toString());
    }
    List<String> others = server.otherSignIns(config, Instant.now());
    if (!others.isEmpty()) {
      others.forEach(shown.putArray("also_signed_in")::add);
    }
    if (server.caFile() != null) {
      shown.put("ca_file", server.caFile());
    }
    shown.put("file", config.path().toString());
    common.output().fields(shown, "server_url");
    return ExitCodes.OK;
  }

  @Command(
      name = "set-url",
      description = "Keeps the server's address in a context, with --ca-file whom it trusts.")
  int setUrl(
      @Mixin CommonOptions common,
      @Parameters(paramLabel = "URL", description = "The server, with the prefix of Shield.")
          String url) {
    ConfigFile config = common.config();
    String context = common.contextOr(config);
    if (!context.matches("[A-Za-z0-9._-]{1,100}")) {
      throw CommandFailure.usage(
          "--context: '"
              + context
              + "' is not allowed, must be 1 to 100 letters, digits, '.', '-' and '_'",
          "");
    }
    String checked = Server.checked("URL", url);
    String caFile = common.checkedCaFile();
    config.setServer(context, checked, caFile);
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    shown.put("context", context).put("server_url", checked);
    if (caFile != null) {
      shown.put("ca_file", caFile);
    }
    common.output().fields(shown, "context");
    return ExitCodes.OK;
  }

  @Command(name = "contexts", description = "Lists the contexts.")
  int contexts(@Mixin CommonOptions common) {
    ConfigFile config = common.config();
    List<JsonNode> all = new ArrayList<>();
    for (String name : config.contexts()) {
      String url = config.url(name);
      SignIn kept = config.signIn(name, url == null ? Server.DEFAULT_URL : url);
      all.add(
          JsonNodeFactory.instance
              .objectNode()
              .put("name", name)
              .put("current", name.equals(config.current()))
              .put("server_url", url)
              .put("username", kept == null ? null : kept.username()));
    }
    common.output().list(all, CONTEXT);
    return ExitCodes.OK;
  }

  @Command(name = "use-context", description = "Makes a context the current one.")
  int useContext(
      @Mixin CommonOptions common,
      @Parameters(
              paramLabel = "NAME",
              completionCandidates = LiveValues.Contexts.class,
              description = "The context.")
          String name) {
    ConfigFile config = existing(common, name);
    config.use(name);
    ObjectNode shown = JsonNodeFactory.instance.objectNode().put("context", name);
    common.output().fields(shown.put("server_url", config.url(name)), "context");
    return ExitCodes.OK;
  }

  @Command(name = "delete-context", description = "Forgets a context with its sign-in.")
  int deleteContext(
      @Mixin CommonOptions common,
      @Parameters(
              paramLabel = "NAME",
              completionCandidates = LiveValues.Contexts.class,
              description = "The context.")
          String name) {
    existing(common, name).delete(name);
    common.output().fields(JsonNodeFactory.instance.objectNode().put("deleted", name), "deleted");
    return ExitCodes.OK;
  }

  private static ConfigFile existing(CommonOptions common, String name) {
    ConfigFile config = common.config();
    if (!config.has(name)) {
      throw new CommandFailure(
          ExitCodes.NOT_FOUND,
          "not_found",
          "'" + name + "' is not a context",
          "there are " + String.join(", ", config.contexts()));
    }
    return config;
  }
}
