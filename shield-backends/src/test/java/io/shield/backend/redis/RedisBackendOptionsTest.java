package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Defaults, validation, copies and JSON of the options. */
class RedisBackendOptionsTest {
  private static RedisBackendOptions full() {
    return new RedisBackendOptions()
        .setUrls(List.of("redis://u:p@one:7000", "rediss://two:7001/3"))
        .setTopology(RedisTopology.SENTINEL)
        .setMasterName("boss")
        .setKeyPrefix("my:")
        .setHashTag("tag")
        .setCaFile("ca.pem")
        .setCertFile("cert.pem")
        .setKeyFile("key.pem")
        .setConnectTimeout(Duration.ofMillis(100))
        .setCommandTimeout(Duration.ofMillis(200))
        .setMaxPoolSize(9)
        .setAuditLimit(77)
        .setMinReplicas(2)
        .setDialect(RedisDialect.WAYGATE)
        .setEffectiveStatus(true)
        .setCountersPerPolicy(true);
  }

  @Test
  void jsonAndCopiesHoldEverything() {
    JsonObject json = full().toJson();

    assertThat(json.size()).isEqualTo(16);
    assertThat(new RedisBackendOptions(json).toJson()).isEqualTo(json);
    assertThat(new RedisBackendOptions(full()).toJson()).isEqualTo(json);
    JsonObject defaults = new RedisBackendOptions().toJson();
    json.forEach(e -> assertThat(e.getValue()).isNotEqualTo(defaults.getValue(e.getKey())));
    assertThat(new RedisBackendOptions(new JsonObject()).toJson()).isEqualTo(defaults);
  }

  @Test
  void wrongValuesAreNamed() {
    RedisBackendOptions options = new RedisBackendOptions();
    assertRefused(() -> options.setUrls(List.of()), "urls");
    assertRefused(() -> options.setMasterName(""), "masterName");
    assertRefused(() -> options.setKeyPrefix("a b"), "keyPrefix");
    assertRefused(() -> options.setHashTag("{a}"), "hashTag");
    assertRefused(() -> options.setHashTag(""), "hashTag");
    assertRefused(() -> options.setCaFile(" "), "caFile");
    assertRefused(() -> options.setConnectTimeout(Duration.ZERO), "connectTimeout");
    assertRefused(() -> options.setCommandTimeout(Duration.ofHours(1)), "commandTimeout");
    assertRefused(() -> options.setMaxPoolSize(1), "maxPoolSize");
    assertRefused(() -> options.setAuditLimit(0), "auditLimit");
    assertRefused(() -> options.setMinReplicas(-1), "minReplicas");
    assertRefused(() -> RedisTopology.parse("mesh"), "topology");
    assertRefused(() -> new RedisBackendOptions(new JsonObject().put("url", "x")), "options");
    assertRefused(() -> new RedisBackendOptions(new JsonObject().put("urls", "redis://x")), "urls");
    assertRefused(
        () ->
            RedisBackend.create(
                new RedisBackendOptions().setTopology(RedisTopology.CLUSTER),
                InstantSource.system()),
        "hashTag");
    assertRefused(
        () ->
            RedisBackend.create(
                new RedisBackendOptions()
                    .setTopology(RedisTopology.CLUSTER)
                    .setHashTag("tag")
                    .setUrl("redis://host/1")),
        "url");
    assertRefused(
        () ->
            RedisBackend.create(
                new RedisBackendOptions().setUrls(List.of("redis://one", "redis://two"))),
        "urls");
    assertRefused(
        () -> RedisBackend.create(new RedisBackendOptions().setCaFile("/no/such/file")), "caFile");
    assertThat(options.toJson()).isEqualTo(new RedisBackendOptions().toJson());
  }

  private static void assertRefused(ThrowingCallable call, String field) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.field()).isEqualTo(field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:6379",
        "http://:pw-x@localhost",
        "redis://",
        "redis://:pw-x@",
        "redis://:pw-x@host:99999",
        "redis://:pw-x@host/one",
        "redis://:pw-x@host/-1",
        "redis://us er:pw-x@host",
        "redis://host/0?password=pw-x",
        "redis://host/0?db=1",
        "redis://:pw-x@host/0#1"
      })
  void aBadUrlIsRefusedWithoutItsPassword(String url) {
    assertThatThrownBy(() -> new RedisBackendOptions().setUrl(url))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("redis://user:password@localhost:6379/0")
        .hasMessageNotContaining("pw-x");
  }

  @ParameterizedTest
  @CsvSource({
    "unix:///run/redis.sock,Unix sockets are not supported",
    "redis+unix://:pw-x@/run/redis.sock,Unix sockets are not supported",
    "redis://u:pw-x@my_redis:6379,a URL whose host has no underscore",
    "redis://pw-x@host,a URL with user and password",
    "redis://pw-x:@host,a URL with user and password",
    "redis://u:pw-x:y@host,a URL with %3A for each colon"
  })
  void whatDoesNotWorkIsRefusedByName(String url, String instead) {
    assertThatThrownBy(() -> new RedisBackendOptions().setUrl(url))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining(instead)
        .hasMessageNotContaining("pw-x");
  }

  @Test
  void aCertificateAndItsKeyBelongTogether(@TempDir Path directory) throws Exception {
    String file = Files.writeString(directory.resolve("cert.pem"), "").toString();
    assertRefused(
        () -> RedisBackend.create(new RedisBackendOptions().setCertFile(file)), "keyFile");
    assertRefused(
        () -> RedisBackend.create(new RedisBackendOptions().setKeyFile(file)), "certFile");
    assertRefused(
        () ->
            RedisBackend.create(
                new RedisBackendOptions().setCertFile(file).setKeyFile("/no/such/file")),
        "keyFile");
  }

  @Test
  void aStoreIsLocatedByAddressDatabaseAndPrefixOnly() {
    RedisBackendOptions options =
        new RedisBackendOptions().setUrl("redis://u:pw-x@host").setKeyPrefix("my:");
    assertThat(RedisBackend.create(options).location()).isEqualTo("redis://host:6379/0 my:");
  }

  /** Else a process that names the same nodes otherwise would not find what it kept. */
  @Test
  void aStoreIsAtOnePlaceInWhateverOrderItsNodesAreNamed() {
    List<String> urls = List.of("redis://b:7001", "redis://a:7000", "redis://a:7000");
    String one = located(urls);
    assertThat(one).isEqualTo("redis://a:7000/0,redis://b:7001/0 shield:");
    assertThat(located(List.of("redis://a:7000", "redis://b:7001"))).isEqualTo(one);
  }

  private static String located(List<String> urls) {
    return RedisBackend.create(
            new RedisBackendOptions().setTopology(RedisTopology.REPLICATION).setUrls(urls))
        .location();
  }
}
