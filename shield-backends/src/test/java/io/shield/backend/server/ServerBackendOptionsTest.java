package io.shield.backend.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

  /** Else a process that names the same servers otherwise would not find what it kept. */
  @Test
  void aStoreIsAtOnePlaceInWhateverOrderItsServersAreNamed() {
    String one = located("http://b:9000", "http://a:9000/", "http://a:9000");
    assertThat(one).isEqualTo("server http://a:9000,http://b:9000 shop");
    assertThat(located("http://a:9000", "http://b:9000")).isEqualTo(one);
  }

  private static String located(String... urls) {
    return ServerBackend.create(
            new ServerBackendOptions().setUrls(List.of(urls)).setService("shop"))
        .location();
  }
}
