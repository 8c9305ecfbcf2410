package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;

/** A certificate for localhost that nobody knows, as a key store and as PEM files. */
public final class SelfSigned {
  static final String PASSWORD = "changeit";

  private final Path directory;

  private SelfSigned(Path directory) {
    this.directory = directory;
  }

  /** Makes it in a directory. */
  public static SelfSigned in(Path directory) throws Exception {
    SelfSigned made = new SelfSigned(directory);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "admin",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                made.store().toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    process.getInputStream().transferTo(said);
    assertThat(process.waitFor()).as(said.toString(StandardCharsets.UTF_8)).isZero();
    KeyStore keys = KeyStore.getInstance(made.store().toFile(), PASSWORD.toCharArray());
    made.pem("cert.pem", "CERTIFICATE", made.certificate().getEncoded());
    made.pem("key.pem", "PRIVATE KEY", keys.getKey("admin", PASSWORD.toCharArray()).getEncoded());
    return made;
  }

  Path store() {
    return directory.resolve("store.p12");
  }

  /** The certificate in PEM. */
  public Path pem() {
    return directory.resolve("cert.pem");
  }

  /** The key in PEM. */
  public Path key() {
    return directory.resolve("key.pem");
  }

  Certificate certificate() throws Exception {
    return KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray()).getCertificate("admin");
  }

  void pem(String file, String type, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        directory.resolve(file),
        "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }
}
