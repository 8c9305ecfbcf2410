package io.shield.backend.server;

import io.shield.backend.server.impl.ProcessName;
import io.shield.error.InvalidValueException;
import io.shield.model.RouteKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which server to follow, for which service, and how to sign in. Not thread-safe. */
public class ServerBackendOptions {
  /** The server unless said otherwise. */
  public static final String DEFAULT_URL = "http://localhost:9000";

  private List<String> urls = List.of(DEFAULT_URL);
  private @Nullable String service;
  private String instance = ProcessName.get();
  private @Nullable String token;
  private @Nullable String username;
  private @Nullable String password;
  private @Nullable String caFile;

  /** The defaults. */
  public ServerBackendOptions() {}

  /** A copy. */
  public ServerBackendOptions(ServerBackendOptions other) {
    urls = other.urls;
    service = other.service;
    instance = other.instance;
    token = other.token;
    username = other.username;
    password = other.password;
    caFile = other.caFile;
  }

  /** The servers of one control plane. */
  public List<String> getUrls() {
    return urls;
  }

  /**
   * Sets the servers, with the prefix Shield is mounted at if there is one ({@code
   * SHIELD_SERVER_URL}, with commas between). If one cannot be reached the next is tried.
   *
   * @throws InvalidValueException if there is none, or one is no {@code http} or {@code https} URL
   */
  public ServerBackendOptions setUrls(List<String> value) {
    if (value.isEmpty()) {
      throw new InvalidValueException("url", "", "at least one URL");
    }
    urls = value.stream().map(ServerBackendOptions::checkUrl).toList();
    return this;
  }

  private static String checkUrl(String url) {
    String bare = url.strip().replaceAll("/+$", "");
    try {
      URI uri = new URI(bare);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean plain =
          uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getUserInfo() == null;
      if (http && uri.getHost() != null && plain) {
        return bare;
      }
    } catch (URISyntaxException notAUrl) {
      // told below
    }
    String shown = url.contains("@") ? "a URL with credentials" : url;
    throw new InvalidValueException(
        "url", shown, "http://host:port or https://host:port, without credentials");
  }

  /** The service, or null for everything. */
  public @Nullable String getService() {
    return service;
  }

  /** Sets the service whose routes these are ({@code SHIELD_APP_ID}). */
  public ServerBackendOptions setService(@Nullable String value) {
    service = value == null ? null : RouteKey.checkService(value);
    return this;
  }

  /** What operators see of this process. */
  public String getInstance() {
    return instance;
  }

  /**
   * Sets a name by which operators tell this process from others of its service ({@code
   * SHIELD_INSTANCE}); null for the default, the process id and the host's name: {@code
   * 4711@web-1}.
   */
  public ServerBackendOptions setInstance(@Nullable String value) {
    instance = value == null ? ProcessName.get() : checkLine("instance", value);
    return this;
  }

  /** The token, or null. */
  public @Nullable String getToken() {
    return token;
  }

  /** Sets a token that was issued for this service ({@code SHIELD_TOKEN}). */
  public ServerBackendOptions setToken(@Nullable String value) {
    if (value != null && !value.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new InvalidValueException("token", "what it holds", "a token, without blanks or lines");
    }
    token = value;
    return this;
  }

  /** Who signs in, or null. */
  public @Nullable String getUsername() {
    return username;
  }

  /** The password, or null. */
  public @Nullable String getPassword() {
    return password;
  }

  /**
   * Sets who signs in, at start and whenever the token ended ({@code SHIELD_USERNAME}, {@code
   * SHIELD_PASSWORD}).
   */
  public ServerBackendOptions setCredentials(String user, String secret) {
    username = checkLine("username", Objects.requireNonNull(user, "user"));
    password = Objects.requireNonNull(secret, "secret");
    return this;
  }

  /** The certificates to trust, or null for those of the platform. */
  public @Nullable String getCaFile() {
    return caFile;
  }

  /** Sets a PEM file of the certificates to trust ({@code SHIELD_SERVER_CA_FILE}). */
  public ServerBackendOptions setCaFile(@Nullable String value) {
    caFile = value;
    return this;
  }

  private static String checkLine(String field, String value) {
    if (value.isBlank() || value.length() > 200 || value.chars().anyMatch(c -> c < ' ')) {
      throw new InvalidValueException(field, value, "one line of 1 to 200 characters");
    }
    return value;
  }
}
