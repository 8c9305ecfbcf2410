package io.shield.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.RouteState.AllowedCallers;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** States are equal when all their components are, also those that are added one day. */
class RouteStateEqualityTest {
  private static final Instant NOON = Instant.parse("2030-06-01T12:00:00Z");
  private static final MaintenanceWindow WINDOW = window(1);
  private static final RouteState STATE =
      RouteState.builder("GET:/payments").window(WINDOW).build();

  /** A value of each component that {@link #STATE} does not have. */
  private static final Map<String, Object> OTHERS =
      Map.ofEntries(
          Map.entry("path", "GET:/refunds"),
          Map.entry("service", "billing"),
          Map.entry("status", RouteStatus.DISABLED),
          Map.entry("reason", "upgrade"),
          Map.entry("allowedEnvs", List.of("staging")),
          Map.entry("allowedRoles", List.of("tester")),
          Map.entry("allowedIps", List.of("10.0.0.1")),
          Map.entry("declaredAllowed", new AllowedCallers(List.of(), List.of("tester"))),
          Map.entry("window", window(2)),
          Map.entry("laterWindows", List.of(window(3))),
          Map.entry("sunsetDate", "2031-01-01"),
          Map.entry("successorPath", "/v2/payments"),
          Map.entry("rolloutPercentage", 7),
          Map.entry("forceActive", true),
          Map.entry("until", NOON),
          Map.entry("canaryPercentage", 7),
          Map.entry("deprecatedAt", NOON),
          Map.entry("since", NOON),
          Map.entry("version", 7L),
          Map.entry("origin", Origin.RUNTIME));

  private static MaintenanceWindow window(int days) {
    Instant start = NOON.plusSeconds(86_400L * days);
    return new MaintenanceWindow(start, start.plusSeconds(60), "");
  }

  @Test
  void equalOnesAreEqual() {
    RouteState copy = with("path", "GET:/payments");

    assertThat(copy).isNotSameAs(STATE).isEqualTo(STATE).hasSameHashCodeAs(STATE);
    assertThat(STATE).isNotEqualTo(null).isNotEqualTo("GET:/payments");
  }

  @TestFactory
  List<DynamicTest> eachComponentCounts() {
    return Arrays.stream(RouteState.class.getRecordComponents())
        .map(RecordComponent::getName)
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      assertThat(OTHERS).as("another value of %s", name).containsKey(name);
                      assertThat(with(name, OTHERS.get(name))).isNotEqualTo(STATE);
                      assertThat(STATE).isNotEqualTo(with(name, OTHERS.get(name)));
                    }))
        .toList();
  }

  private static RouteState with(String name, Object value) {
    RecordComponent[] components = RouteState.class.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        boolean other = components[i].getName().equals(name);
        values[i] = other ? value : components[i].getAccessor().invoke(STATE);
      }
      Constructor<RouteState> constructor = RouteState.class.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
      throw new AssertionError(cause);
    }
  }
}
