package io.shield.backend.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerBackendOptionsTest {
  /** So that nobody has to name processes to tell them apart. */
  @Test
  void aProcessIsKnownByItsIdAndHostUnlessItIsNamed() {
    ServerBackendOptions options = new ServerBackendOptions();
    String unnamed = options.getInstance();
    assertThat(unnamed).matches(ProcessHandle.current().pid() + "(@[A-Za-z0-9._-]+)?");

    assertThat(options.setInstance("first").getInstance()).isEqualTo("first");
    assertThat(options.setInstance(null).getInstance()).isEqualTo(unnamed);
  }
}
