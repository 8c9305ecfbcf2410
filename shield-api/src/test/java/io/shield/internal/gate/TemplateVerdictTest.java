package io.shield.internal.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemplateVerdictTest {
  private static final List<HttpMethod> METHODS = List.of(HttpMethod.GET, HttpMethod.HEAD);

  private static TemplateVerdict compiled(String template, RouteState... states) {
    GateRules rules = new GateRules(Snapshots.of(states), new Site("dev", null), false, false);
    return TemplateVerdict.compile(rules, template, METHODS, MutableClock.START.toEpochMilli());
  }

  @Test
  void openTemplatesShareOneCompilation() {
    TemplateVerdict open = compiled("/a", RouteState.active("GET:/a"));

    assertThat(open).isSameAs(compiled("/b")).isSameAs(compiled("/c", RouteState.active("/c")));
    assertThat(open.of(HttpMethod.GET)).isSameAs(Verdict.ALLOW);
    assertThat(open.of(HttpMethod.POST)).isSameAs(Verdict.ALLOW);
  }

  @Test
  void whatIsClosedOrWillBeIsCompiledByItself() {
    MaintenanceWindow ahead =
        new MaintenanceWindow(
            MutableClock.START.plusSeconds(1), MutableClock.START.plusSeconds(2), "");
    RouteState closed = Snapshots.disabled("GET:/a");
    RouteState planned = RouteState.active("GET:/a").toBuilder().window(ahead).build();

    assertThat(compiled("/a", closed).of(HttpMethod.GET).decision())
        .isInstanceOf(Decision.Disabled.class);
    assertThat(compiled("/a", closed).of(HttpMethod.POST)).isSameAs(Verdict.ALLOW);
    assertThat(compiled("/a", planned).of(HttpMethod.GET).isTimed()).isTrue();
  }
}
