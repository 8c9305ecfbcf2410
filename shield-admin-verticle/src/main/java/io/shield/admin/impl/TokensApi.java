package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.admin.AdminOptions;
import io.shield.admin.Role;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import io.shield.json.Fields;
import io.shield.json.Times;
import io.shield.model.RouteKey;
import io.shield.model.audit.Platform;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens for programs: issuing, listing and revoking them. */
final class TokensApi {
  private static final int MAX_DESCRIPTION = 200;

  private final AdminSettings settings;
  private final Tokens tokens;
  private final TokenDocuments documents;
  private final SignIn signIn;

  TokensApi(AdminSettings settings, Tokens tokens, TokenDocuments documents, SignIn signIn) {
    this.settings = settings;
    this.tokens = tokens;
    this.documents = documents;
    this.signIn = signIn;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/tokens", Access.ADMIN, this::list).listing(),
        Endpoint.post("/api/tokens", Access.ADMIN, this::issue),
        Endpoint.delete("/api/tokens/:id", Access.ADMIN, this::revoke));
  }

  private Future<Answer> list(Call call) {
    return Page.of(call, documents.issued()).answer(this::listed).now();
  }

  /** What somebody made ends with the account, though nobody revoked it. */
  private ObjectNode listed(ObjectNode token) {
    String maker = token.path("username").asText();
    JsonNode credential = token.remove(TokenDocuments.CREDENTIAL);
    token.put("made_by", maker);
    token.put("valid", signIn.stands(maker, credential == null ? null : credential.textValue()));
    return token;
  }

  private Future<Answer> issue(Call call) {
    Fields in = call.body();
    Role role = in.choice("role", Role::parse, Role.SDK);
    String service = in.string("service");
    if (service != null) {
      RouteKey.checkService(service);
    }
    if ((role == Role.SDK) != (service != null)) {
      throw new InvalidValueException(
          "service", service == null ? "" : service, "given for the role sdk, and for no other");
    }
    String description = Checks.line("description", in.string("description", ""), MAX_DESCRIPTION);
    String credential = call.principal().credential();
    if (credential == null) {
      throw AuthApi.noCredentials();
    }
    Platform platform = role == Role.SDK ? Platform.SDK : Platform.CLI;
    Tokens.Issued issued =
        tokens.issue(
            call.principal().name(),
            role,
            platform,
            service,
            credential,
            program(in),
            lifetime(in, role));
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("token", issued.token());
    body.setAll(AuthApi.shown(issued.principal()));
    return documents
        .record(issued, description)
        .map(v -> Answer.json(201, body.put("description", description)));
  }

  /** Who acts with it, in place of who issues it. */
  private static @Nullable String program(Fields in) {
    String name = in.string("name");
    if (name != null && !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new InvalidValueException(
          "name", name, "1 to 64 letters, digits, dots, dashes and underscores");
    }
    return name;
  }

  /** Programs live longer than a day; one that may do everything does not go on for a year. */
  private Duration lifetime(Fields in, Role role) {
    AdminOptions options = settings.options();
    Duration longest =
        role == Role.ADMIN ? options.getTokenLifetime() : options.getSdkTokenLifetime();
    Duration asked = Until.readDuration(in, "expires_in");
    if (asked == null) {
      return role == Role.SDK || role == Role.METRICS ? longest : options.getTokenLifetime();
    }
    if (asked.isZero() || asked.compareTo(longest) > 0) {
      throw new InvalidValueException(
          "expires_in",
          in.required("expires_in"),
          "more than 0 and at most " + longest.toSeconds() + "s");
    }
    return asked;
  }

  /**
   * By its id; one that is not listed, a person's for instance, is remembered for as long as any
   * can live: it may have been issued where, or when, tokens lived longer than they do here now.
   */
  private Future<Answer> revoke(Call call) {
    String id = String.valueOf(call.ctx().pathParam("id"));
    if (!id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      throw new InvalidValueException("id", id, "the id of a token");
    }
    Instant expiresAt =
        documents.issued().stream()
            .filter(node -> id.equals(node.path("id").asText()))
            .map(node -> Times.parse("expires_at", node.path("expires_at").asText()))
            .findFirst()
            .orElse(call.now().plus(AdminOptions.MAX_TOKEN_LIFETIME));
    return documents.revoke(id, expiresAt).map(v -> Answer.ok());
  }
}
