package io.shield.history;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** The place of a node: its proxy and its cache outlive the processes that take it in turn. */
final class Slot implements AutoCloseable {
  private final int number;
  private final Path directory;
  private final FaultProxy proxy;
  private final Recorder recorder;
  private final Random random;
  private NodeProcess node;
  private int started;

  Slot(int number, Path directory, FaultProxy proxy, Recorder recorder, long seed) {
    this.number = number;
    this.directory = directory;
    this.proxy = proxy;
    this.recorder = recorder;
    this.random = new Random(seed);
  }

  FaultProxy proxy() {
    return proxy;
  }

  NodeProcess node() {
    return node;
  }

  void start() throws IOException {
    String name = "n" + number + "." + started++;
    node = NodeProcess.start(List.of(), name, proxy.url(), directory, random.nextLong(), recorder);
  }

  /** Kills the node and starts another one. */
  void replace() throws IOException {
    node.kill();
    start();
  }

  @Override
  public void close() {
    if (node != null) {
      node.close();
    }
    proxy.close();
  }
}
