package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.decision.ForwardedHeader;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.ErrorStream;
import io.shield.memory.MemoryBackend;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitHit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose address counts, and who is believed about it. */
class ClientAddressTest extends WebTest {
  private static final String[] SPOOFED = {
    "X-Forwarded-For: 198.51.100.7", "Forwarded: for=198.51.100.7", "X-Real-IP: 198.51.100.7"
  };

  private final ErrorStream log = closing(new ErrorStream());

  /** The key of the counter that a request with such headers is charged to. */
  private String keyOf(ShieldHandlerOptions options, String... headers) {
    TestApp app = guarded(options);
    Shield.on(app.router().get("/x")).limit("1/minute").handler(app.named("x"));
    app.start();
    app.get("/x", headers);
    assertThat(app.get("/x", headers).status()).isEqualTo(429);
    List<RateLimitHit> hits = TestApp.await(app.engine().rateLimits().hits(HitQuery.newest(1)));
    return hits.get(0).key();
  }

  private static ShieldHandlerOptions trusting(ForwardedHeader header) {
    return new ShieldHandlerOptions()
        .setTrustedProxies("127.0.0.1", "10.0.0.0/8")
        .setForwardedHeader(header);
  }

  @Test
  void nobodyIsBelievedByDefault() {
    assertThat(keyOf(new ShieldHandlerOptions(), SPOOFED)).isEqualTo("ip:127.0.0.1");
    assertThat(keyOf(new ShieldHandlerOptions().setTrustedProxies("10.0.0.0/8"), SPOOFED))
        .isEqualTo("ip:127.0.0.1");
  }

  @Test
  void onlyTheHeaderThatWasDeclaredIsBelieved() {
    assertThat(keyOf(trusting(ForwardedHeader.X_REAL_IP), "X-Forwarded-For: 198.51.100.7"))
        .isEqualTo("ip:127.0.0.1");
    assertThat(keyOf(trusting(ForwardedHeader.X_REAL_IP), "X-Real-IP: 198.51.100.7"))
        .isEqualTo("ip:198.51.100.7");
    assertThat(keyOf(trusting(ForwardedHeader.FORWARDED), "X-Forwarded-For: 198.51.100.7"))
        .isEqualTo("ip:127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "198.51.100.7                        | ip:198.51.100.7",
        "1.2.3.4, 198.51.100.7               | ip:198.51.100.7",
        "1.2.3.4, 198.51.100.7, 10.1.1.1     | ip:198.51.100.7",
        "198.51.100.7:4711, 10.1.1.1:80      | ip:198.51.100.7",
        "10.2.2.2, 10.1.1.1                  | ip:10.2.2.2",
        "unknown, 10.1.1.1                   | ip:10.1.1.1",
        "1.2.3.4, unknown                    | ip:127.0.0.1",
        "1.2.3.4, 300.1.1.1                  | ip:127.0.0.1",
        "1.2.3.4, 198.51.100.7:x             | ip:127.0.0.1",
        "::ffff:198.51.100.7                 | ip:198.51.100.7",
        "64:ff9b::c633:6407                  | ip:198.51.100.7",
        "198.51.100.7, ::ffff:10.1.1.1       | ip:198.51.100.7",
        "2001:db8:1:2:3:4:5:6                | ip:2001:db8:1:2::/64",
        "[2001:db8:1:2:3:4:5:6]:443          | ip:2001:db8:1:2::/64",
        "198.51.100.7,,                      | ip:198.51.100.7",
        "\", 198.51.100.7                    | ip:198.51.100.7",
        "1.2.3.4\", 198.51.100.7, 10.1.1.1   | ip:198.51.100.7",
        "'                                 ' | ip:127.0.0.1"
      })
  void forwardedForIsWalkedFromItsEnd(String header, String key) {
    assertThat(keyOf(trusting(ForwardedHeader.X_FORWARDED_FOR), "X-Forwarded-For: " + header))
        .isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "for=198.51.100.7                                 | ip:198.51.100.7",
        "For=\"198.51.100.7:80\";proto=https;by=10.0.0.1  | ip:198.51.100.7",
        "for=1.2.3.4, for=\"[2001:db8:1:2::9]:80\"        | ip:2001:db8:1:2::/64",
        "proto=http; for=198.51.100.7, for=10.9.9.9       | ip:198.51.100.7",
        "for=1.2.3.4;by=\"a,b;for=5.6.7.8\", for=10.9.9.9 | ip:1.2.3.4",
        "for=1.2.3.4, for=_hidden                         | ip:127.0.0.1",
        "for=_hidden, for=10.9.9.9                        | ip:10.9.9.9",
        "for=1.2.3.4, for=unknown                         | ip:127.0.0.1",
        "for=1.2.3.4, proto=https                         | ip:127.0.0.1",
        "for=1.2.3.4, for=\"198.51.100.7:_port\"          | ip:198.51.100.7",
        "for=\"198.51.100\\.7\"                           | ip:198.51.100.7",
        "for=\"1.2.3.4, for=198.51.100.7                  | ip:198.51.100.7",
        "for=\", for=\"198.51.100.7:80\";by=\"10.0.0.1\"   | ip:198.51.100.7"
      })
  void forwardedIsReadAsItsRfcSays(String header, String key) {
    assertThat(keyOf(trusting(ForwardedHeader.FORWARDED), "Forwarded: " + header)).isEqualTo(key);
  }

  @Test
  void repeatedLinesAreOneList() {
    assertThat(
            keyOf(
                trusting(ForwardedHeader.X_FORWARDED_FOR),
                "X-Forwarded-For: 1.2.3.4, 198.51.100.7",
                "X-Forwarded-For: 10.1.1.1"))
        .isEqualTo("ip:198.51.100.7");
  }

  /** Behind a proxy that nobody named all clients are one; before none, somebody tries it on. */
  @Test
  void aStrangersHeaderIsToldOfOnce() {
    ShieldHandlerOptions options = new ShieldHandlerOptions();
    TestApp app = guarded(options);
    Shield.on(app.router().get("/x")).limit("1/minute").handler(app.named("x"));
    Shield.on(app.router().get("/y"))
        .maintenance("closed")
        .allowIps("198.51.100.0/24")
        .handler(ShieldHandler.guard(app.engine()))
        .handler(app.named("y"));
    app.start();
    app.get("/x");
    assertThat(log.lines("X-Forwarded-For")).isEmpty();
    for (String path : List.of("/x", "/y", "/x")) {
      app.get(path, "X-Forwarded-For: 198.51.100.7");
    }
    assertThat(log.lines("X-Forwarded-For"))
        .singleElement()
        .asString()
        .contains("127.0.0.1, which is no trusted proxy", "SHIELD_TRUSTED_PROXIES=127.0.0.1");
  }

  @Test
  void whatATrustedProxyWritesIsNotToldOf() {
    keyOf(trusting(ForwardedHeader.X_FORWARDED_FOR), "X-Forwarded-For: 198.51.100.7");
    assertThat(log.lines("no trusted proxy")).isEmpty();
  }

  /** One address for limits and for gates. */
  @Test
  void exemptionsOfGatesSeeTheSameAddress() {
    TestApp app = guarded(trusting(ForwardedHeader.X_FORWARDED_FOR));
    Shield.on(app.router().get("/closed"))
        .maintenance("closed")
        .allowIps("198.51.100.0/24")
        .handler(app.named("closed"));
    app.start();
    assertThat(app.get("/closed").status()).isEqualTo(503);
    assertThat(app.get("/closed", "X-Forwarded-For: 198.51.100.7").status()).isEqualTo(200);
    assertThat(app.get("/closed", "X-Forwarded-For: 198.51.100.7, 8.8.8.8").status())
        .isEqualTo(503);
  }

  @Test
  void theEngineIsConfiguredByItsVariables() {
    TestApp app =
        closing(
            TestApp.bare(
                vertx,
                MemoryBackend.create(),
                options ->
                    options
                        .putSetting("SHIELD_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")
                        .putSetting("SHIELD_FORWARDED_HEADER", "x-real-ip")));
    app.router().route().handler(ShieldHandler.create(app.engine(), app.router()));
    Shield.on(app.router().get("/x")).limit("1/minute").handler(app.named("x"));
    app.start();
    assertThat(app.get("/x", "X-Real-IP: 198.51.100.7").status()).isEqualTo(200);
    assertThat(app.get("/x", "X-Real-IP: 198.51.100.8").status()).isEqualTo(200);
    assertThat(app.get("/x", "X-Real-IP: 198.51.100.7").status()).isEqualTo(429);
  }

  @Test
  void badConfigurationIsReportedAtTheStart() {
    for (String[] bad :
        new String[][] {
          {"SHIELD_TRUSTED_PROXIES", "10.0.0.0/8,nonsense", "'nonsense'"},
          {"SHIELD_FORWARDED_HEADER", "X-Client", "one of X-Forwarded-For, Forwarded, X-Real-IP"}
        }) {
      ShieldEngine engine =
          ShieldEngine.create(
              vertx,
              new ShieldOptions().setBackend(MemoryBackend.create()).putSetting(bad[0], bad[1]));
      assertThatThrownBy(() -> TestApp.await(engine.start()))
          .hasRootCauseInstanceOf(InvalidValueException.class)
          .hasMessageContaining(bad[0])
          .hasMessageContaining(bad[2]);
    }
  }
}
