package io.shield.testing;

import io.shield.Bypass;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives a test a started engine that keeps its state in memory, and the clock that it goes by.
 *
 * <pre>{@code
 * @ExtendWith(ShieldExtension.class)
 * class PaymentsTest {
 *   @Test
 *   void closes(ShieldEngine engine, MutableClock clock) { ... }
 * }
 * }</pre>
 *
 * <p>Each test has an engine of its own; one that {@code @BeforeAll} or a constructor asks for is
 * shared by the tests of the class. Its environment is {@code test} and it runs on a Vert.x of its
 * own, {@code engine.vertx()}; both are closed at the end. Neither the environment's variables nor
 * a {@code .shield} file change where it keeps its state or which environment it is in. Other
 * options are given by a field:
 *
 * <pre>{@code
 * @RegisterExtension
 * ShieldExtension shield = ShieldExtension.with(options -> options.setEnvironment("staging"));
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class ShieldExtension
    implements ParameterResolver, BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(ShieldExtension.class);
  private static final long PATIENCE_SECONDS = 30;

  private static final Map<Class<?>, Function<Running, Object>> PARAMETERS =
      Map.of(ShieldEngine.class, Running::engine, MutableClock.class, Running::clock);

  private final UnaryOperator<ShieldOptions> options;

  /** With the options that the class describes. */
  public ShieldExtension() {
    this(options -> options);
  }

  private ShieldExtension(UnaryOperator<ShieldOptions> options) {
    this.options = Objects.requireNonNull(options, "options");
  }

  /** With other options, made from those that the class describes. */
  public static ShieldExtension with(UnaryOperator<ShieldOptions> options) {
    return new ShieldExtension(options);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARAMETERS.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    Function<Running, Object> value = Objects.requireNonNull(PARAMETERS.get(type), "parameter");
    return value.apply(running(context));
  }

  /** Opens what {@link WithoutShield} asks for. */
  @Override
  public void beforeEach(ExtensionContext context) {
    AnnotationSupport.findAnnotation(context.getElement(), WithoutShield.class)
        .or(() -> AnnotationSupport.findAnnotation(context.getTestClass(), WithoutShield.class))
        .ifPresent(
            wanted ->
                context
                    .getStore(NAMESPACE)
                    .put(Bypass.class, running(context).engine.bypass(wanted.value())));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Bypass open = context.getStore(NAMESPACE).remove(Bypass.class, Bypass.class);
    if (open != null) {
      open.close();
    }
  }

  /** The engine of the test, or of its class if that asked for one first. */
  private Running running(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Running.class, key -> Running.start(options), Running.class);
  }

  /** JUnit closes it with the test, or the class, that asked for it. */
  private record Running(ShieldEngine engine, MutableClock clock) implements AutoCloseable {
    static Running start(UnaryOperator<ShieldOptions> step) {
      MutableClock clock = MutableClock.create();
      ShieldOptions options =
          new ShieldOptions()
              .setBackend(MemoryBackend.create())
              .setEnvironment("test")
              .setClock(clock);
      Vertx vertx = Vertx.vertx();
      Running running = new Running(ShieldEngine.create(vertx, step.apply(options)), clock);
      try {
        await(running.engine.start());
        return running;
      } catch (RuntimeException e) {
        running.close();
        throw e;
      }
    }

    /** With its Vert.x, which closes the engine. */
    @Override
    public void close() {
      await(engine.vertx().close());
    }

    private static void await(Future<Void> future) {
      try {
        future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("the engine of the test: " + e.getCause().getMessage(), e);
      } catch (TimeoutException e) {
        throw new IllegalStateException("no answer within " + PATIENCE_SECONDS + " s", e);
      }
    }
  }
}
