/** REST API, dashboard, Shield Server and the shield command. */
// Micrometer, Hazelcast, the dashboard's templates and scripts
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.shield.admin {
  requires static org.jspecify;
  requires transitive io.shield;
  requires io.shield.backend;
  requires transitive io.shield.web;
  requires static com.fasterxml.jackson.dataformat.yaml; // for who asks for YAML
  requires static com.hazelcast.core; // the demo's
  requires transitive io.vertx.auth.common;
  requires io.vertx.auth.jwt;
  requires io.netty.common;
  requires io.netty.transport;
  requires gg.jte.runtime;
  requires htmx.ext.sse;
  requires htmx.org;
  requires info.picocli;
  requires static java.compiler; // an annotation of the templates' classes
  requires java.net.http;
  requires transitive micrometer.core;
  requires static micrometer.registry.prometheus; // for who asks for metrics
  requires org.slf4j;

  exports io.shield.admin;

  opens io.shield.cli to
      info.picocli;
  opens io.shield.cli.command to
      info.picocli;
}
