/** Enforces route states in a Vert.x Web router. */
@SuppressWarnings("requires-automatic") // OpenTelemetry
module io.shield.web {
  requires static org.jspecify;
  requires transitive io.shield;
  requires transitive io.vertx.auth.common;
  requires transitive io.vertx.web;
  requires static io.opentelemetry.api; // for who traces
  requires org.slf4j;

  exports io.shield.web;
}
