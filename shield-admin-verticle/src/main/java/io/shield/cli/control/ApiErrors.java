package io.shield.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.shield.cli.config.Server;
import io.shield.cli.config.Token;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an answer that is no success means. */
public final class ApiErrors {
  /** The code of a failure whose cause is that the server does not know the request. */
  static final String UNKNOWN_REQUEST = "unknown_request";

  /** The code of a failure whose cause is that the server does not know who asks. */
  public static final String UNAUTHORIZED = "unauthorized";

  /** The server's own codes for a request that it does not know. */
  private static final Set<String> UNKNOWN = Set.of("UNKNOWN_ENDPOINT", "METHOD_NOT_ALLOWED");

  private ApiErrors() {}

  static CommandFailure of(
      String request, int status, String body, Server server, @Nullable Token token) {
    JsonNode json = json(body);
    JsonNode error = json.path("error");
    String message = error.isTextual() ? error.textValue() : "";
    boolean explained = !message.isEmpty() || status == 401 || status == 403;
    if (!explained || UNKNOWN.contains(json.path("code").asText())) {
      return unexplained(request, status, server);
    }
    return switch (status) {
      case 400, 413, 422 -> failure(ExitCodes.USAGE, "invalid", message, "");
      case 401 -> notSignedIn(message, server, token);
      case 403 ->
          failure(
              ExitCodes.NOT_ALLOWED,
              "forbidden",
              message.isEmpty() ? "this account may not do that" : message,
              token != null && token.isGiven()
                  ? "the token of " + Token.VARIABLE + " does not; set one that does, or unset it"
                  : "sign in as somebody who may: 'shield login USER'");
      case 429 ->
          failure(ExitCodes.FAILED, "too_many_requests", message, "wait a little and try again");
      case 404 -> failure(ExitCodes.NOT_FOUND, "not_found", message, "");
      case 409 -> conflict(message, json);
      case 412 ->
          failure(
              ExitCodes.CONFLICT, "conflict", message, "look with 'shield status' and try again");
      case 502, 503, 504 -> CommandFailure.unreachable(message, storeHint(json));
      default -> CommandFailure.failed(message, "");
    };
  }

  private static CommandFailure notSignedIn(String message, Server server, @Nullable Token token) {
    if (token == null) {
      // What the server says of a missing token speaks to who writes a client.
      boolean missing = message.isEmpty() || message.startsWith("Authentication required");
      return unauthorized(
          missing ? "not signed in at " + server.url() : message,
          "sign in with 'shield login USER', or set " + Token.VARIABLE + "; " + server.origin());
    }
    if (token.isGiven()) {
      return unauthorized(
          server.url() + " does not take the token of " + Token.VARIABLE,
          "it has ended, was revoked, or is another server's: set another, or unset it and sign in"
              + " with 'shield login USER'; "
              + server.origin());
    }
    return unauthorized(
        "the sign-in of " + token.user() + " at " + server.url() + " has ended, or was revoked",
        "sign in again with 'shield login " + token.user() + "'");
  }

  private static CommandFailure unauthorized(String message, String hint) {
    return failure(ExitCodes.NOT_ALLOWED, UNAUTHORIZED, message, hint);
  }

  private static String storeHint(JsonNode json) {
    boolean refused = json.path("code").asText().equals("CHANGE_REFUSED");
    String look = refused ? "see 'shield store status', " : "";
    return look + "try again, or wait with --wait";
  }

  private static CommandFailure conflict(String message, JsonNode json) {
    List<String> candidates = new ArrayList<>();
    json.path("ambiguous_matches").forEach(match -> candidates.add(match.asText()));
    String hint = candidates.isEmpty() ? "" : "name one of " + String.join(", ", candidates);
    return new CommandFailure(
        ExitCodes.CONFLICT,
        candidates.isEmpty() ? "conflict" : "ambiguous",
        message,
        message.contains(String.join(", ", candidates)) ? "" : hint,
        candidates);
  }

  /** Not an answer of the API: another server, an older one, or something between. */
  private static CommandFailure unexplained(String request, int status, Server server) {
    String message = request + " was answered " + status;
    return switch (status) {
      case 404, 405 ->
          failure(
              ExitCodes.FAILED,
              UNKNOWN_REQUEST,
              message + ": the server does not know this request",
              server.prefixHint().isEmpty()
                  ? "is the address with its prefix right, and the server new enough? "
                      + server.origin()
                  : server.prefixHint() + "; " + server.origin());
      case 502, 503, 504 -> CommandFailure.unreachable(message, "try again, or wait with --wait");
      default -> CommandFailure.failed(message, "is it a Shield server? " + server.origin());
    };
  }

  private static CommandFailure failure(int exitCode, String code, String message, String hint) {
    return new CommandFailure(exitCode, code, message, hint);
  }

  private static JsonNode json(String body) {
    try {
      return ShieldJson.parse("answer", body);
    } catch (InvalidValueException e) {
      return MissingNode.getInstance();
    }
  }
}
