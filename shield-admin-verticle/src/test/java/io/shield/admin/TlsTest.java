package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.ShieldException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin API over TLS, its certificate given in each of the two ways. */
class TlsTest {
  private static final String PASSWORD = SelfSigned.PASSWORD;

  @TempDir static Path directory;

  private static SelfSigned made;
  private static Path store;
  private static HttpClient client;

  @BeforeAll
  static void makeCertificate() throws Exception {
    made = SelfSigned.in(directory);
    store = made.store();
    client = HttpClient.newBuilder().sslContext(trusting(made.certificate())).build();
  }

  private static SSLContext trusting(Certificate certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("admin", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static void assertServes(AdminOptions tls) throws Exception {
    AdminOptions options =
        tls.addAccount(new Account("admin", RunningAdmin.HASH, Role.ADMIN))
            .setSecretKey(RunningAdmin.KEY);
    try (RunningAdmin admin = new RunningAdmin(options)) {
      URI login = URI.create(admin.url("/api/auth/login").replace("http://", "https://"));
      String body =
          RunningAdmin.credentials("admin", RunningAdmin.PASSWORD)
              .replace("}", ", \"platform\": \"dashboard\"}");
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(login).POST(BodyPublishers.ofString(body)).build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).contains("Secure");
    }
  }

  @Test
  void byPemFiles() throws Exception {
    assertServes(
        new AdminOptions()
            .setTlsPem(
                directory.resolve("cert.pem").toString(), directory.resolve("key.pem").toString()));
  }

  @Test
  void byAKeyStore() throws Exception {
    assertServes(new AdminOptions().setTlsKeyStore(store.toString(), PASSWORD));
  }

  private static void assertRefused(AdminOptions options, String... words) {
    assertThatThrownBy(() -> new RunningAdmin(options).close())
        .hasRootCauseInstanceOf(ShieldException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void aWrongPasswordOfTheStoreIsAnErrorAtTheStart() {
    assertRefused(
        new AdminOptions().setTlsKeyStore(store.toString(), "wrong"), "TLS", store.toString());
  }

  @Test
  void filesThatAreNoCertificateAndKeyAreAnErrorAtTheStart() {
    String cert = directory.resolve("cert.pem").toString();
    String key = directory.resolve("key.pem").toString();
    String none = directory.resolve("none.pem").toString();
    assertRefused(new AdminOptions().setTlsPem(none, key), "TLS", none);
    assertRefused(new AdminOptions().setTlsPem(key, key), "TLS", key, "CERTIFICATE");
    assertRefused(new AdminOptions().setTlsPem(cert, cert), "TLS", cert, "PRIVATE KEY");
    assertRefused(new AdminOptions().setTlsKeyStore(cert, PASSWORD), "TLS", cert);
  }

  /** A server would listen with it, and nobody could connect. */
  @Test
  void theKeyOfAnotherCertificateIsAnErrorAtTheStart() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    made.pem("other.pem", "PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());
    assertRefused(
        new AdminOptions()
            .setTlsPem(
                directory.resolve("cert.pem").toString(),
                directory.resolve("other.pem").toString()),
        "TLS",
        "other.pem",
        "not that of the certificate");
  }

  @Test
  void aStoreWithoutAKeyIsAnErrorAtTheStart() throws Exception {
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("admin", keys.getCertificate("admin"));
    Path file = directory.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    assertRefused(
        new AdminOptions().setTlsKeyStore(file.toString(), PASSWORD), "TLS", "no private key");
  }

  @Test
  void onlyOneOfTheTwoWaysMayBeTaken() {
    assertRefused(
        new AdminOptions()
            .setTlsPem(
                directory.resolve("cert.pem").toString(), directory.resolve("key.pem").toString())
            .setTlsKeyStore(store.toString(), PASSWORD),
        "one of the two ways");
  }
}
