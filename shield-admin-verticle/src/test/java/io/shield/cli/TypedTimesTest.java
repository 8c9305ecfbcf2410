package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.model.RouteState;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every option that takes a time, with what may be typed for one. */
class TypedTimesTest {
  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private Shell shell;
  private String store;

  @BeforeEach
  void start() {
    Path file = directory.resolve("state.json");
    ShieldEngine server =
        ShieldEngine.create(
            vertx,
            new ShieldOptions()
                .setName("times-" + UUID.randomUUID())
                .setBackend("file")
                .putSetting("SHIELD_FILE_PATH", file.toString()));
    server.start().await();
    server.register(List.of(RouteState.active("GET:/a"))).await();
    server.close().await();
    shell = new Shell(directory);
    store = " -o json --backend file --file " + file;
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  /** What was said, but for what a slow store is waited for. */
  private String said() {
    return shell
        .err()
        .lines()
        .filter(line -> !line.startsWith("shield: waiting for"))
        .collect(Collectors.joining("\n"));
  }

  private static Instant of(JsonObject state, String field) {
    JsonObject window = state.getJsonObject("window");
    boolean ofWindow = field.equals("start") || field.equals("end");
    String text = ofWindow ? window.getString(field) : state.getString(field);
    return field.equals("sunset_date")
        ? Instant.from(java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.parse(text))
        : Instant.parse(text);
  }

  @ParameterizedTest
  @CsvSource({
    "disable GET:/a --until, until",
    "maintenance GET:/a --until, until",
    "env set GET:/a dev --until, until",
    "deprecate GET:/a --sunset, sunset_date",
    "maintenance GET:/a --end 2099-01-01T00:00:00Z --start, start",
    "schedule GET:/a --end 2099-01-01T00:00:00Z --start, start",
    "maintenance GET:/a --start 1s --end, end",
    "schedule GET:/a --start 1s --end, end"
  })
  void whatIsAhead(String command, String field) {
    Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    assertThat(shell.sh(command + " 36h" + store)).as(shell.err()).isZero();
    assertThat(of(shell.json(), field))
        .isBetween(before.plus(Duration.ofHours(36)), Instant.now().plus(Duration.ofHours(36)));
    assertThat(said()).isEmpty();
    String[][] typed = {
      {"2098-07-01", "2098-07-01T00:00:00Z", "taken as UTC"},
      {"2098-07-01T02:00", "2098-07-01T02:00:00Z", "taken as UTC"},
      {"2098-07-01T02:00+02:00", "2098-07-01T00:00:00Z", ""},
      {"2098-07-01T02:00:00Z", "2098-07-01T02:00:00Z", ""},
      {"2098-07-01T02:00 --tz Europe/Berlin", "2098-07-01T00:00:00Z", ""}
    };
    for (String[] one : typed) {
      assertThat(shell.sh("enable GET:/a" + store)).as(shell.err()).isZero();
      assertThat(shell.sh(command + " " + one[0] + store)).as(shell.err()).isZero();
      assertThat(of(shell.json(), field)).as(one[0]).isEqualTo(one[1]);
      assertThat(said()).as(one[0]).contains(one[2]);
      assertThat(said().isEmpty()).as(one[0]).isEqualTo(one[2].isEmpty());
    }
    assertThat(shell.sh(command + " soon" + store)).isEqualTo(2);
    assertThat(shell.err()).contains("'soon' is not allowed, must be a duration such as 30m");
    assertThat(shell.sh(command + " 2098-03-30T02:30 --tz Europe/Berlin" + store)).isEqualTo(2);
    assertThat(shell.err()).contains("does not exist", "02:30:00+01:00 or", "02:30:00+02:00");
  }

  @ParameterizedTest
  @CsvSource({"maintenance", "schedule"})
  void aLength(String command) {
    assertThat(shell.sh(command + " GET:/a --start +2h --for 30m" + store))
        .as(shell.err())
        .isZero();
    JsonObject state = shell.json();
    assertThat(Duration.between(of(state, "start"), of(state, "end")))
        .isEqualTo(Duration.ofMinutes(30));
    assertThat(shell.sh(command + " GET:/a --start 2h --end 3h --for 1h" + store)).isEqualTo(2);
    assertThat(shell.err()).contains("--end does not go with --for");
    assertThat(shell.sh(command + " GET:/a --start 2h" + store)).isEqualTo(2);
    assertThat(shell.err()).contains("--end or --for is missing");
    assertThat(shell.sh(command + " GET:/a --for 2h" + store)).isEqualTo(2);
    assertThat(shell.err()).contains("--start is missing");
  }

  @Test
  void whatWas() {
    shell.sh("disable GET:/a --reason x" + store);
    String[] includes = {"1h", "1d", "2020-01-01", "2020-01-01T00:00", "2020-01-01T00:00:00Z"};
    for (String since : includes) {
      assertThat(shell.sh("log --since " + since + store)).as(shell.err()).isZero();
      assertThat(shell.jsonList()).as(since).isNotEmpty();
    }
    assertThat(shell.sh("log --since 2099-01-01T00:00:00Z" + store)).isZero();
    assertThat(shell.jsonList()).isEmpty();
    assertThat(shell.sh("log --since +1h" + store)).isEqualTo(2);
    assertThat(shell.err()).contains("looks back");
  }
}
