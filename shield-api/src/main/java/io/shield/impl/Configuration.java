package io.shield.impl;

import io.shield.ShieldOptions;
import io.shield.decision.Site;
import io.shield.decision.TrustedProxies;
import io.shield.error.InvalidValueException;
import io.shield.internal.DotShield;
import io.shield.internal.value.Flags;
import io.shield.model.RouteKey;
import io.shield.spi.BackendSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an engine was told: options first, then the environment, then a {@code .shield} file. */
final class Configuration implements BackendSettings {
  private final ShieldOptions options;
  private final Map<String, String> environment;
  private final Map<String, String> dotShield;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  private Configuration(
      ShieldOptions options, Map<String, String> environment, Map<String, String> dotShield) {
    this.options = options;
    this.environment = environment;
    this.dotShield = dotShield;
  }

  /**
   * Gathers the settings.
   *
   * @throws io.shield.error.ShieldException if the {@code .shield} file cannot be read
   */
  static Configuration of(ShieldOptions options, Map<String, String> environment, Path directory) {
    return new Configuration(options, environment, DotShield.find(directory));
  }

  /** What stands in until bad configuration has been reported: the options' name and clock. */
  static Configuration bare(ShieldOptions options) {
    ShieldOptions harmless = new ShieldOptions().setClock(options.getClock());
    if (options.getName() != null) {
      harmless.setName(options.getName());
    }
    return ofAlone(harmless);
  }

  /** What the options say, whatever the environment does. */
  static Configuration ofAlone(ShieldOptions options) {
    return new Configuration(options, Map.of(), Map.of());
  }

  ShieldOptions options() {
    return options;
  }

  /**
   * What is empty counts as not set. What waygate calls the variable in the environment is a
   * fallback.
   */
  @Override
  public @Nullable String setting(String variable) {
    asked.add(variable);
    String other = DotShield.otherName(variable);
    return Stream.of(
            options.getSettings().get(variable),
            environment.get(variable),
            other == null ? null : environment.get(other),
            dotShield.get(variable))
        .filter(value -> value != null && !value.isEmpty())
        .findFirst()
        .orElse(null);
  }

  /**
   * What is set in the environment or the {@code .shield} file, is named like a setting and was
   * never read, in one line with the settings that may be meant; null if there is nothing.
   */
  @Nullable String unread() {
    Set<String> unread = new TreeSet<>(environment.keySet());
    unread.addAll(dotShield.keySet());
    unread.removeIf(name -> asked.contains(name) || SettingNames.isKnown(name));
    return unread.isEmpty() ? null : SettingNames.complaint(unread);
  }

  @Override
  public String name() {
    String given = options.getName();
    return given == null ? ShieldOptions.DEFAULT_NAME : given;
  }

  @Override
  public @Nullable String service() {
    String given = options.getService();
    return given == null ? named("SHIELD_APP_ID", RouteKey::checkService) : given;
  }

  /** A setting that must pass a check; the message names the variable, not what it is used for. */
  private @Nullable String named(String variable, UnaryOperator<String> check) {
    String found = setting(variable);
    try {
      return found == null ? null : check.apply(found);
    } catch (InvalidValueException e) {
      throw new InvalidValueException(variable, found, e.allowed());
    }
  }

  @Override
  public InstantSource clock() {
    return options.getClock();
  }

  Site site() {
    String given = options.getEnvironment();
    String found =
        given == null ? named("SHIELD_ENV", env -> new Site(env, null).environment()) : given;
    return new Site(found == null ? options.getDefaultEnvironment() : found, service());
  }

  TrustedProxies trustedProxies() {
    return TrustedProxies.parse(
        setting("SHIELD_TRUSTED_PROXIES"), setting("SHIELD_FORWARDED_HEADER"));
  }

  ShieldOptions.ColdStart coldStart() {
    ShieldOptions.ColdStart given = options.getColdStart();
    if (given != null) {
      return given;
    }
    String found = setting("SHIELD_COLD_START");
    return found == null ? ShieldOptions.ColdStart.OPEN : ShieldOptions.ColdStart.parse(found);
  }

  boolean bypassLifecycle() {
    Boolean given = options.getBypassLifecycle();
    return given == null ? flag("SHIELD_BYPASS_LIFECYCLE") : given;
  }

  boolean bypassRateLimits() {
    Boolean given = options.getBypassRateLimits();
    return given == null ? flag("SHIELD_BYPASS_RATE_LIMITS") : given;
  }

  boolean strict() {
    Boolean given = options.getStrict();
    return given == null ? flag("SHIELD_STRICT") : given;
  }

  /** Whether this process tells others of changes; one that only looks in should not. */
  boolean sendsWebhooks() {
    return setting("SHIELD_WEBHOOKS") == null || flag("SHIELD_WEBHOOKS");
  }

  private boolean flag(String variable) {
    String found = setting(variable);
    return found != null && Flags.parse(variable, found);
  }
}
