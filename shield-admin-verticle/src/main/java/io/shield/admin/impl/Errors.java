package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.AmbiguousRouteException;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.error.OutcomeUnknownException;
import io.shield.error.ShieldException;
import io.shield.error.UnknownPolicyException;
import io.shield.error.UnknownRouteException;
import io.shield.error.VersionMismatchException;
import io.shield.internal.value.Hidden;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.StoreUnreachableException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renders failures: {@code {"error": "...", "code": "..."}}, never a stack trace. */
final class Errors {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

  private Errors() {}

  static Answer answer(Throwable failure) {
    if (failure instanceof RefusedException refused) {
      return refused(refused);
    }
    if (failure instanceof InvalidValueException) {
      return error(400, "INVALID_VALUE", message(failure));
    }
    if (failure instanceof UnknownRouteException) {
      return error(404, "UNKNOWN_ROUTE", message(failure));
    }
    if (failure instanceof UnknownPolicyException) {
      return error(404, "UNKNOWN_POLICY", message(failure));
    }
    if (failure instanceof AmbiguousRouteException ambiguous) {
      ObjectNode body = body("AMBIGUOUS_ROUTE", message(failure));
      ambiguous.matches().forEach(body.putArray("ambiguous_matches")::add);
      return Answer.json(409, body);
    }
    if (failure instanceof ChangeConflictException) {
      return error(409, "CONFLICT", message(failure));
    }
    if (failure instanceof VersionMismatchException) {
      return error(412, "VERSION_MISMATCH", message(failure));
    }
    return storeTrouble(failure);
  }

  private static Answer storeTrouble(Throwable failure) {
    if (failure instanceof StoreUnreachableException) {
      return error(503, "STORE_UNREACHABLE", message(failure));
    }
    if (failure instanceof OutcomeUnknownException) {
      return error(503, "OUTCOME_UNKNOWN", message(failure));
    }
    if (failure instanceof ChangeRefusedException) {
      return error(503, "CHANGE_REFUSED", message(failure));
    }
    if (failure instanceof ShieldException) {
      return error(503, "UNAVAILABLE", message(failure));
    }
    LOG.error("An admin request failed", failure);
    return error(500, "INTERNAL", "Something went wrong; the log of this node says what.");
  }

  private static Answer refused(RefusedException refused) {
    Answer answer = error(refused.status(), refused.code(), message(refused));
    Duration retryAfter = refused.retryAfter();
    if (retryAfter != null) {
      long seconds = Math.max(1, (retryAfter.toMillis() + 999) / 1000);
      answer = answer.with("Retry-After", String.valueOf(seconds));
    }
    return refused.status() == 401 ? answer.with("WWW-Authenticate", "Bearer") : answer;
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  static Answer error(int status, String code, String message) {
    return Answer.json(status, body(code, message));
  }

  static ObjectNode body(String code, String message) {
    // It may name what was sent.
    String shown = Hidden.shown(message);
    return JsonNodeFactory.instance.objectNode().put("error", shown).put("code", code);
  }
}
