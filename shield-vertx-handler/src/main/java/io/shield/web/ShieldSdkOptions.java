package io.shield.web;

import io.shield.ShieldOptions;
import io.shield.model.RouteKey;
import java.util.List;
import java.util.Objects;

/**
 * Which server controls a service, and how it signs in. What is not set is taken from the
 * environment or a {@code .shield} file, so that nothing but configuration has to change. Not
 * thread-safe.
 */
public class ShieldSdkOptions {
  private ShieldOptions engineOptions = new ShieldOptions();
  private ShieldHandlerOptions handlerOptions = new ShieldHandlerOptions();

  /** The defaults. */
  public ShieldSdkOptions() {}

  /** A copy. */
  public ShieldSdkOptions(ShieldSdkOptions other) {
    engineOptions = new ShieldOptions(other.engineOptions);
    handlerOptions = new ShieldHandlerOptions(other.handlerOptions);
  }

  /** The options of the engine; its backend is the server in any case. */
  public ShieldOptions getEngineOptions() {
    return engineOptions;
  }

  /** Sets the options of the engine; what was set here before is forgotten. */
  public ShieldSdkOptions setEngineOptions(ShieldOptions value) {
    engineOptions = new ShieldOptions(Objects.requireNonNull(value, "engineOptions"));
    return this;
  }

  /** The options of the handler. */
  public ShieldHandlerOptions getHandlerOptions() {
    return handlerOptions;
  }

  /** Sets the options of the handler. */
  public ShieldSdkOptions setHandlerOptions(ShieldHandlerOptions value) {
    handlerOptions = new ShieldHandlerOptions(Objects.requireNonNull(value, "handlerOptions"));
    return this;
  }

  /** Sets the servers of one control plane ({@code SHIELD_SERVER_URL}); the next is tried. */
  public ShieldSdkOptions setUrls(List<String> value) {
    engineOptions.putSetting("SHIELD_SERVER_URL", String.join(",", value));
    return this;
  }

  /** Sets the name of this service on the server ({@code SHIELD_APP_ID}). */
  public ShieldSdkOptions setAppId(String value) {
    engineOptions.setService(RouteKey.checkService(value));
    return this;
  }

  /** Sets a token that was issued for this service ({@code SHIELD_TOKEN}). */
  public ShieldSdkOptions setToken(String value) {
    engineOptions.putSetting("SHIELD_TOKEN", Objects.requireNonNull(value, "token"));
    return this;
  }

  /**
   * Sets who signs in, at start and whenever the token ended ({@code SHIELD_USERNAME}); the
   * password is in {@code SHIELD_PASSWORD}.
   */
  public ShieldSdkOptions setUsername(String value) {
    engineOptions.putSetting("SHIELD_USERNAME", Objects.requireNonNull(value, "username"));
    return this;
  }

  /** Sets the password of who signs in ({@code SHIELD_PASSWORD}). */
  public ShieldSdkOptions setPassword(String value) {
    engineOptions.putSetting("SHIELD_PASSWORD", Objects.requireNonNull(value, "password"));
    return this;
  }
}
