package io.shield.admin.impl;

import io.shield.admin.AdminOptions;
import io.shield.error.ShieldException;
import io.vertx.core.Vertx;
import io.vertx.core.net.JksOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PfxOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Certificate and private key for TLS, tried before anybody connects: a server listens just as well
 * with a key that does not belong to its certificate, and then nobody can speak to it.
 */
final class TlsKeys {
  private static final byte[] SAMPLE = {1, 2, 3, 4};

  private TlsKeys() {}

  /**
   * What the options name, or null if they name nothing. Reads files: not for an event loop.
   *
   * @throws ShieldException if a file cannot be read or does not hold a certificate and its key
   */
  static @Nullable KeyCertOptions of(Vertx vertx, AdminOptions options) {
    String cert = options.getTlsCert();
    String store = options.getTlsKeyStore();
    if (cert != null) {
      KeyCertOptions pem =
          new PemKeyCertOptions().setCertPath(cert).setKeyPath(options.getTlsKey());
      return tried(vertx, pem, "the certificate " + cert + " and the key " + options.getTlsKey());
    }
    return store == null
        ? null
        : tried(vertx, store(store, options.getTlsKeyStorePassword()), "the key store " + store);
  }

  private static KeyCertOptions store(String file, @Nullable String password) {
    String name = file.toLowerCase(Locale.ROOT);
    return name.endsWith(".p12") || name.endsWith(".pfx")
        ? new PfxOptions().setPath(file).setPassword(password)
        : new JksOptions().setPath(file).setPassword(password);
  }

  private static KeyCertOptions tried(Vertx vertx, KeyCertOptions keys, String what) {
    String problem;
    try {
      problem = problem(keys.getKeyManagerFactory(vertx).getKeyManagers());
    } catch (Exception unreadable) {
      problem = String.valueOf(unreadable.getMessage());
    }
    if (problem != null) {
      throw new ShieldException("TLS: " + what + " cannot be used: " + problem);
    }
    return keys;
  }

  private static @Nullable String problem(KeyManager[] managers) throws GeneralSecurityException {
    for (KeyManager manager : managers) {
      if (manager instanceof X509KeyManager keys) {
        for (String alias : aliases(keys)) {
          PrivateKey key = keys.getPrivateKey(alias);
          X509Certificate[] chain = keys.getCertificateChain(alias);
          if (key != null && chain != null && chain.length > 0) {
            return belong(key, chain[0]) ? null : "the key is not that of the certificate";
          }
        }
      }
    }
    return "no private key with its certificate is in it";
  }

  private static List<String> aliases(X509KeyManager keys) {
    return Stream.of("RSA", "EC", "EdDSA", "RSASSA-PSS")
        .flatMap(type -> Stream.ofNullable(keys.getServerAliases(type, null)))
        .flatMap(Arrays::stream)
        .toList();
  }

  /** Whether the certificate's key verifies what the private key signs. */
  private static boolean belong(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> null;
        };
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
      return false;
    }
    if (algorithm == null) {
      return true; // Of a kind that is not tried here.
    }
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(SAMPLE);
    byte[] signed = signature.sign();
    signature.initVerify(certificate);
    signature.update(SAMPLE);
    return signature.verify(signed);
  }
}
