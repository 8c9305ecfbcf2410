package io.shield.admin.impl;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.shield.ShieldEngine;
import io.shield.admin.stream.Streams;
import io.shield.internal.EngineInternals;
import io.vertx.core.Future;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine's metrics in the formats of Prometheus, and in the application's own registry. Who
 * asks for OpenMetrics gets that.
 */
final class MetricsApi {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Access access;

  /**
   * @param open whether they are shown to anybody
   * @param own the application's registry, or null
   */
  MetricsApi(
      ShieldEngine engine,
      EngineInternals internals,
      Streams streams,
      boolean open,
      @Nullable MeterRegistry own) {
    this.access = open ? Access.PUBLIC : Access.METRICS;
    EngineMeters.bind(engine, internals, streams, registry);
    if (own != null) {
      EngineMeters.bind(engine, internals, streams, own);
    }
    ExpectedDecisions.of(engine, internals);
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/metrics", access, this::scrape));
  }

  private Future<Answer> scrape(Call call) {
    String format = wantsOpenMetrics(call.ctx()) ? OPEN_METRICS : TEXT;
    return Answer.text(200, format, registry.scrape(format)).now();
  }

  /** The one that is liked best; the plain one where both are liked alike, or neither is named. */
  private static boolean wantsOpenMetrics(RoutingContext ctx) {
    float open = 0;
    float plain = 0;
    for (MIMEHeader accepted : ctx.parsedHeaders().accept()) {
      if (accepted.component().equals("application")
          && accepted.subComponent().equals("openmetrics-text")) {
        open = Math.max(open, accepted.weight());
      } else if (accepted.component().equals("text") && accepted.subComponent().equals("plain")) {
        plain = Math.max(plain, accepted.weight());
      }
    }
    return open > plain;
  }
}
