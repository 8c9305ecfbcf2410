package io.shield.backend.server.impl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an operator can tell this process by: {@code pid@host}, or the pid alone. */
public final class ProcessName {
  /** Not by way of the resolver, which may wait for a name server. */
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  private static final String NAME = name();

  private ProcessName() {}

  /** The name, always the same. */
  public static String get() {
    return NAME;
  }

  private static String name() {
    String host = host().replaceAll("[^A-Za-z0-9._-]", "");
    long pid = ProcessHandle.current().pid();
    return host.isEmpty() ? String.valueOf(pid) : pid + "@" + host;
  }

  private static String host() {
    try {
      return Files.readString(HOST);
    } catch (IOException notLinux) {
      String windows = System.getenv("COMPUTERNAME");
      String others = System.getenv("HOSTNAME");
      return windows != null ? windows : others != null ? others : "";
    }
  }
}
