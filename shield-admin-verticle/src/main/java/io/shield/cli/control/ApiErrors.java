package io.shield.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** What an answer that is no success means. */
final class ApiErrors {
  /** The code of a failure whose cause is that the server does not know the request. */
  static final String UNKNOWN_REQUEST = "unknown_request";

  private ApiErrors() {}

  static CommandFailure of(String request, HttpResponse<String> response, boolean signedIn) {
    return of(request, response.statusCode(), response.body(), signedIn);
  }

  static CommandFailure of(String request, int status, String body, boolean signedIn) {
    JsonNode json = json(body);
    JsonNode error = json.path("error");
    String message = error.isTextual() ? error.textValue() : "";
    if (message.isEmpty() && status != 401 && status != 403) {
      return unexplained(request, status);
    }
    return switch (status) {
      case 400, 413, 422 -> failure(ExitCodes.USAGE, "invalid", message, "");
      case 401 -> notSignedIn(message, signedIn);
      case 403 ->
          failure(
              ExitCodes.NOT_ALLOWED,
              "forbidden",
              message.isEmpty() ? "this account may not do that" : message,
              "sign in as somebody who may: 'shield login USER'");
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

  private static CommandFailure notSignedIn(String message, boolean signedIn) {
    // What the server says of a missing token speaks to who writes a client.
    boolean missing = message.isEmpty() || message.startsWith("Authentication required");
    String told = signedIn ? "the sign-in has ended, or the token was revoked" : message;
    return failure(
        ExitCodes.NOT_ALLOWED,
        "unauthorized",
        missing && !signedIn ? "not signed in" : told,
        "sign in with 'shield login USER', or set SHIELD_TOKEN");
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
  private static CommandFailure unexplained(String request, int status) {
    String message = request + " was answered " + status;
    return switch (status) {
      case 404, 405 ->
          failure(
              ExitCodes.FAILED,
              UNKNOWN_REQUEST,
              message + ": the server does not know this request",
              "is the address right ('shield config show'), and the server new enough?");
      case 502, 503, 504 -> CommandFailure.unreachable(message, "try again, or wait with --wait");
      default -> CommandFailure.failed(message, "is the address right? See 'shield config show'");
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
