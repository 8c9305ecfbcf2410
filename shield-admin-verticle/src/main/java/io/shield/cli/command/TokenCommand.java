package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.terminal.ExitCodes;
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

/** {@code token}: tokens for programs. */
@Command
public final class TokenCommand {
  private static final View TOKEN =
      new View(
          token -> View.text(token, "id"),
          List.of(
              Column.key("ID", token -> View.text(token, "id")),
              Column.field("NAME", "name"),
              Column.field("MADE BY", "made_by"),
              Column.field("ROLE", "role"),
              Column.field("SERVICE", "service"),
              Column.time("EXPIRES", token -> View.text(token, "expires_at")),
              Column.field("VALID", "valid"),
              Column.field("DESCRIPTION", "description")),
          "No tokens were issued.");

  @Command(name = "list", description = "Lists the tokens that were issued.")
  int list(@Mixin CommonOptions common) {
    List<JsonNode> tokens = new ArrayList<>();
    common.server(api -> api.get("/api/tokens").body()).forEach(tokens::add);
    common.output().list(tokens, TOKEN);
    return ExitCodes.OK;
  }

  @Command(name = "create", description = "Issues a token; it is shown this once.")
  int create(
      @Mixin CommonOptions common,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              completionCandidates = Choices.Roles.class,
              description = "sdk, metrics, viewer, operator or admin (default: sdk).")
          @Nullable String role,
      @Option(
              names = "--service",
              paramLabel = "NAME",
              completionCandidates = LiveValues.Services.class,
              description = "The only service a token of role sdk is for.")
          @Nullable String service,
      @Option(
              names = "--expires-in",
              paramLabel = "DURATION",
              description =
                  "30m, 12h or 90d, at most a year (default: that for the role sdk, else a day).")
          @Nullable String expiresIn,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              description = "Who acts with it, as the audit log says: ci-deploy (token).")
          @Nullable String name,
      @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
          @Nullable String description) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    put(body, "name", name);
    put(body, "role", role);
    put(body, "service", service);
    put(body, "expires_in", expiresIn);
    put(body, "description", description);
    common.output().fields(common.server(api -> api.post("/api/tokens", body).body()), "token");
    return ExitCodes.OK;
  }

  @Command(name = "revoke", description = "Ends a token at once, on every node.")
  int revoke(
      @Mixin CommonOptions common,
      @Parameters(
              paramLabel = "ID",
              completionCandidates = LiveValues.Tokens.class,
              description = "The token's id, see 'token list'.")
          String id) {
    String path = "/api/tokens/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    common.server(api -> api.delete(path));
    common.output().fields(JsonNodeFactory.instance.objectNode().put("revoked", id), "revoked");
    return ExitCodes.OK;
  }

  private static void put(ObjectNode body, String field, @Nullable String value) {
    if (value != null) {
      body.put(field, value);
    }
  }
}
