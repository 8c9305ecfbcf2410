package io.shield.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldOptions;
import io.shield.decision.Site;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options come first, then the environment, then a {@code .shield} file, then defaults. */
class ConfigurationTest {
  @TempDir Path directory;

  private void file(String content) throws IOException {
    Files.writeString(directory.resolve(".shield"), content);
  }

  private Configuration of(ShieldOptions options, Map<String, String> environment) {
    return Configuration.of(options, environment, directory);
  }

  private Configuration of(Map<String, String> environment) {
    return of(new ShieldOptions(), environment);
  }

  @Test
  void defaults() {
    Configuration configuration = of(Map.of());
    assertThat(configuration.name()).isEqualTo("shield");
    assertThat(configuration.site()).isEqualTo(new Site("dev", null));
    assertThat(configuration.service()).isNull();
    assertThat(configuration.coldStart()).isEqualTo(ShieldOptions.ColdStart.OPEN);
    assertThat(configuration.bypassLifecycle()).isFalse();
    assertThat(configuration.bypassRateLimits()).isFalse();
    assertThat(configuration.setting("SHIELD_FILE_PATH")).isNull();
  }

  @Test
  void theFileComesBeforeDefaults() throws IOException {
    file("SHIELD_ENV=staging\nSHIELD_APP_ID=billing\nSHIELD_COLD_START=closed\n");
    Configuration configuration = of(Map.of());
    assertThat(configuration.site()).isEqualTo(new Site("staging", "billing"));
    assertThat(configuration.coldStart()).isEqualTo(ShieldOptions.ColdStart.CLOSED);
  }

  @Test
  void whatWaygateCallsThemStandsIn() throws IOException {
    Files.writeString(directory.resolve(".waygate"), "WAYGATE_APP_ID=billing\nWAYGATE_ENV=test\n");
    Configuration configuration = of(Map.of("WAYGATE_ENV", "staging"));
    assertThat(configuration.site()).isEqualTo(new Site("staging", "billing"));
    assertThat(of(Map.of("WAYGATE_STRICT", "yes")).strict()).isTrue();

    file("SHIELD_APP_ID=orders\n");
    Configuration both = of(Map.of("WAYGATE_ENV", "staging", "SHIELD_ENV", "production"));
    assertThat(both.site()).isEqualTo(new Site("production", "orders"));
  }

  @Test
  void theEnvironmentComesBeforeTheFile() throws IOException {
    file("SHIELD_ENV=staging\nSHIELD_APP_ID=billing\nSHIELD_COLD_START=closed\n");
    Configuration configuration =
        of(
            Map.of(
                "SHIELD_ENV", "production",
                "SHIELD_APP_ID", "orders",
                "SHIELD_COLD_START", "wait"));
    assertThat(configuration.site()).isEqualTo(new Site("production", "orders"));
    assertThat(configuration.coldStart()).isEqualTo(ShieldOptions.ColdStart.WAIT);
  }

  @Test
  void optionsComeBeforeTheEnvironment() {
    Map<String, String> environment =
        Map.of(
            "SHIELD_ENV", "production",
            "SHIELD_APP_ID", "orders",
            "SHIELD_COLD_START", "wait",
            "SHIELD_BYPASS_LIFECYCLE", "true",
            "SHIELD_BYPASS_RATE_LIMITS", "true");
    ShieldOptions options =
        new ShieldOptions()
            .setName("mine")
            .setEnvironment("test")
            .setService("catalogue")
            .setColdStart(ShieldOptions.ColdStart.CLOSED)
            .setBypassLifecycle(false)
            .setBypassRateLimits(false)
            .setClock(MutableClock.create());
    Configuration configuration = of(options, environment);
    assertThat(configuration.name()).isEqualTo("mine");
    assertThat(configuration.site()).isEqualTo(new Site("test", "catalogue"));
    assertThat(configuration.coldStart()).isEqualTo(ShieldOptions.ColdStart.CLOSED);
    assertThat(configuration.bypassLifecycle()).isFalse();
    assertThat(configuration.bypassRateLimits()).isFalse();
    assertThat(configuration.clock().instant()).isEqualTo(MutableClock.START);
  }

  @Test
  void settingsInCodeComeBeforeTheEnvironment() throws IOException {
    file("SHIELD_FILE_PATH=file\nSHIELD_ONLY=file\n");
    Map<String, String> environment = Map.of("SHIELD_FILE_PATH", "environment");
    assertThat(of(environment).setting("SHIELD_FILE_PATH")).isEqualTo("environment");
    assertThat(of(environment).setting("SHIELD_ONLY")).isEqualTo("file");
    ShieldOptions options = new ShieldOptions().putSetting("SHIELD_FILE_PATH", "code");
    assertThat(of(options, environment).setting("SHIELD_FILE_PATH")).isEqualTo("code");
  }

  @Test
  void whatIsEmptyIsNotSet() throws IOException {
    file("SHIELD_ENV=staging\nSHIELD_APP_ID=\n");
    ShieldOptions options = new ShieldOptions().putSetting("SHIELD_ENV", "");
    Configuration configuration = of(options, Map.of("SHIELD_ENV", "production"));
    assertThat(configuration.site()).isEqualTo(new Site("production", null));
    assertThat(of(Map.of("SHIELD_ENV", "")).site().environment()).isEqualTo("staging");
  }

  @Test
  void theDefaultEnvironmentComesLast() throws IOException {
    ShieldOptions options = new ShieldOptions().setDefaultEnvironment("production");
    assertThat(of(options, Map.of()).site().environment()).isEqualTo("production");
    file("SHIELD_ENV=staging\n");
    assertThat(of(options, Map.of()).site().environment()).isEqualTo("staging");
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "TRUE", "1", "yes", "on"})
  void yes(String value) {
    assertThat(of(Map.of("SHIELD_BYPASS_LIFECYCLE", value)).bypassLifecycle()).isTrue();
    assertThat(of(Map.of("SHIELD_BYPASS_RATE_LIMITS", value)).bypassRateLimits()).isTrue();
    assertThat(of(Map.of("SHIELD_STRICT", value)).strict()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "False", "0", "no", "off", ""})
  void no(String value) {
    assertThat(of(Map.of("SHIELD_BYPASS_LIFECYCLE", value)).bypassLifecycle()).isFalse();
    assertThat(of(Map.of("SHIELD_BYPASS_RATE_LIMITS", value)).bypassRateLimits()).isFalse();
    assertThat(of(Map.of("SHIELD_STRICT", value)).strict()).isFalse();
  }

  @Test
  void badValuesNameTheVariableTheValueAndWhatIsAllowed() {
    assertThatThrownBy(() -> of(Map.of("SHIELD_BYPASS_LIFECYCLE", "ja")).bypassLifecycle())
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("SHIELD_BYPASS_LIFECYCLE", "'ja'", "true or false");
    assertThatThrownBy(() -> of(Map.of("SHIELD_COLD_START", "lukewarm")).coldStart())
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("SHIELD_COLD_START", "'lukewarm'", "open, closed, wait");
    assertThatThrownBy(() -> of(Map.of("SHIELD_APP_ID", "a/b")).service())
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("SHIELD_APP_ID", "'a/b'", "without '/'");
    assertThatThrownBy(() -> of(Map.of("SHIELD_ENV", "e".repeat(101))).site())
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("SHIELD_ENV", "1 to 100 characters");
  }

  @Test
  void valuesAreReadWithoutRegardToTheLocale() {
    java.util.Locale before = java.util.Locale.getDefault();
    java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr"));
    try {
      assertThat(of(Map.of("SHIELD_COLD_START", "WAIT")).coldStart())
          .isEqualTo(ShieldOptions.ColdStart.WAIT);
    } finally {
      java.util.Locale.setDefault(before);
    }
  }

  @Test
  void whatNobodyReadsIsToldWithWhatIsNear() throws IOException {
    file("SHIELD_BAKEND=file\nOTHER=1\nSHIELD_ENV=dev\n");
    Map<String, String> environment =
        Map.of(
            "SHIELD_REDIS_URI", "redis://h",
            "SHIELD_SOMETHING_ELSE_ALTOGETHER", "1",
            "SHIELD_RATE_LIMIT_REDIS_URL", "redis://h",
            "SHIELD_JAVA_OPTS", "-Xmx1g",
            "shield", "x");
    assertThat(of(environment).unread())
        .isEqualTo(
            "nobody reads SHIELD_BAKEND (did you mean SHIELD_BACKEND?),"
                + " SHIELD_REDIS_URI (did you mean SHIELD_REDIS_URL?),"
                + " SHIELD_SOMETHING_ELSE_ALTOGETHER");
  }

  @Test
  void whatABackendOfOnesOwnReadsIsNoSlip() {
    Configuration configuration = of(Map.of("SHIELD_PEBBLES", "many"));
    assertThat(configuration.unread()).isEqualTo("nobody reads SHIELD_PEBBLES");
    assertThat(configuration.setting("SHIELD_PEBBLES")).isEqualTo("many");
    assertThat(configuration.unread()).isNull();
  }

  @Test
  void everySettingIsKnown() throws IOException {
    Path root = Path.of("..").toRealPath();
    Pattern name = Pattern.compile("\"(SHIELD_[A-Z_]*[A-Z])\"");
    Set<String> unknown = new TreeSet<>();
    try (Stream<Path> files = Files.find(root, 30, (path, is) -> isMain(root, path))) {
      for (Path file : files.toList()) {
        name.matcher(Files.readString(file))
            .results()
            .map(found -> found.group(1))
            .filter(found -> !SettingNames.isKnown(found))
            .forEach(unknown::add);
      }
    }
    assertThat(unknown).as("names that SettingNames lacks").isEmpty();
  }

  private static boolean isMain(Path root, Path path) {
    return root.relativize(path).toString().matches("shield-[^/]+/src/main/.*\\.java");
  }
}
