/** Backends of Shield that keep state outside the process. */
module io.shield.backend {
  requires static org.jspecify;
  requires transitive io.shield;

  // Optional parts: whoever uses such a backend adds the artifact.
  requires static io.vertx.redis.client;
  requires static com.fasterxml.jackson.dataformat.yaml;
  requires static com.fasterxml.jackson.dataformat.toml;
}
