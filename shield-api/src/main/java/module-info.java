/** Model, engine, backend SPI and the memory backend of Shield. */
module io.shield {
  requires static org.jspecify;
  requires transitive io.vertx.core;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
}
