package io.shield.admin.impl;

import io.shield.admin.Account;
import io.shield.admin.AdminOptions;
import io.shield.admin.Role;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.internal.Moments;
import io.shield.internal.value.Flags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The options with what the engine's settings add to them. Immutable by custom. */
final class AdminSettings {
  /** Some clients and proxies take five silent seconds for the end. */
  private static final Duration SSE_KEEPALIVE = Duration.ofSeconds(4);

  private final AdminOptions options;
  private final UnaryOperator<@Nullable String> settings;

  private AdminSettings(AdminOptions options, UnaryOperator<@Nullable String> settings) {
    this.options = new AdminOptions(options);
    this.settings = settings;
  }

  /**
   * Gathers the settings and reads the credentials file.
   *
   * @param settings what is set under the name of an environment variable, or null
   * @throws ShieldException if a value is not allowed or the file cannot be read
   */
  static AdminSettings of(AdminOptions options, UnaryOperator<@Nullable String> settings) {
    AdminSettings all = new AdminSettings(options, settings);
    all.fill();
    return all;
  }

  AdminOptions options() {
    return options;
  }

  String host() {
    String host = options.getHost();
    return host == null ? AdminOptions.DEFAULT_HOST : host;
  }

  int port() {
    Integer port = options.getPort();
    return port == null ? AdminOptions.DEFAULT_PORT : port;
  }

  boolean openToNetwork() {
    return Boolean.TRUE.equals(options.getOpenToNetwork());
  }

  boolean reasonRequired() {
    return Boolean.TRUE.equals(options.getReasonRequired());
  }

  boolean metricsPublic() {
    return Boolean.TRUE.equals(options.getMetricsPublic());
  }

  /** After how long a silent stream of events gets a comment. */
  Duration sseKeepalive() {
    Duration given = options.getSseKeepalive();
    return given == null ? SSE_KEEPALIVE : given;
  }

  /** Whether there is anybody who could sign in. */
  boolean hasCredentials() {
    return options.getAuthenticationProvider() != null
        || !options.getUsers().isEmpty()
        || !options.getAccounts().isEmpty();
  }

  private void fill() {
    fill("SHIELD_ADMIN_HOST", options.getHost(), options::setHost);
    fill("SHIELD_ADMIN_PORT", options.getPort(), text -> options.setPort(port(text)));
    fill(
        "SHIELD_ADMIN_CREDENTIALS_FILE", options.getCredentialsFile(), options::setCredentialsFile);
    fillFlag("SHIELD_ADMIN_OPEN_TO_NETWORK", options.getOpenToNetwork(), options::setOpenToNetwork);
    fillFlag(
        "SHIELD_ADMIN_REASON_REQUIRED", options.getReasonRequired(), options::setReasonRequired);
    fillFlag("SHIELD_ADMIN_METRICS_PUBLIC", options.getMetricsPublic(), options::setMetricsPublic);
    fill(
        "SHIELD_SSE_KEEPALIVE",
        options.getSseKeepalive(),
        text -> options.setSseKeepalive(Moments.length("sseKeepalive", text)));
    fill("SHIELD_SECRET_KEY", options.getSecretKey(), options::setSecretKey);
    fill(
        "SHIELD_SECRET_KEY_PREVIOUS",
        options.getPreviousSecretKey(),
        options::setPreviousSecretKey);
    fillTls();
    String file = options.getCredentialsFile();
    if (file != null) {
      readAccounts(Path.of(file));
    }
    fillAdmin();
  }

  private void fillTls() {
    boolean given = options.getTlsCert() != null || options.getTlsKeyStore() != null;
    if (!given) {
      fillPair("SHIELD_ADMIN_TLS_CERT", "SHIELD_ADMIN_TLS_KEY", options::setTlsPem);
      fillPair(
          "SHIELD_ADMIN_TLS_KEYSTORE",
          "SHIELD_ADMIN_TLS_KEYSTORE_PASSWORD",
          options::setTlsKeyStore);
    }
    if (options.getTlsCert() != null && options.getTlsKeyStore() != null) {
      throw new InvalidValueException(
          "TLS", "PEM files and a key store", "given in one of the two ways");
    }
  }

  /** The environment's one pair counts only if nobody else was named. */
  private void fillAdmin() {
    String password = settings.apply("SHIELD_ADMIN_PASSWORD");
    if (password == null || hasCredentials()) {
      return;
    }
    String user = settings.apply("SHIELD_ADMIN_USER");
    options.addUser(user == null ? "admin" : user, password, Role.ADMIN);
  }

  private interface Pair {
    void set(String first, String second);
  }

  private void fillPair(String first, String second, Pair pair) {
    String one = settings.apply(first);
    String other = settings.apply(second);
    if (one == null && other == null) {
      return;
    }
    if (one == null || other == null) {
      String missing = one == null ? first : second;
      throw new InvalidValueException(
          missing, "", "set, as " + first + " and " + second + " go together");
    }
    pair.set(one, other);
  }

  private void fill(String variable, @Nullable Object given, Consumer<String> set) {
    String found = given == null ? settings.apply(variable) : null;
    if (found == null) {
      return;
    }
    try {
      set.accept(found);
    } catch (InvalidValueException e) {
      boolean secret = variable.startsWith("SHIELD_SECRET");
      throw new InvalidValueException(variable, secret ? "a shorter key" : found, e.allowed());
    }
  }

  private void fillFlag(String variable, @Nullable Boolean given, Consumer<Boolean> set) {
    fill(variable, given, text -> set.accept(Flags.parse(variable, text)));
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      throw new InvalidValueException("port", text, "between 0 and 65535");
    }
  }

  private void readAccounts(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ShieldException(
          "the credentials file "
              + file
              + " cannot be read: "
              + (e instanceof NoSuchFileException ? "there is no such file" : e.getMessage()),
          e);
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        readAccount(file, i + 1, line);
      }
    }
  }

  private void readAccount(Path file, int number, String line) {
    String[] parts = line.split(":", -1);
    try {
      if (parts.length != 3) {
        throw new InvalidValueException("line", parts.length + " parts", "username:hash:role");
      }
      options.addAccount(new Account(parts[0], parts[1], Role.parse(parts[2])));
    } catch (InvalidValueException e) {
      throw new ShieldException(
          "the credentials file " + file + ", line " + number + ": " + e.getMessage());
    }
  }
}
