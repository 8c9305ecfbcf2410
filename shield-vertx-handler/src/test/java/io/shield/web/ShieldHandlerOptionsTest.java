package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.decision.RefusalKind;
import io.shield.error.InvalidValueException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShieldHandlerOptionsTest extends WebTest {
  private static final RefusalResponder RESPONDER = (ctx, refusal) -> Future.succeededFuture();

  @Test
  void defaults() {
    ShieldHandlerOptions options = new ShieldHandlerOptions();
    assertThat(options.getIdentity()).isNull();
    assertThat(options.getApiKeyHeader()).isEqualTo("X-API-Key");
    assertThat(ShieldHandlerOptions.DEFAULT_API_KEY_HEADER).isEqualTo("X-API-Key");
    for (RefusalKind kind : RefusalKind.values()) {
      assertThat(options.getResponder(kind)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(RefusalKind.class)
  void aCopyHasAllAndIsIndependent(RefusalKind kind) {
    Function<RoutingContext, Identity> identity = ctx -> Identity.UNKNOWN;
    ShieldHandlerOptions options =
        new ShieldHandlerOptions()
            .setIdentity(identity)
            .setApiKeyHeader("X-Key")
            .setTrustedProxies("unix", "10.0.0.0/8")
            .setMountPoint("/v1")
            .setAnswersPreflights(true)
            .setRetryAfterMax(Duration.ofSeconds(90))
            .setRetryAfterSpread(0.5)
            .setResponder(kind, RESPONDER);
    ShieldHandlerOptions copy = new ShieldHandlerOptions(options);
    options
        .setApiKeyHeader("X-Other")
        .setIdentity(ctx -> null)
        .setResponder(kind, (ctx, refusal) -> Future.failedFuture("other"));
    assertThat(copy.getIdentity()).isSameAs(identity);
    assertThat(copy.getApiKeyHeader()).isEqualTo("X-Key");
    assertThat(copy.isTrustingSockets()).isTrue();
    assertThat(copy.getTrustedProxies()).hasSize(1);
    assertThat(copy.getMountPoint()).isEqualTo("/v1");
    assertThat(copy.isAnswersPreflights()).isTrue();
    assertThat(copy.getRetryAfterMax()).isEqualTo(Duration.ofSeconds(90));
    assertThat(copy.getRetryAfterSpread()).isEqualTo(0.5);
    for (RefusalKind any : RefusalKind.values()) {
      assertThat(copy.getResponder(any)).isSameAs(any == kind ? RESPONDER : null);
    }
  }

  @Test
  void aHandlerCopiesThem() {
    ShieldHandlerOptions options = new ShieldHandlerOptions();
    TestApp app = guarded(options);
    app.router().get("/x").handler(app.named("x"));
    app.start();
    options.setResponder(RefusalKind.DISABLED, (ctx, refusal) -> ctx.response().end("late"));
    app.disable("/x");
    assertThat(app.get("/x").code()).isEqualTo("ROUTE_DISABLED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Key", "a", "authorization", "X_Key!", "0"})
  void headerNames(String name) {
    assertThat(new ShieldHandlerOptions().setApiKeyHeader(name).getApiKeyHeader()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "X Key", "X:Key", "X-Key\n", "Schlüssel", "a,b", "(a)"})
  void notHeaderNames(String name) {
    assertThatThrownBy(() -> new ShieldHandlerOptions().setApiKeyHeader(name))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("apiKeyHeader")
        .hasMessageContaining("header name");
  }

  @Test
  void aHeaderNameThatIsTooLong() {
    String longest = "x".repeat(100);
    assertThat(new ShieldHandlerOptions().setApiKeyHeader(longest).getApiKeyHeader())
        .isEqualTo(longest);
    assertThatThrownBy(() -> new ShieldHandlerOptions().setApiKeyHeader(longest + "x"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("100");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.9S", "PT-5S", "PT8760H0.001S"})
  void notATimeToWaitAtMost(Duration time) {
    assertThatThrownBy(() -> new ShieldHandlerOptions().setRetryAfterMax(time))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("retryAfterMax")
        .hasMessageContaining("1 second to 365 days");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
  void notAShareToSpread(double share) {
    assertThatThrownBy(() -> new ShieldHandlerOptions().setRetryAfterSpread(share))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("retryAfterSpread")
        .hasMessageContaining("0 to 1");
  }

  @Test
  void nullIsRefused() {
    ShieldHandlerOptions options = new ShieldHandlerOptions();
    assertThatThrownBy(() -> options.setIdentity(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> options.setApiKeyHeader(null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> options.setResponder(RefusalKind.DISABLED, null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> options.setResponder(null, RESPONDER))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void anIdentity() {
    Identity identity = Identity.of("tess", "a", "b");
    assertThat(identity).isEqualTo(new Identity("tess", Set.of("b", "a"), null));
    assertThat(Identity.UNKNOWN.user()).isNull();
    assertThat(Identity.UNKNOWN.roles()).isEmpty();
    Set<String> roles = new HashSet<>(Set.of("a"));
    Identity copied = new Identity(null, roles, "gold");
    roles.add("b");
    assertThat(copied.roles()).containsExactly("a");
    assertThatThrownBy(() -> new Identity("tess", null, null))
        .isInstanceOf(NullPointerException.class);
  }
}
