package io.shield.admin.impl;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.shield.ShieldEngine;
import io.shield.admin.stream.Streams;
import io.shield.internal.EngineInternals;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The engine's metrics in the format of Prometheus, and in the application's own registry. */
final class MetricsApi {
  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

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
    this.access = open ? Access.PUBLIC : Access.VIEWER;
    EngineMeters.bind(engine, internals, streams, registry);
    if (own != null) {
      EngineMeters.bind(engine, internals, streams, own);
    }
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
            "/metrics", access, call -> Answer.text(200, FORMAT, registry.scrape()).now()));
  }
}
