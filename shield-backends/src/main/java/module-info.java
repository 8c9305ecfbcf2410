/** Backends of Shield that keep state outside the process. */
module io.shield.backend {
  requires static org.jspecify;
  requires transitive io.shield;
  requires org.slf4j;

  // Optional parts: whoever uses such a backend adds the artifact.
  requires static io.vertx.redis.client;
  requires static com.fasterxml.jackson.dataformat.yaml;
  requires static com.fasterxml.jackson.dataformat.toml;
  requires static org.yaml.snakeyaml;

  exports io.shield.backend.file;
  exports io.shield.backend.redis;
  exports io.shield.backend.server;

  provides io.shield.spi.ShieldBackendFactory with
      io.shield.backend.file.impl.FileBackendFactory,
      io.shield.backend.redis.impl.RedisBackendFactory,
      io.shield.backend.server.impl.ServerBackendFactory;
}
