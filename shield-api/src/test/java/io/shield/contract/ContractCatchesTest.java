package io.shield.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.shield.fixtures.BackendContract;
import io.shield.spi.ShieldBackend;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs the contract on a sound backend and on broken ones: it must tell them apart. */
class ContractCatchesTest {
  /** The contract's instances are made by the engine, so the fault comes this way. */
  private static @Nullable Fault planted;

  @Test
  void aSoundBackendPassesAndNothingIsSkipped() {
    EngineExecutionResults results = run(null, selectClass(OfFaulty.class));

    assertThat(failures(results)).isEmpty();
    // What remains are the tests of stores that lack a capability.
    assertThat(names(results.testEvents().aborted().list()))
        .containsExactlyInAnyOrder("aStoreWithoutPushSaysSo", "aStoreWithoutEpochsSaysSo");
    assertThat(results.testEvents().succeeded().count()).isGreaterThan(80);
  }

  @ParameterizedTest
  @EnumSource
  void aFaultIsCaught(Fault fault) {
    Method method =
        Arrays.stream(BackendContract.class.getDeclaredMethods())
            .filter(candidate -> candidate.getName().equals(fault.caughtBy()))
            .findAny()
            .orElseThrow();

    EngineExecutionResults results = run(fault, selectMethod(OfFaulty.class, method));

    assertThat(failures(results)).containsExactly(fault.caughtBy());
  }

  private static EngineExecutionResults run(@Nullable Fault fault, DiscoverySelector tests) {
    planted = fault;
    return EngineTestKit.engine("junit-jupiter").selectors(tests).execute();
  }

  private static List<String> failures(EngineExecutionResults results) {
    return names(results.testEvents().failed().list());
  }

  private static List<String> names(List<Event> events) {
    return events.stream()
        .map(event -> event.getTestDescriptor().getSource().orElseThrow())
        .map(source -> ((MethodSource) source))
        .map(source -> source.getMethodName())
        .distinct()
        .toList();
  }

  static class OfFaulty extends BackendContract {
    @Override
    protected Supplier<ShieldBackend> newStore() {
      FaultyBackend.Store store = new FaultyBackend.Store(planted, clock);
      return () -> new FaultyBackend(store);
    }

    /** What never comes is waited for once; a sound backend has the time that others have. */
    @Override
    protected Duration patience() {
      return planted == null ? super.patience() : Duration.ofMillis(300);
    }
  }
}
