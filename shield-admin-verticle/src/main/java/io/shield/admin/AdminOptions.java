package io.shield.admin;

import io.micrometer.core.instrument.MeterRegistry;
import io.shield.error.InvalidValueException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the admin API listens and whom it lets in. What is not set here is taken from the engine's
 * settings: environment or {@code .shield} file. Setters validate; not thread-safe.
 *
 * <p>Who may sign in is said in one of four ways: by {@link #addUser}, by {@link #addAccount}, by
 * {@link #setCredentialsFile} (these may be combined), or by {@link #setAuthenticationProvider}.
 * Without any, requests need no token and are served to this machine only.
 */
public class AdminOptions {
  /** The address listened on unless said otherwise: this machine only. */
  public static final String DEFAULT_HOST = "localhost";

  /** The port listened on unless said otherwise. */
  public static final int DEFAULT_PORT = 8081;

  /** How long a person's token is valid unless said otherwise. */
  public static final Duration DEFAULT_TOKEN_LIFETIME = Duration.ofHours(24);

  /** How long a service's token is valid unless said otherwise. */
  public static final Duration DEFAULT_SDK_TOKEN_LIFETIME = Duration.ofDays(365);

  /** How far the clocks of two nodes may differ unless said otherwise. */
  public static final Duration DEFAULT_TOKEN_LEEWAY = Duration.ofSeconds(10);

  /** The shortest secret key, in bytes: what HMAC-SHA-256 needs (RFC 7518, section 3.2). */
  public static final int MIN_SECRET_KEY_BYTES = 32;

  /** The longest that a token may be valid. */
  public static final Duration MAX_TOKEN_LIFETIME = Duration.ofDays(3660);

  private static final Duration MAX_LEEWAY = Duration.ofSeconds(60);
  private static final Duration MIN_KEEPALIVE = Duration.ofSeconds(1);
  private static final Duration MAX_KEEPALIVE = Duration.ofSeconds(15);
  private static final int MAX_ACCOUNTS = 10_000;

  /**
   * A user whose password is given in plain text.
   *
   * @param username the name
   * @param password the password
   * @param role what the user may do
   */
  public record PlainUser(String username, String password, Role role) {
    public PlainUser {
      Account.checkUsername(username);
      Account.checkPassword(password);
      Objects.requireNonNull(role, "role");
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "PlainUser[" + username + ", " + role.wireName() + "]";
    }
  }

  private @Nullable String host;
  private @Nullable Integer port;
  private final Map<String, PlainUser> users = new LinkedHashMap<>();
  private final Map<String, Account> accounts = new LinkedHashMap<>();
  private @Nullable String credentialsFile;
  private @Nullable AuthenticationProvider authenticationProvider;
  private @Nullable Function<User, @Nullable Role> roleOf;
  private @Nullable Boolean openToNetwork;
  private @Nullable Boolean reasonRequired;
  private @Nullable Boolean metricsPublic;
  private @Nullable Duration sseKeepalive;
  private @Nullable String secretKey;
  private @Nullable String previousSecretKey;
  private Duration tokenLifetime = DEFAULT_TOKEN_LIFETIME;
  private Duration sdkTokenLifetime = DEFAULT_SDK_TOKEN_LIFETIME;
  private Duration tokenLeeway = DEFAULT_TOKEN_LEEWAY;
  private @Nullable String tlsCert;
  private @Nullable String tlsKey;
  private @Nullable String tlsKeyStore;
  private @Nullable String tlsKeyStorePassword;
  private @Nullable MeterRegistry meterRegistry;

  /** The defaults. */
  public AdminOptions() {}

  /** A copy. */
  public AdminOptions(AdminOptions other) {
    host = other.host;
    port = other.port;
    users.putAll(other.users);
    accounts.putAll(other.accounts);
    credentialsFile = other.credentialsFile;
    authenticationProvider = other.authenticationProvider;
    roleOf = other.roleOf;
    openToNetwork = other.openToNetwork;
    reasonRequired = other.reasonRequired;
    metricsPublic = other.metricsPublic;
    sseKeepalive = other.sseKeepalive;
    secretKey = other.secretKey;
    previousSecretKey = other.previousSecretKey;
    tokenLifetime = other.tokenLifetime;
    sdkTokenLifetime = other.sdkTokenLifetime;
    tokenLeeway = other.tokenLeeway;
    tlsCert = other.tlsCert;
    tlsKey = other.tlsKey;
    tlsKeyStore = other.tlsKeyStore;
    tlsKeyStorePassword = other.tlsKeyStorePassword;
    meterRegistry = other.meterRegistry;
  }

  /**
   * What {@link #toJson} wrote. A field that is null counts as not set.
   *
   * @throws InvalidValueException if a value is not allowed or a field is not known
   */
  public AdminOptions(JsonObject json) {
    AdminOptionsJson.read(json, this);
  }

  /**
   * The options as JSON, durations in seconds; what is not set is left out, and so are an
   * authentication provider and a meter registry. It holds secrets.
   */
  public JsonObject toJson() {
    return AdminOptionsJson.write(this);
  }

  /** The address to listen on, or null if not set. */
  public @Nullable String getHost() {
    return host;
  }

  /** Sets the address or host name to listen on ({@code SHIELD_ADMIN_HOST}). */
  public AdminOptions setHost(String value) {
    if (!value.matches("[A-Za-z0-9.:_%-]{1,253}")) {
      throw new InvalidValueException("host", value, "an IP address or a host name");
    }
    host = value;
    return this;
  }

  /** The port to listen on, or null if not set. */
  public @Nullable Integer getPort() {
    return port;
  }

  /** Sets the port to listen on ({@code SHIELD_ADMIN_PORT}), 0 for any free one. */
  public AdminOptions setPort(int value) {
    if (value < 0 || value > 65_535) {
      throw new InvalidValueException("port", value, "between 0 and 65535");
    }
    port = value;
    return this;
  }

  /** The users given with their passwords. */
  public List<PlainUser> getUsers() {
    return List.copyOf(users.values());
  }

  /**
   * Adds a user, or replaces one of that name. One of role admin can be given in the environment
   * ({@code SHIELD_ADMIN_USER}, by default {@code admin}, and {@code SHIELD_ADMIN_PASSWORD}).
   *
   * @param password 1 to {@value Account#MAX_PASSWORD_LENGTH} characters; prefer {@link
   *     #addAccount}, which needs only its hash
   */
  public AdminOptions addUser(String username, String password, Role role) {
    checkRoom();
    users.put(username, new PlainUser(username, password, role));
    return this;
  }

  /** The accounts given with the hashes of their passwords. */
  public List<Account> getAccounts() {
    return List.copyOf(accounts.values());
  }

  /** Adds an account, or replaces one of that name. */
  public AdminOptions addAccount(Account account) {
    checkRoom();
    accounts.put(account.username(), account);
    return this;
  }

  private void checkRoom() {
    if (users.size() + accounts.size() >= MAX_ACCOUNTS) {
      throw new InvalidValueException("accounts", MAX_ACCOUNTS + 1, "at most " + MAX_ACCOUNTS);
    }
  }

  /** The file of accounts, or null if not set. */
  public @Nullable String getCredentialsFile() {
    return credentialsFile;
  }

  /**
   * Sets a file of accounts ({@code SHIELD_ADMIN_CREDENTIALS_FILE}): lines of {@code
   * username:hash:role}, the hash as {@link Account#hash} makes it; empty lines and such that begin
   * with {@code #} are skipped. It is read once.
   */
  public AdminOptions setCredentialsFile(String value) {
    credentialsFile = path("credentialsFile", value);
    return this;
  }

  /** What knows the users, or null if not set. */
  public @Nullable AuthenticationProvider getAuthenticationProvider() {
    return authenticationProvider;
  }

  /** The role of a user of the authentication provider, or null if not set. */
  public @Nullable Function<User, @Nullable Role> getRoleOf() {
    return roleOf;
  }

  /**
   * Sets what knows the users, instead of accounts. It is given {@link
   * io.vertx.ext.auth.authentication.UsernamePasswordCredentials} and has 10 seconds to answer.
   * Tokens it led to stay valid until they expire or are revoked.
   *
   * @param roleOf the role of a user, or null for one who may not sign in; must not block
   */
  public AdminOptions setAuthenticationProvider(
      AuthenticationProvider provider, Function<User, @Nullable Role> roleOf) {
    this.authenticationProvider = Objects.requireNonNull(provider, "provider");
    this.roleOf = Objects.requireNonNull(roleOf, "roleOf");
    return this;
  }

  /** Whether everybody who reaches the port may do everything, or null if not set. */
  public @Nullable Boolean getOpenToNetwork() {
    return openToNetwork;
  }

  /**
   * Sets whether, without credentials, not only this machine is served ({@code
   * SHIELD_ADMIN_OPEN_TO_NETWORK}): everybody who reaches the port may do everything.
   */
  public AdminOptions setOpenToNetwork(boolean value) {
    openToNetwork = value;
    return this;
  }

  /** Whether a change needs a reason, or null if not set. */
  public @Nullable Boolean getReasonRequired() {
    return reasonRequired;
  }

  /** Sets whether a change needs a reason ({@code SHIELD_ADMIN_REASON_REQUIRED}). */
  public AdminOptions setReasonRequired(boolean value) {
    reasonRequired = value;
    return this;
  }

  /** Whether the metrics need no token, or null if not set. */
  public @Nullable Boolean getMetricsPublic() {
    return metricsPublic;
  }

  /** Sets whether the metrics need no token ({@code SHIELD_ADMIN_METRICS_PUBLIC}). */
  public AdminOptions setMetricsPublic(boolean value) {
    metricsPublic = value;
    return this;
  }

  /** After how long a silent stream of events gets a comment, or null if not set: then 4 s. */
  public @Nullable Duration getSseKeepalive() {
    return sseKeepalive;
  }

  /**
   * Sets after how long a silent stream of events gets a comment ({@code SHIELD_SSE_KEEPALIVE}): 1
   * to 15 seconds. Clients and proxies that hear nothing for longer than they like take a stream
   * for dead.
   */
  public AdminOptions setSseKeepalive(Duration value) {
    sseKeepalive = checkDuration("sseKeepalive", value, MIN_KEEPALIVE, MAX_KEEPALIVE);
    return this;
  }

  /** What tokens are signed with, or null if not set. */
  public @Nullable String getSecretKey() {
    return secretKey;
  }

  /**
   * Sets what tokens are signed with ({@code SHIELD_SECRET_KEY}), the same on all nodes. Without
   * one a random key is made, and tokens end with the process.
   *
   * @param value at least {@value #MIN_SECRET_KEY_BYTES} bytes of UTF-8
   */
  public AdminOptions setSecretKey(String value) {
    secretKey = checkKey("secretKey", value);
    return this;
  }

  /** What tokens were signed with before, or null if not set. */
  public @Nullable String getPreviousSecretKey() {
    return previousSecretKey;
  }

  /**
   * Sets what tokens were signed with before ({@code SHIELD_SECRET_KEY_PREVIOUS}): they stay valid,
   * new ones are signed with the secret key.
   *
   * @param value at least {@value #MIN_SECRET_KEY_BYTES} bytes of UTF-8
   */
  public AdminOptions setPreviousSecretKey(String value) {
    previousSecretKey = checkKey("previousSecretKey", value);
    return this;
  }

  private static String checkKey(String field, String value) {
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < MIN_SECRET_KEY_BYTES) {
      throw new InvalidValueException(
          field,
          "a key of " + bytes + " bytes",
          "at least " + MIN_SECRET_KEY_BYTES + " bytes long");
    }
    return value;
  }

  /** How long a person's token is valid. */
  public Duration getTokenLifetime() {
    return tokenLifetime;
  }

  /** Sets how long a person's token is valid: 1 second to 3660 days. */
  public AdminOptions setTokenLifetime(Duration value) {
    tokenLifetime =
        checkDuration("tokenLifetime", value, Duration.ofSeconds(1), MAX_TOKEN_LIFETIME);
    return this;
  }

  /** How long a service's token is valid. */
  public Duration getSdkTokenLifetime() {
    return sdkTokenLifetime;
  }

  /** Sets how long a service's token is valid: 1 second to 3660 days. */
  public AdminOptions setSdkTokenLifetime(Duration value) {
    sdkTokenLifetime =
        checkDuration("sdkTokenLifetime", value, Duration.ofSeconds(1), MAX_TOKEN_LIFETIME);
    return this;
  }

  /** How far the clocks of two nodes may differ. */
  public Duration getTokenLeeway() {
    return tokenLeeway;
  }

  /** Sets how far the clocks of two nodes may differ: 0 to 60 seconds. */
  public AdminOptions setTokenLeeway(Duration value) {
    tokenLeeway = checkDuration("tokenLeeway", value, Duration.ZERO, MAX_LEEWAY);
    return this;
  }

  private static Duration checkDuration(String field, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new InvalidValueException(
          field,
          value.toSeconds() + " s",
          "between " + min.toSeconds() + " and " + max.toSeconds() + " seconds");
    }
    return Duration.ofSeconds(value.toSeconds());
  }

  /** The certificate's PEM file, or null if not set. */
  public @Nullable String getTlsCert() {
    return tlsCert;
  }

  /** The private key's PEM file, or null if not set. */
  public @Nullable String getTlsKey() {
    return tlsKey;
  }

  /**
   * Sets certificate and private key for TLS by PEM files ({@code SHIELD_ADMIN_TLS_CERT}, {@code
   * SHIELD_ADMIN_TLS_KEY}).
   */
  public AdminOptions setTlsPem(String cert, String key) {
    tlsCert = path("tlsCert", cert);
    tlsKey = path("tlsKey", key);
    return this;
  }

  /** The key store for TLS, or null if not set. */
  public @Nullable String getTlsKeyStore() {
    return tlsKeyStore;
  }

  /** The key store's password, or null if not set. */
  public @Nullable String getTlsKeyStorePassword() {
    return tlsKeyStorePassword;
  }

  /**
   * Sets certificate and private key for TLS by a key store ({@code SHIELD_ADMIN_TLS_KEYSTORE},
   * {@code SHIELD_ADMIN_TLS_KEYSTORE_PASSWORD}): PKCS #12 if its name ends with {@code .p12} or
   * {@code .pfx}, else JKS.
   */
  public AdminOptions setTlsKeyStore(String file, String password) {
    tlsKeyStore = path("tlsKeyStore", file);
    tlsKeyStorePassword = Objects.requireNonNull(password, "password");
    return this;
  }

  private static String path(String field, String value) {
    if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidValueException(field, value, "the path of a file");
    }
    return value;
  }

  /** The application's own registry of metrics, or null if not set. */
  public @Nullable MeterRegistry getMeterRegistry() {
    return meterRegistry;
  }

  /** Sets the application's own registry, in which Shield's metrics are then found too. */
  public AdminOptions setMeterRegistry(MeterRegistry value) {
    meterRegistry = Objects.requireNonNull(value, "meterRegistry");
    return this;
  }
}
