package io.shield.web.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.shield.web.Shield;
import io.shield.web.ShieldHandler;
import io.shield.web.TestApp;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the spans of Vert.x's own tracing tell of decisions. */
class OpenTelemetryTest {
  private static final AttributeKey<String> DECISION = AttributeKey.stringKey("shield.decision");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("shield.route");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("shield.reason");

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetrySdk telemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .build();
  private final Vertx vertx =
      Vertx.builder()
          .with(new VertxOptions().setTracingOptions(new OpenTelemetryOptions()))
          .withTracer(new OpenTelemetryTracingFactory(telemetry))
          .build();

  private TestApp app;

  @BeforeEach
  void start() {
    app = TestApp.bare(vertx);
    app.router().route().handler(ShieldHandler.create(app.engine(), app.router()));
    app.router().get("/pay/:id").handler(app.named("paid"));
    Shield.on(app.router().get("/search")).limit("1/minute").handler(app.named("found"));
    app.start();
  }

  @AfterEach
  void stop() {
    app.close();
    TestApp.await(vertx.close());
    telemetry.close();
  }

  /** The span of the server for the one request since the last call; there may be others beside. */
  private SpanData span() {
    await().until(() -> served().size() == 1);
    SpanData span = served().get(0);
    spans.reset();
    return span;
  }

  private List<SpanData> served() {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getKind() == SpanKind.SERVER)
        .toList();
  }

  @Test
  void aRequestThatPassesTellsItsRoute() {
    assertThat(app.get("/pay/7").status()).isEqualTo(200);
    SpanData span = span();
    assertThat(span.getAttributes().get(DECISION)).isEqualTo("allow");
    assertThat(span.getAttributes().get(ROUTE)).isEqualTo("/pay/:id");
    assertThat(span.getEvents()).isEmpty();
  }

  @Test
  void aRefusalIsAnEvent() {
    app.maintenance("GET:/pay/:id");
    assertThat(app.get("/pay/7").status()).isEqualTo(503);
    SpanData span = span();
    assertThat(span.getAttributes().get(DECISION)).isEqualTo("maintenance");
    assertThat(span.getAttributes().get(ROUTE)).isEqualTo("/pay/:id");
    EventData event = span.getEvents().get(0);
    assertThat(event.getName()).isEqualTo("shield.refused");
    assertThat(event.getAttributes().get(REASON)).isEqualTo("upgrade");
  }

  @Test
  void soIsOneByARateLimit() {
    assertThat(app.get("/search").status()).isEqualTo(200);
    assertThat(span().getAttributes().get(DECISION)).isEqualTo("allow");
    assertThat(app.get("/search").status()).isEqualTo(429);
    SpanData span = span();
    assertThat(span.getAttributes().get(DECISION)).isEqualTo("rate_limited");
    assertThat(span.getEvents()).hasSize(1);
  }

  @Test
  void whereNothingIsTracedNothingHappens() {
    TestApp plain = TestApp.bare(Vertx.vertx());
    plain.router().route().handler(ShieldHandler.create(plain.engine(), plain.router()));
    plain.router().get("/pay").handler(plain.named("paid"));
    plain.start();
    assertThat(plain.get("/pay").status()).isEqualTo(200);
    assertThat(plain.engine().errors()).isZero();
    assertThat(served()).isEmpty();
    Vertx other = plain.engine().vertx();
    plain.close();
    TestApp.await(other.close());
  }
}
