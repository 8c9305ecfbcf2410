package io.shield.admin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium with a profile of its own. */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String AXE = "META-INF/resources/webjars/axe-core/%s/axe.min.js";

  final ChromeDriver driver;
  private final Path profile;

  Browser() {
    try {
      profile = Files.createTempDirectory("shield-browser");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--lang=en-GB",
        "--window-size=1280,900",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    driver = new ChromeDriver(service, options);
  }

  /** Skips the test where there is no browser; where changes are accepted, one must be there. */
  static void require() {
    boolean there = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("no browser: " + CHROMIUM + " and " + DRIVER + " are needed");
    }
    Assumptions.assumeTrue(
        there, "no browser was found: install chromium and chromium-driver to run this test");
  }

  Browser open(String url) {
    driver.get(url);
    return this;
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** The shown text of an element, once it is there. */
  String text(String css) {
    return find(css).getText();
  }

  /** The row of a route. */
  WebElement row(String key) {
    String id =
        String.valueOf(
            script(
                "return document.querySelector('input[name=key][value=' + CSS.escape(arguments[0]) + ']').closest('tr').id",
                key));
    return driver.findElement(By.id(id));
  }

  /** Clicks an element once it can be; one that is replaced meanwhile is looked for again. */
  void click(String css) {
    awaitTrue(
        "click " + css,
        () -> {
          WebElement element = find(css);
          if (!element.isDisplayed() || !element.isEnabled()) {
            return false;
          }
          element.click();
          return true;
        });
  }

  void type(String css, String text) {
    awaitTrue(css, () -> find(css).isDisplayed());
    find(css).clear();
    find(css).sendKeys(text);
  }

  void keys(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  void control(String key) {
    new Actions(driver).keyDown(Keys.CONTROL).sendKeys(key).keyUp(Keys.CONTROL).perform();
  }

  Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
  }

  void dark(boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** Waits until a condition holds; an element that was just replaced is looked for again. */
  void awaitTrue(String what, java.util.concurrent.Callable<Boolean> condition) {
    await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .ignoreExceptions()
        .until(condition);
  }

  void awaitText(String css, String text) {
    awaitTrue(css + " has " + text, () -> text(css).contains(text));
  }

  void awaitLive() {
    awaitTrue("live", () -> "live".equals(find("#pill").getDomAttribute("data-state")));
  }

  void signIn(String url, String user, String password) {
    open(url);
    type("#username", user);
    type("#password", password);
    click("button[type=submit]");
    awaitTrue("signed in", () -> !all("#main").isEmpty());
  }

  /** What axe-core finds wrong with the page. */
  @SuppressWarnings("unchecked")
  List<String> axe() {
    script(AxeCore.SOURCE);
    Object found =
        driver.executeAsyncScript(
            "const done = arguments[0];"
                + "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations.map("
                + "v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html.slice(0, 200) + ' ' + (n.any[0] || n.all[0] || {message: ''}).message).slice(0, 3).join(' | '))),"
                + "e => done(['axe failed: ' + e]));");
    return (List<String>) found;
  }

  /** What the browser complained about: refused scripts and styles, exceptions, missing files. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !message.contains("the server responded with a status of 4"))
        .toList();
  }

  void screenshot(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      driver.quit();
    } catch (WebDriverException e) {
      assertThat(e).as("the browser did not end").isNull();
    }
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      // What the browser still writes while it ends stays in the temporary directory.
    }
  }

  /** The checker for accessibility, from its WebJar. */
  private static final class AxeCore {
    static final String SOURCE = read();

    private static String read() {
      ClassLoader loader = Browser.class.getClassLoader();
      try (InputStream pom =
          loader.getResourceAsStream("META-INF/maven/org.webjars.npm/axe-core/pom.properties")) {
        java.util.Properties properties = new java.util.Properties();
        properties.load(pom);
        String name = AXE.formatted(properties.getProperty("version"));
        try (InputStream in = loader.getResourceAsStream(name)) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
