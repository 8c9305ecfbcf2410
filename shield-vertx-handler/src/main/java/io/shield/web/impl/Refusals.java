package io.shield.web.impl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.shield.decision.Decision;
import io.shield.decision.Decision.Refusal;
import io.shield.json.Times;
import io.shield.web.RefusalResponder;
import io.shield.web.ShieldHandlerOptions;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers refused requests. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int USUAL_BYTES = 256;

  private final ShieldHandlerOptions options;
  private final LimitHeaders limitHeaders;
  private final InstantSource clock;

  Refusals(ShieldHandlerOptions options, LimitHeaders limitHeaders, InstantSource clock) {
    this.options = options;
    this.limitHeaders = limitHeaders;
    this.clock = clock;
  }

  /**
   * Loads what the first answer needs, which takes tens of milliseconds: on a worker, so that no
   * event loop does it.
   */
  static void prepare() {
    Instant at = Instant.EPOCH;
    Times.httpDate(at);
    Refusal sample = new Decision.Disabled("", at);
    body(false, "/", sample, at);
  }

  /** Answers with the route's own responder, else the option's, else in the standard way. */
  void answer(RoutingContext ctx, Refusal refusal, @Nullable RefusalResponder ofRoute) {
    RefusalResponder responder = ofRoute == null ? options.getResponder(refusal.kind()) : ofRoute;
    boolean awaited = UnreadBody.isAwaited(ctx.request());
    if (awaited) {
      UnreadBody.closeBehindAnswer(ctx);
    }
    if (responder != null) {
      custom(ctx, refusal, responder);
    } else if (awaited && !UnreadBody.isHeldBack(ctx.request())) {
      // A short body has come with its head. It is seen in the next turn, and costs no connection.
      ctx.vertx().getOrCreateContext().runOnContext(v -> standard(ctx, refusal));
    } else {
      standard(ctx, refusal);
    }
  }

  private void custom(RoutingContext ctx, Refusal refusal, RefusalResponder responder) {
    date(ctx.response());
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(ctx.response().headers());
    respond(ctx, refusal, responder)
        .onFailure(
            failure -> {
              LOG.error("A responder for {} failed", refusal.kind().code(), failure);
              if (!ctx.response().headWritten()) {
                ctx.response().headers().clear().addAll(headers);
              }
              standard(ctx, refusal);
            });
  }

  /** A responder that breaks its contract has failed too; in no case does the request pass. */
  private static Future<?> respond(
      RoutingContext ctx, Refusal refusal, RefusalResponder responder) {
    try {
      return Objects.requireNonNull(responder.respond(ctx, refusal), "the responder's future");
    } catch (VirtualMachineError fatal) {
      throw fatal;
    } catch (Throwable e) {
      return Future.failedFuture(e);
    }
  }

  private void standard(RoutingContext ctx, Refusal refusal) {
    HttpServerResponse response = ctx.response();
    if (response.ended()) {
      // A timeout's answer, for instance.
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    response.setStatusCode(refusal.kind().statusCode());
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    date(response);
    Instant now = clock.instant();
    retryHeaders(response, refusal, now);
    boolean problem = wantsProblem(ctx);
    response.putHeader(HttpHeaders.CONTENT_TYPE, problem ? PROBLEM : JSON);
    send(ctx, body(problem, ctx.request().path(), refusal, now))
        .onFailure(failure -> LOG.debug("A refusal could not be sent", failure));
  }

  /** Proxies do not believe an answer without a date: they serve an older one instead. */
  private void date(HttpServerResponse response) {
    if (!response.headWritten() && !response.headers().contains(HttpHeaders.DATE)) {
      response.putHeader(HttpHeaders.DATE, Times.httpDate(clock.instant()));
    }
  }

  /**
   * A HEAD request is told the length of what a GET request would be sent, and Vert.x keeps the
   * body from it. It knows better what was asked for: a reroute may have changed the method. Over
   * HTTP/2 it does not, so that both get neither then.
   */
  private static Future<Void> send(RoutingContext ctx, Buffer body) {
    HttpServerResponse response = ctx.response();
    boolean head = ctx.request().method().equals(HttpMethod.HEAD);
    if (head && ctx.request().version() == HttpVersion.HTTP_2) {
      return response.end();
    }
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
    return response.end(body);
  }

  private static Buffer body(boolean problem, @Nullable String path, Refusal refusal, Instant now) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      if (problem) {
        problem(out, path, refusal, now);
      } else {
        error(out, path, refusal, now);
      }
    } catch (IOException e) {
      throw new AssertionError("bytes are written without a file", e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static void error(JsonGenerator out, @Nullable String path, Refusal refusal, Instant now)
      throws IOException {
    out.writeStartObject();
    out.writeObjectFieldStart("error");
    out.writeStringField("code", refusal.kind().code());
    out.writeStringField("message", refusal.kind().message());
    details(out, refusal, now);
    out.writeStringField("path", path);
    out.writeEndObject();
    out.writeEndObject();
  }

  /** RFC 9457. */
  private static void problem(
      JsonGenerator out, @Nullable String path, Refusal refusal, Instant now) throws IOException {
    out.writeStartObject();
    out.writeStringField("type", "about:blank");
    out.writeStringField("title", refusal.kind().message());
    out.writeNumberField("status", refusal.kind().statusCode());
    out.writeStringField("instance", path);
    out.writeStringField("code", refusal.kind().code());
    details(out, refusal, now);
    out.writeEndObject();
  }

  private static void details(JsonGenerator out, Refusal refusal, Instant now) throws IOException {
    if (refusal instanceof Decision.Maintenance maintenance) {
      out.writeStringField("reason", maintenance.reason());
      writeTime(out, "retry_after", maintenance.retryAfter());
    } else if (refusal instanceof Decision.Disabled disabled) {
      out.writeStringField("reason", disabled.reason());
    } else if (refusal instanceof Decision.EnvGated gated) {
      out.writeStringField("current_env", gated.currentEnv());
      out.writeArrayFieldStart("allowed_envs");
      for (String env : gated.allowedEnvs()) {
        out.writeString(env);
      }
      out.writeEndArray();
    } else if (refusal instanceof Decision.RateLimited limited) {
      out.writeStringField("scope", limited.scope().wireName());
      out.writeStringField("limit", limited.limit());
      out.writeNumberField("retry_after_seconds", seconds(now, limited.resetAt()));
      writeTime(out, "reset_at", limited.resetAt());
    }
  }

  private static void writeTime(JsonGenerator out, String field, @Nullable Instant at)
      throws IOException {
    if (at != null) {
      out.writeStringField(field, at.toString());
    }
  }

  private void retryHeaders(HttpServerResponse response, Refusal refusal, Instant now) {
    Instant retryAfter = null;
    if (refusal instanceof Decision.Maintenance maintenance) {
      retryAfter = maintenance.retryAfter();
    } else if (refusal instanceof Decision.Disabled disabled) {
      retryAfter = disabled.retryAfter();
    } else if (refusal instanceof Decision.RateLimited limited) {
      retryAfter = limited.resetAt();
      limitHeaders.refused(
          response.headers(),
          limited.capacity(),
          secondsUp(Duration.between(Instant.EPOCH, retryAfter)));
    }
    if (retryAfter != null) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(retrySeconds(now, retryAfter)));
    }
  }

  /** Many clients sleep for whatever they are told, beyond their own timeouts. */
  private long retrySeconds(Instant now, Instant at) {
    long seconds = seconds(now, at);
    double spread = options.getRetryAfterSpread();
    long later =
        spread == 0 ? 0 : (long) (seconds * spread * ThreadLocalRandom.current().nextDouble());
    return Math.min(seconds + later, options.getRetryAfterMax().toSeconds());
  }

  /** Delta-seconds (RFC 9110, section 10.2.3), rounded up, at least 1. */
  private static long seconds(Instant now, Instant at) {
    return Math.max(1, secondsUp(Duration.between(now, at)));
  }

  private static long secondsUp(Duration duration) {
    return duration.getNano() == 0 ? duration.getSeconds() : duration.getSeconds() + 1;
  }

  /** Whether the client would rather have problem details than plain JSON. */
  private static boolean wantsProblem(RoutingContext ctx) {
    AcceptedTypes accepted = new AcceptedTypes(ctx.request().headers().getAll(HttpHeaders.ACCEPT));
    return accepted.quality("application", "problem+json")
        > accepted.quality("application", "json");
  }

  /** The media types a client says it takes (RFC 9110, section 12.5.1). */
  private static final class AcceptedTypes {
    private final Map<String, Double> qualities = new HashMap<>();

    /**
     * Reads the values of all {@code Accept} headers of a request; what cannot be read is harmless.
     */
    AcceptedTypes(List<String> headers) {
      for (String header : headers) {
        for (String range : header.split(",", -1)) {
          add(range.split(";", -1));
        }
      }
    }

    private void add(String[] parts) {
      double quality = 1;
      for (int i = 1; i < parts.length; i++) {
        String[] parameter = parts[i].split("=", 2);
        if (parameter.length == 2 && parameter[0].strip().equalsIgnoreCase("q")) {
          quality = quality(parameter[1].strip());
        }
      }
      qualities.merge(parts[0].strip().toLowerCase(Locale.ROOT), quality, Math::max);
    }

    private static double quality(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException unreadable) {
        return 1;
      }
    }

    /** The weight of a type, that of the most specific range that has it; 0 if it is not taken. */
    double quality(String type, String subtype) {
      Double quality = qualities.get(type + "/" + subtype);
      if (quality == null) {
        quality = qualities.get(type + "/*");
      }
      if (quality == null) {
        quality = qualities.get("*/*");
      }
      return quality == null ? 0 : quality;
    }
  }
}
