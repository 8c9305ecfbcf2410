package io.shield.cli.control;

import io.shield.cli.terminal.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whom a connection is trusted from, in place of what Java knows: certificates in a PEM file. */
public final class CaFile {
  private CaFile() {}

  /**
   * Reads the certificates.
   *
   * @param source what names the file, for messages
   * @throws CommandFailure if it has none that can be read
   */
  public static SSLContext trust(String source, Path file) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates(source, file)) {
        trusted.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(source, file, CommandFailure.messageOf(e));
    }
  }

  private static Collection<? extends Certificate> certificates(String source, Path file)
      throws IOException, CertificateException {
    if (!Files.isRegularFile(file)) {
      throw unreadable(source, file, "there is no such file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw unreadable(source, file, "it has no certificate");
      }
      return found;
    }
  }

  private static CommandFailure unreadable(String source, Path file, String why) {
    return CommandFailure.usage(
        source + ": '" + file + "' cannot be used, " + why,
        "it must be a PEM file with the certificate of whoever signed the server's");
  }
}
