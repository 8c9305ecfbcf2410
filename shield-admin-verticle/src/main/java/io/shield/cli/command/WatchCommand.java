package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.control.ApiClient;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.Surroundings;
import io.shield.cli.terminal.View;
import io.shield.json.ShieldJson;
import io.shield.model.RouteKey;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code watch}: changes as they come, until it is stopped or the time it was given is over. */
@Command
public final class WatchCommand implements Callable<Integer> {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** The server says something at least every 15 seconds. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(40);

  @Mixin private final CommonOptions common;
  @Mixin private final ServiceOption service;

  @Parameters(
      arity = "0..1",
      paramLabel = "ROUTE",
      completionCandidates = LiveValues.Routes.class,
      description = "Only of this route.")
  private @Nullable String route;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many changes (default: never).")
  private @Nullable Integer count;

  private long left = Long.MAX_VALUE;
  private @Nullable Long deadline;
  private @Nullable String lastId;
  private String lastTime = Instant.now().toString();
  private Duration pause = FIRST_PAUSE;

  public WatchCommand(Surroundings here) {
    common = new CommonOptions(here);
    service = new ServiceOption(here);
  }

  @Override
  public Integer call() {
    if (count != null && count < 1) {
      throw CommandFailure.usage("--count: " + count + " is not allowed, must be at least 1", "");
    }
    left = count == null ? Long.MAX_VALUE : count;
    RouteKey wanted = route == null ? null : RouteKey.parse(service.key(route));
    Output output = common.output();
    deadline = common.deadline();
    follow(common.client(), output, wanted);
    while (left > 0 && !isOver()) {
      if (pause.equals(FIRST_PAUSE)) {
        output.remark("the connection ended, trying again");
      }
      LockSupport.parkNanos(Math.min(pause.toNanos(), untilDeadline()));
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
      try {
        follow(common.client(), output, wanted);
      } catch (CommandFailure e) {
        if (e.exitCode() != ExitCodes.UNREACHABLE) {
          throw e;
        }
      }
    }
    if (count != null && left > 0) {
      throw CommandFailure.failed(
          "the time is over and only " + (count - left) + " of " + count + " changes came",
          "allow more with --timeout");
    }
    return ExitCodes.OK;
  }

  private boolean isOver() {
    return untilDeadline() <= 0;
  }

  private long untilDeadline() {
    return deadline == null ? Long.MAX_VALUE : deadline - System.nanoTime();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** One connection, until it ends. */
  private void follow(ApiClient api, Output output, @Nullable RouteKey wanted) {
    try (Stream<String> lines = api.events("/api/events", lastId);
        Silence silence = new Silence(LONGEST_SILENCE, untilDeadline(), lines::close)) {
      Iterator<String> line = lines.iterator();
      while (left > 0 && line.hasNext()) {
        silence.broken();
        read(line.next(), output, wanted);
      }
    } catch (UncheckedIOException e) {
      // The connection broke, which is told as its end is.
    }
  }

  private void read(String line, Output output, @Nullable RouteKey wanted) {
    if (line.startsWith("id:")) {
      lastId = line.substring("id:".length()).strip();
    } else if (line.startsWith("data:")) {
      JsonNode event = ShieldJson.parse("event", line.substring("data:".length()));
      show(event, output, wanted);
    }
  }

  private void show(JsonNode event, Output output, @Nullable RouteKey wanted) {
    if (event.path("type").asText().equals("hello")) {
      boolean again = !pause.equals(FIRST_PAUSE);
      pause = FIRST_PAUSE;
      if (!again) {
        output.remark("watching " + (wanted == null ? "all routes" : wanted));
      } else if (!event.path("resumed").asBoolean()) {
        output.remark(
            "connected again; what was missed shows 'shield log --since " + lastTime + "'");
      }
      return;
    }
    boolean isMeant =
        wanted == null
            ? EventView.concernsService(event, service.get())
            : EventView.concernsRoute(event, wanted);
    String time = View.text(event.path("audit"), "timestamp");
    lastTime = time.isEmpty() ? lastTime : time;
    if (isMeant) {
      left = output.event(event, EventView.EVENT) ? left - 1 : 0;
    }
  }
}
