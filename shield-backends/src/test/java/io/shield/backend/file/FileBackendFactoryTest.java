package io.shield.backend.file;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.error.ShieldException;
import io.shield.fixtures.MutableClock;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.spi.BackendSettings;
import io.shield.spi.ShieldBackend;
import io.shield.spi.ShieldBackendFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend as an engine finds and uses it. */
class FileBackendFactoryTest {
  @TempDir Path directory;

  private static ShieldBackendFactory factory() {
    return ServiceLoader.load(ShieldBackendFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(found -> found.name().equals("file"))
        .findFirst()
        .orElseThrow();
  }

  private record Settings(Map<String, String> values) implements BackendSettings {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public String service() {
      return null;
    }

    @Override
    public InstantSource clock() {
      return MutableClock.create();
    }

    @Override
    public String setting(String variable) {
      return values.get(variable);
    }
  }

  private static ShieldBackend create(String... settings) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      values.put(settings[i], settings[i + 1]);
    }
    return factory().create(new Settings(values));
  }

  @Test
  void isFoundByItsName() {
    assertThat(create()).isInstanceOf(FileBackend.class);
    assertThat(create("SHIELD_FILE_PATH", "a.toml", "SHIELD_AUDIT_LIMIT", " 100000 ")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "0", "-5", "100001", "", "1.5"})
  void anAuditLimitThatIsNoneIsRefused(String limit) {
    assertThatThrownBy(() -> create("SHIELD_AUDIT_LIMIT", limit))
        .isInstanceOf(ShieldException.class)
        .hasMessage(
            "SHIELD_AUDIT_LIMIT: '"
                + limit
                + "' is not allowed, must be a whole number between 1 and 100000");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\t.json", "\uD800.json"})
  void aPathThatIsNoneIsRefused(String path) {
    assertThatThrownBy(() -> create("SHIELD_FILE_PATH", path))
        .hasMessageStartingWith("SHIELD_FILE_PATH: '")
        .hasMessageEndingWith("is not allowed, must be the path of a file");
  }

  @Test
  void aFormatThatIsNoneIsRefused() {
    assertThatThrownBy(() -> create("SHIELD_FILE_PATH", "state.ini"))
        .hasMessageContaining("'state.ini'")
        .hasMessageContaining(".json, .yaml, .yml or .toml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"state.json", "state.yaml", "state.toml"})
  void anEngineKeepsItsStateInTheFile(String name) throws Exception {
    Path file = directory.resolve(name);
    RouteState declared = RouteState.active("GET:/payments");
    Vertx vertx = Vertx.vertx();
    try {
      ShieldEngine engine = engine(vertx, file);
      get(engine.start());
      get(engine.register(List.of(declared)));
      get(engine.routes().disable("GET:/payments", Actor.of("alice", "cli"), "closed"));
      get(engine.close());

      assertThat(Files.readString(file)).contains("closed");
      ShieldEngine again = engine(vertx, file);
      get(again.start());
      get(again.register(List.of(declared)));
      RouteState state = again.snapshot().state("GET:/payments");
      assertThat(state.status()).isEqualTo(RouteStatus.DISABLED);
      assertThat(state.reason()).isEqualTo("closed");
      get(again.close());
    } finally {
      get(vertx.close());
    }
  }

  private static ShieldEngine engine(Vertx vertx, Path file) {
    return ShieldEngine.create(
        vertx,
        new ShieldOptions().setBackend("file").putSetting("SHIELD_FILE_PATH", file.toString()));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(120, SECONDS);
  }
}
