package io.shield.bench.pressure;

import io.shield.bench.run.Child;
import java.io.IOException;
import java.util.List;

/** The application under pressure, as a process with a heap of 512 MB. */
final class AppProcess implements AutoCloseable {
  /** Each sign-in that failed is a warning. */
  private static final List<String> FLAGS =
      List.of("-Xmx512m", "-Dorg.slf4j.simpleLogger.log.io.shield=error");

  private final Child process;
  private final int port;
  private final int adminPort;

  AppProcess() throws IOException {
    process = new Child(PressedApp.class, FLAGS);
    String[] ports = process.hear("ports").split(" ", -1);
    port = Integer.parseInt(ports[0]);
    adminPort = Integer.parseInt(ports[1]);
  }

  int port() {
    return port;
  }

  int adminPort() {
    return adminPort;
  }

  @Override
  public void close() {
    process.close();
  }
}
