package io.shield.backend.server.impl;

import io.shield.backend.server.ServerBackend;
import io.shield.backend.server.ServerBackendOptions;
import io.shield.error.InvalidValueException;
import io.shield.spi.BackendSettings;
import io.shield.spi.ShieldBackend;
import io.shield.spi.ShieldBackendFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the server backend from {@code SHIELD_SERVER_URL} and its like. */
public final class ServerBackendFactory implements ShieldBackendFactory {
  private static final String USERNAME = "SHIELD_USERNAME";
  private static final String PASSWORD = "SHIELD_PASSWORD";

  @Override
  public String name() {
    return "server";
  }

  @Override
  public ShieldBackend create(BackendSettings settings) {
    ServerBackendOptions options = new ServerBackendOptions();
    String urls = settings.setting("SHIELD_SERVER_URL");
    if (urls != null) {
      named("SHIELD_SERVER_URL", urls, () -> options.setUrls(List.of(urls.split(","))));
    }
    options.setService(settings.service());
    options.setInstance(settings.setting("SHIELD_INSTANCE"));
    named(
        "SHIELD_TOKEN", "what it holds", () -> options.setToken(settings.setting("SHIELD_TOKEN")));
    options.setCaFile(settings.setting("SHIELD_SERVER_CA_FILE"));
    String username = settings.setting(USERNAME);
    String password = settings.setting(PASSWORD);
    if (username != null && options.getToken() == null) {
      options.setCredentials(username, given(password));
    }
    return ServerBackend.create(options);
  }

  private static String given(@Nullable String password) {
    if (password == null) {
      throw new InvalidValueException(PASSWORD, "", "set, as " + USERNAME + " is");
    }
    return password;
  }

  /** The message names the variable. */
  private static void named(String variable, String shown, Runnable setter) {
    try {
      setter.run();
    } catch (InvalidValueException e) {
      throw new InvalidValueException(variable, shown, e.allowed());
    }
  }
}
