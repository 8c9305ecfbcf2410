/** REST API, dashboard, Shield Server and the shield command. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer
module io.shield.admin {
  requires static transitive org.jspecify;
  requires transitive io.shield;
  requires io.shield.backend;
  requires transitive io.shield.web;
  requires transitive io.vertx.auth.common;
  requires io.vertx.auth.jwt;
  requires io.netty.common;
  requires transitive micrometer.core;
  requires micrometer.registry.prometheus;
  requires info.picocli;
  requires org.slf4j;

  exports io.shield.admin;

  opens io.shield.cli to
      info.picocli;
}
