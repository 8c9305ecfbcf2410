/** Backends of Shield that keep state outside the process. */
@SuppressWarnings("requires-automatic") // Hazelcast
module io.shield.backend {
  requires static org.jspecify;
  requires transitive io.shield;
  requires io.netty.transport;
  requires org.slf4j;

  // Optional parts: whoever uses such a backend adds the artifact.
  requires static io.vertx.redis.client;
  requires static io.vertx.clustermanager.hazelcast;
  requires static com.hazelcast.core;
  requires static com.fasterxml.jackson.dataformat.yaml;
  requires static com.fasterxml.jackson.dataformat.toml;
  requires static org.yaml.snakeyaml;

  exports io.shield.backend.cluster;
  exports io.shield.backend.file;
  exports io.shield.backend.redis;
  exports io.shield.backend.server;

  provides io.shield.spi.ShieldBackendFactory with
      io.shield.backend.cluster.impl.ClusterBackendFactory,
      io.shield.backend.file.impl.FileBackendFactory,
      io.shield.backend.redis.impl.RedisBackendFactory,
      io.shield.backend.server.impl.ServerBackendFactory;
}
