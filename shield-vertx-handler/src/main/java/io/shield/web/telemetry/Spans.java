package io.shield.web.telemetry;

import io.shield.decision.Decision.Refusal;

/** Marks the span of a trace in which a request is decided on. */
interface Spans {
  /** Of an application without traces. */
  Spans NONE =
      new Spans() {
        @Override
        public void passes(String template) {}

        @Override
        public void refused(String template, Refusal refusal) {}
      };

  /** Those of OpenTelemetry, if its API is on the class path. */
  static Spans find() {
    try {
      Class.forName("io.opentelemetry.api.trace.Span", false, Spans.class.getClassLoader());
      return new OpenTelemetrySpans();
    } catch (ClassNotFoundException | LinkageError notThere) {
      return NONE;
    }
  }

  /** A request to a route passes. */
  void passes(String template);

  /** A request to a route is refused. */
  void refused(String template, Refusal refusal);
}
