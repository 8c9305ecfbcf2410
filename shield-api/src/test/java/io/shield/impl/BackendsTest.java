package io.shield.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldOptions;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.fixtures.ForwardingBackend;
import io.shield.fixtures.MemorySimpleBackend;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.simple.SimpleBackend;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which store the configuration asks for. */
class BackendsTest {
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir Path directory;

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  private ShieldBackend create(ShieldOptions options, Map<String, String> environment) {
    return Backends.create(VERTX, Configuration.of(options, environment, directory));
  }

  private ShieldBackend custom(String className) {
    return create(
        new ShieldOptions().setBackend("custom"), Map.of("SHIELD_CUSTOM_PATH", className));
  }

  /** A store of one's own. */
  public static class OwnBackend extends ForwardingBackend {
    public OwnBackend() {
      super(MemoryBackend.create());
    }

    @Override
    public Capabilities capabilities() {
      return new Capabilities(false, false, false);
    }
  }

  /** One that needs an argument. */
  public static final class NeedsArgument extends OwnBackend {
    public NeedsArgument(String argument) {
      assertThat(argument).isNotNull();
    }
  }

  /** One that nobody may make. */
  public static final class Hidden extends OwnBackend {
    private Hidden() {}
  }

  /** One that cannot be made. */
  public abstract static class Abstract extends OwnBackend {}

  /** One whose constructor fails. */
  public static final class Failing extends OwnBackend {
    public Failing() {
      throw new IllegalStateException("no database");
    }
  }

  /** One whose class cannot be initialised. */
  public static final class Broken extends OwnBackend {
    static final int VALUE = Integer.parseInt("x");
  }

  @Test
  void memoryIsTheDefault() {
    assertThat(create(new ShieldOptions(), Map.of())).isInstanceOf(MemoryBackend.class);
    assertThat(create(new ShieldOptions(), Map.of("SHIELD_BACKEND", "memory")))
        .isInstanceOf(MemoryBackend.class);
  }

  @Test
  void aGivenBackendComesFirst() {
    ShieldBackend own = new OwnBackend();
    assertThat(create(new ShieldOptions().setBackend(own), Map.of("SHIELD_BACKEND", "floppy")))
        .isSameAs(own);
    assertThat(create(new ShieldOptions().setBackend("memory"), Map.of("SHIELD_BACKEND", "floppy")))
        .isInstanceOf(MemoryBackend.class);
  }

  @Test
  void anUnknownBackendIsRefusedWithTheValidOnes() {
    assertThatThrownBy(() -> create(new ShieldOptions(), Map.of("SHIELD_BACKEND", "floppy")))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("SHIELD_BACKEND", "'floppy'", "custom, memory");
  }

  @Test
  void aClassOfOnesOwnIsMade() {
    assertThat(custom(OwnBackend.class.getName())).isExactlyInstanceOf(OwnBackend.class);
  }

  /** The six methods, and nothing else. */
  public static class OwnSimpleBackend implements SimpleBackend {
    private final SimpleBackend store = new MemorySimpleBackend();

    @Override
    public Future<RouteState> getState(String key) {
      return store.getState(key);
    }

    @Override
    public Future<Void> setState(String key, RouteState state) {
      return store.setState(key, state);
    }

    @Override
    public Future<Void> deleteState(String key) {
      return store.deleteState(key);
    }

    @Override
    public Future<List<RouteState>> listStates() {
      return store.listStates();
    }

    @Override
    public Future<Void> writeAudit(AuditEntry entry) {
      return store.writeAudit(entry);
    }

    @Override
    public Future<List<AuditEntry>> getAuditLog(AuditQuery query) {
      return store.getAuditLog(query);
    }
  }

  @Test
  void aClassOfSixMethodsIsAdapted() {
    ShieldBackend backend = custom(OwnSimpleBackend.class.getName());

    backend.startup(VERTX).await();
    assertThat(backend.load().await().content()).isEmpty();
    assertThat(backend.capabilities().multiWriter()).isFalse();
  }

  @Test
  void whatIsNoBackendIsRefused() {
    for (String name :
        List.of(
            "com.example.Nothing",
            "java.lang.String",
            NeedsArgument.class.getName(),
            Hidden.class.getName(),
            Abstract.class.getName())) {
      assertThatThrownBy(() -> custom(name))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContainingAll(
              "SHIELD_CUSTOM_PATH", "'" + name, "public constructor without parameters");
    }
    assertThatThrownBy(() -> create(new ShieldOptions().setBackend("custom"), Map.of()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("SHIELD_CUSTOM_PATH", "name of a class");
  }

  @Test
  void aClassThatFailsIsReportedWithItsCause() {
    assertThatThrownBy(() -> custom(Failing.class.getName()))
        .isInstanceOf(ShieldException.class)
        .hasMessageContainingAll("SHIELD_CUSTOM_PATH", "no database")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> custom(Broken.class.getName()))
        .isInstanceOf(ShieldException.class)
        .hasMessageContaining("SHIELD_CUSTOM_PATH")
        .hasCauseInstanceOf(ExceptionInInitializerError.class);
  }
}
