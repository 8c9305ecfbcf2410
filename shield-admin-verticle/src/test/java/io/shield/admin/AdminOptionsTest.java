package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shield.error.InvalidValueException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No property is lost in a copy or in JSON. */
class AdminOptionsTest {
  /** Code cannot be written as JSON. */
  private static final Set<String> CODE =
      Set.of("getAuthenticationProvider", "getRoleOf", "getMeterRegistry");

  static AdminOptions everything() {
    return new AdminOptions()
        .setHost("127.0.0.1")
        .setPort(9999)
        .addUser("alice", "wonderland", Role.VIEWER)
        .addAccount(new Account("bob", RunningAdmin.HASH, Role.OPERATOR))
        .setCredentialsFile("accounts")
        .setAuthenticationProvider(
            credentials -> Future.succeededFuture(User.fromName("x")), user -> Role.ADMIN)
        .setOpenToNetwork(true)
        .setReasonRequired(true)
        .setMetricsPublic(true)
        .setSseKeepalive(Duration.ofSeconds(5))
        .setSecretKey(RunningAdmin.KEY)
        .setPreviousSecretKey("another " + RunningAdmin.KEY)
        .setTokenLifetime(Duration.ofMinutes(5))
        .setSdkTokenLifetime(Duration.ofDays(5))
        .setTokenLeeway(Duration.ofSeconds(5))
        .setTlsPem("cert.pem", "key.pem")
        .setTlsKeyStore("store.p12", "secret")
        .setMeterRegistry(new SimpleMeterRegistry());
  }

  private static List<Method> getters() {
    List<Method> getters = new ArrayList<>();
    for (Method method : AdminOptions.class.getMethods()) {
      boolean own = method.getDeclaringClass() == AdminOptions.class;
      if (own && method.getName().startsWith("get")) {
        getters.add(method);
      }
    }
    return getters;
  }

  private static Object value(Method getter, AdminOptions options) {
    try {
      return getter.invoke(options);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(getter.getName(), e);
    }
  }

  @Test
  void everyPropertyIsInACopyAndInJson() {
    AdminOptions all = everything();
    AdminOptions copy = new AdminOptions(all);
    AdminOptions read = new AdminOptions(new JsonObject(all.toJson().encode()));
    assertThat(getters()).hasSizeGreaterThanOrEqualTo(19);
    for (Method getter : getters()) {
      String name = getter.getName();
      Object value = value(getter, all);
      assertThat(Objects.equals(value, value(getter, new AdminOptions())))
          .as("this test sets %s", name)
          .isFalse();
      assertThat(value(getter, copy)).as(name).isEqualTo(value);
      if (!CODE.contains(name)) {
        assertThat(value(getter, read)).as(name).isEqualTo(value);
      }
    }
    assertThat(read.toJson()).isEqualTo(all.toJson());
  }

  @Test
  void whatIsNotSetIsNotInJson() {
    assertThat(new AdminOptions().toJson().fieldNames())
        .containsExactlyInAnyOrder("tokenLifetime", "sdkTokenLifetime", "tokenLeeway");
    assertThat(new AdminOptions(new JsonObject().putNull("host")).getHost()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"port\": 65536}",
        "{\"port\": \"80\"}",
        "{\"host\": \"a b\"}",
        "{\"users\": {}}",
        "{\"users\": [{\"username\": \"a\", \"password\": \"b\", \"role\": \"king\"}]}",
        "{\"accounts\": [{\"username\": \"a\", \"passwordHash\": \"b\", \"role\": \"admin\"}]}",
        "{\"secretKey\": \"short\"}",
        "{\"tokenLeeway\": 61}",
        "{\"tokenLifetime\": 0}",
        "{\"tlsCert\": \"cert.pem\"}",
        "{\"reasonRequired\": \"yes\"}",
        "{\"prot\": 80}"
      })
  void aBadValueIsNamed(String json) {
    assertThatThrownBy(() -> new AdminOptions(new JsonObject(json)))
        .isInstanceOf(InvalidValueException.class);
  }
}
