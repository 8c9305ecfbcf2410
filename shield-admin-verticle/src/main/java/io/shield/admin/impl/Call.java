package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.error.InvalidValueException;
import io.shield.internal.Moments;
import io.shield.internal.value.Checks;
import io.shield.json.Fields;
import io.shield.json.ShieldJson;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that was let in, with its values read and checked. Confined to its context. */
final class Call {
  private static final int MAX_PARAMETER = 4096;

  private final RoutingContext ctx;
  private final CallInput input;
  private final @Nullable Principal principal;
  private final boolean reasonRequired;
  private final Instant now;
  private @Nullable Fields body;

  /**
   * @param input where its values stand
   * @param principal who sends it; null at public endpoints
   * @param reasonRequired whether a change needs a reason
   * @param now the moment it is judged by
   */
  Call(
      RoutingContext ctx,
      CallInput input,
      @Nullable Principal principal,
      boolean reasonRequired,
      Instant now) {
    this.ctx = ctx;
    this.input = input;
    this.principal = principal;
    this.reasonRequired = reasonRequired;
    this.now = now.truncatedTo(ChronoUnit.MILLIS);
  }

  Instant now() {
    return now;
  }

  @Nullable String ifMatch() {
    return input.ifMatch();
  }

  RoutingContext ctx() {
    return ctx;
  }

  /** Who sends it; every endpoint that is not public has one. */
  Principal principal() {
    if (principal == null) {
      throw RefusedException.unauthenticated();
    }
    return principal;
  }

  Actor actor() {
    return principal().actor();
  }

  /** The route key: the query parameter {@code path}, or the base64url of the path. */
  String key() {
    String key = rawKey();
    if (RouteKey.isReserved(key)) {
      throw new InvalidValueException("route", key, "a route, not a document of Shield's own");
    }
    return RouteKey.parse(key).toString();
  }

  /** As {@link #key}, but of anything that is kept under a key. */
  String rawKey() {
    String given = parameter("path");
    if (given != null) {
      return given;
    }
    String encoded = input.pathParameter("key");
    if (encoded == null) {
      throw new InvalidValueException("path", "", "given: ?path=GET:/payments");
    }
    return decoded(encoded);
  }

  private static String decoded(String encoded) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(encoded);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new InvalidValueException("key", encoded, "a route key in base64url, or ?path=");
    }
  }

  /** A part of the path, or null. */
  @Nullable String pathParameter(String name) {
    return input.pathParameter(name);
  }

  /** The service in the path. */
  String service() {
    String service = RouteKey.checkService(String.valueOf(input.pathParameter("service")));
    return Checks.visible("service", service);
  }

  /** A parameter that is {@code true} or {@code false}; false if it is not given. */
  boolean flag(String name) {
    String value = parameter(name);
    if (value != null && !value.equals("true") && !value.equals("false")) {
      throw new InvalidValueException(name, value, "true or false");
    }
    return "true".equals(value);
  }

  /** A query parameter, or null; given twice it could mean either, and is refused. */
  @Nullable String parameter(String name) {
    List<String> values = input.parameters(name);
    if (values.size() > 1) {
      throw new InvalidValueException(name, String.join("', '", values), "given once");
    }
    String value = values.isEmpty() ? null : values.get(0);
    if (value != null && value.length() > MAX_PARAMETER) {
      throw new InvalidValueException(name, value, "at most " + MAX_PARAMETER + " characters");
    }
    return value;
  }

  int number(String name, int absent, int min, int max) {
    String text = parameter(name);
    if (text == null) {
      return absent;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // told below
    }
    throw new InvalidValueException(name, text, "a whole number between " + min + " and " + max);
  }

  /** A moment that was, as a filter has it: a duration back from now, a date or a time; or null. */
  @Nullable Instant since(String name) {
    String text = parameter(name);
    return text == null ? null : Moments.utc(now).back(name, text);
  }

  /** The body's fields; a missing body has none. */
  Fields body() {
    Fields known = body;
    if (known == null) {
      known = Fields.of("body", json());
      body = known;
    }
    return known;
  }

  boolean hasBody() {
    Buffer buffer = input.body();
    return buffer != null && buffer.length() > 0;
  }

  /** The body; a missing one is an empty object. */
  JsonNode json() {
    JsonNode json = jsonOfEngine();
    VisibleText.check(json);
    return json;
  }

  /** The body as an engine sent it, which has checked what people named. */
  JsonNode jsonOfEngine() {
    String text = text();
    return text.isEmpty()
        ? JsonNodeFactory.instance.objectNode()
        : ShieldJson.parseStrictly("body", text);
  }

  /** The text of the body; a missing one is empty. */
  String text() {
    Buffer buffer = input.body();
    if (buffer == null || buffer.length() == 0) {
      return "";
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(buffer.getBytes());
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidValueException("body", "another encoding", "text in UTF-8");
    }
  }

  /** The reason of a change; it may be mandatory. */
  String reason() {
    String reason = optionalReason();
    return reason == null ? "" : reason;
  }

  /** As {@link #reason}, null if none is given and none has to be. */
  @Nullable String optionalReason() {
    String reason = body().string("reason");
    return checked(reason == null ? parameter("reason") : reason, reasonRequired);
  }

  /** The reason of a change whose body is a document and has none. */
  String documentReason(boolean dryRun) {
    String reason = checked(parameter("reason"), reasonRequired && !dryRun);
    return reason == null ? "" : reason;
  }

  private static @Nullable String checked(@Nullable String reason, boolean required) {
    if (required && (reason == null || reason.isBlank())) {
      throw new InvalidValueException("reason", "", "given: changes need a reason here");
    }
    if (reason != null && reason.length() > RouteState.MAX_REASON_LENGTH) {
      throw new InvalidValueException(
          "reason", reason, "at most " + RouteState.MAX_REASON_LENGTH + " characters");
    }
    return reason;
  }
}
