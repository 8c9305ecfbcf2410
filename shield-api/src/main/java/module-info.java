/** Model, engine, backend SPI and the memory backend of Shield. */
@SuppressWarnings("module") // the modules named in qualified exports are compiled later
module io.shield {
  requires static org.jspecify;
  requires transitive io.vertx.core;
  requires transitive com.fasterxml.jackson.databind;
  requires io.netty.common;
  requires io.netty.transport;
  requires org.slf4j;

  exports io.shield;
  exports io.shield.decision;
  exports io.shield.error;
  exports io.shield.json;
  exports io.shield.memory;
  exports io.shield.model;
  exports io.shield.model.audit;
  exports io.shield.model.store;
  exports io.shield.model.webhook;
  exports io.shield.simple;
  exports io.shield.spi;
  exports io.shield.spi.limit;
  exports io.shield.internal to
      io.shield.admin,
      io.shield.backend,
      io.shield.web;
  exports io.shield.internal.adoption to
      io.shield.backend;
  exports io.shield.internal.gate to
      io.shield.admin,
      io.shield.web;
  exports io.shield.internal.limit to
      io.shield.admin,
      io.shield.web;
  exports io.shield.internal.limit.counter to
      io.shield.backend;
  exports io.shield.internal.limit.time to
      io.shield.backend;
  exports io.shield.internal.limit.key to
      io.shield.admin,
      io.shield.web;
  exports io.shield.internal.log to
      io.shield.web;
  exports io.shield.internal.value to
      io.shield.admin,
      io.shield.backend,
      io.shield.web;

  uses io.shield.spi.ShieldBackendFactory;
}
