package io.shield.admin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.RunningAdmin;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** The dashboard as people see it, in a real browser. */
class DashboardBrowserTest {
  private static final Path SHOTS = Path.of("target", "screenshots");

  private static RunningAdmin admin;
  private static Browser browser;

  @BeforeAll
  static void start() {
    Browser.require();
    admin = new RunningAdmin(RunningAdmin.accounts());
    admin.register("GET:/payments", "POST:/payments", "GET:/orders/:id", "GET:/search");
    browser = new Browser();
    browser.dark(false);
    browser.signIn(admin.url("/dashboard"), "operator", RunningAdmin.PASSWORD);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      admin.close();
    }
  }

  private static RouteState state(String key) {
    return admin.engine.routes().get(key).state();
  }

  @Test
  void closesARouteForHalfAnHourAndSeesItAtOnce() {
    browser.open(admin.url("/dashboard/routes"));
    browser.awaitLive();
    browser.row("GET:/payments").findElement(By.cssSelector("button[name=act]")).click();
    browser.click("#dialog input[value=for]");
    browser.type("#d-reason", "DB swap");
    browser.screenshot(SHOTS.resolve("dialog.png"));
    browser.click("#dialog-submit");
    browser.awaitTrue(
        "row",
        () ->
            !browser.row("GET:/payments").findElements(By.cssSelector(".s-maintenance")).isEmpty());
    browser.screenshot(SHOTS.resolve("routes.png"));
    assertThat(state("GET:/payments").status()).isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(state("GET:/payments").until())
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(29)), Instant.now().plus(Duration.ofMinutes(31)));
    assertThat(browser.axe()).isEmpty();
    assertThat(browser.complaints()).isEqualTo(List.of());
  }
}
