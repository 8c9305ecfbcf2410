package io.shield.web.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.shield.decision.Decision.Refusal;
import java.util.Locale;

/**
 * The current span of OpenTelemetry: attributes {@code shield.decision} and {@code shield.route},
 * and an event {@code shield.refused} for a refusal. Only named where the API is known to be there.
 */
final class OpenTelemetrySpans implements Spans {
  private static final AttributeKey<String> DECISION = AttributeKey.stringKey("shield.decision");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("shield.route");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("shield.reason");

  @Override
  public void passes(String template) {
    Span span = Span.current();
    if (span.isRecording()) {
      span.setAttribute(DECISION, "allow");
      span.setAttribute(ROUTE, template);
    }
  }

  @Override
  public void refused(String template, Refusal refusal) {
    Span span = Span.current();
    if (span.isRecording()) {
      String decision = refusal.kind().name().toLowerCase(Locale.ROOT);
      span.setAttribute(DECISION, decision);
      span.setAttribute(ROUTE, template);
      span.addEvent(
          "shield.refused",
          Attributes.of(DECISION, decision, ROUTE, template, REASON, refusal.reason()));
    }
  }
}
