package io.shield.admin.impl;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.shield.ShieldEngine;
import io.shield.admin.stream.Streams;
import io.shield.error.ShieldException;
import io.shield.internal.EngineInternals;
import io.vertx.core.Future;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engine's metrics in the formats of Prometheus, and in the application's own registry. Who
 * asks for OpenMetrics gets that.
 */
final class MetricsApi {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  /** Renders all metrics in a format. */
  private final UnaryOperator<String> scrape;

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
    this.scrape = prometheus(registry -> EngineMeters.bind(engine, internals, streams, registry));
    if (own != null) {
      EngineMeters.bind(engine, internals, streams, own);
    }
    ExpectedDecisions.of(engine, internals);
  }

  private static UnaryOperator<String> prometheus(Consumer<MeterRegistry> bind) {
    try {
      return Prometheus.bound(bind);
    } catch (NoClassDefFoundError missing) {
      return format -> {
        throw new ShieldException(
            "metrics need the artifact io.micrometer:micrometer-registry-prometheus, add it",
            missing);
      };
    }
  }

  /** Apart, since an application that is not asked for metrics may leave out the artifact. */
  private static final class Prometheus {
    static UnaryOperator<String> bound(Consumer<MeterRegistry> bind) {
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      bind.accept(registry);
      return registry::scrape;
    }
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/metrics", access, this::metrics));
  }

  private Future<Answer> metrics(Call call) {
    String format = wantsOpenMetrics(call.ctx()) ? OPEN_METRICS : TEXT;
    return Answer.text(200, format, scrape.apply(format)).now();
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
