package io.shield.backend.redis;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real Redis Cluster on loopback: some masters without replicas, each with its part of the slots,
 * which go on without each other. Not thread-safe.
 */
public final class RedisCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SLOTS = 16_384;

  private final Vertx vertx;
  private final List<RedisProcess> nodes = new ArrayList<>();

  private RedisCluster(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Starts one, and waits until all nodes know each other.
   *
   * @param directory where its nodes keep their data and their logs
   * @param size how many nodes
   */
  public static RedisCluster start(Vertx vertx, Path directory, int size) throws Exception {
    RedisCluster cluster = new RedisCluster(vertx);
    try {
      for (int i = 0; i < size; i++) {
        cluster.startNode(Files.createDirectories(directory.resolve("node" + i)));
      }
      for (int i = 0; i < size; i++) {
        String[] slots =
            IntStream.range(SLOTS * i / size, SLOTS * (i + 1) / size)
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
        cluster.command(i, Command.CLUSTER, prepended("ADDSLOTS", slots));
        cluster.meet(i);
      }
      for (int i = 0; i < size; i++) {
        int node = i;
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(50))
            .until(() -> cluster.isWhole(node));
      }
    } catch (Exception | Error failure) {
      cluster.close();
      throw failure;
    }
    return cluster;
  }

  private static String[] prepended(String first, String... rest) {
    return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
  }

  private void startNode(Path directory) throws Exception {
    nodes.add(
        RedisProcess.start(
            directory,
            "--cluster-enabled",
            "yes",
            "--cluster-require-full-coverage",
            "no",
            "--appendfsync",
            "no"));
  }

  private void meet(int node) throws Exception {
    command(0, Command.CLUSTER, "MEET", "127.0.0.1", Integer.toString(nodes.get(node).port()));
  }

  private boolean isWhole(int node) throws Exception {
    String info = command(node, Command.CLUSTER, "INFO").toString();
    return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:" + SLOTS);
  }

  /** One of its servers. */
  public RedisProcess node(int node) {
    return nodes.get(node);
  }

  /** The URLs of all. */
  public List<String> urls() {
    return nodes.stream().map(RedisProcess::url).toList();
  }

  /** Asks one of its servers. */
  public Response command(int node, Command command, String... arguments) throws Exception {
    Redis client = Redis.createClient(vertx, nodes.get(node).url());
    try {
      Request request = Request.cmd(command);
      Stream.of(arguments).forEach(request::arg);
      return client
          .send(request)
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } finally {
      client.close();
    }
  }

  /** Which node has a slot. */
  public int ownerOf(int slot) throws Exception {
    for (Response range : command(0, Command.CLUSTER, "SLOTS")) {
      if (range.get(0).toInteger() <= slot && slot <= range.get(1).toInteger()) {
        int port = range.get(2).get(1).toInteger();
        return IntStream.range(0, nodes.size())
            .filter(i -> nodes.get(i).port() == port)
            .findFirst()
            .orElseThrow();
      }
    }
    throw new IllegalStateException("nobody has slot " + slot);
  }

  /** The slot of a key. */
  public int slotOf(String key) throws Exception {
    return command(0, Command.CLUSTER, "KEYSLOT", key).toInteger();
  }

  private String id(int node) throws Exception {
    return command(node, Command.CLUSTER, "MYID").toString();
  }

  /** Begins to move a slot: new keys belong to the other node, those that are there stay. */
  public void beginMove(int slot, int from, int to) throws Exception {
    String number = Integer.toString(slot);
    command(to, Command.CLUSTER, "SETSLOT", number, "IMPORTING", id(from));
    command(from, Command.CLUSTER, "SETSLOT", number, "MIGRATING", id(to));
  }

  /** Moves some of the keys of a slot that is being moved; tells how many. */
  public int moveKeys(int slot, int from, int to, int most) throws Exception {
    Response keys =
        command(
            from, Command.CLUSTER, "GETKEYSINSLOT", Integer.toString(slot), Integer.toString(most));
    for (Response key : keys) {
      command(
          from,
          Command.MIGRATE,
          "127.0.0.1",
          Integer.toString(nodes.get(to).port()),
          key.toString(),
          "0",
          "5000");
    }
    return keys.size();
  }

  /** Ends the move of a slot whose keys are all at the other node. */
  public void endMove(int slot, int to) throws Exception {
    String id = id(to);
    for (int i = 0; i < nodes.size(); i++) {
      int node = (to + i) % nodes.size();
      command(node, Command.CLUSTER, "SETSLOT", Integer.toString(slot), "NODE", id);
    }
  }

  /** Moves a slot with all its keys. */
  public void move(int slot, int from, int to) throws Exception {
    beginMove(slot, from, to);
    while (moveKeys(slot, from, to, 100) > 0) {
      // More may have come meanwhile.
    }
    endMove(slot, to);
  }

  @Override
  public void close() {
    nodes.forEach(RedisProcess::close);
  }
}
