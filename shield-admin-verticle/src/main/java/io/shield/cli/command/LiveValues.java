package io.shield.cli.command;

import static io.shield.cli.terminal.View.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.complete.Candidate;
import io.shield.cli.complete.LiveCandidates;
import io.shield.cli.complete.TypedLine;
import io.shield.cli.config.ConfigFile;
import io.shield.cli.terminal.Surroundings;
import io.shield.model.RouteKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values that only the server or the store knows, for completion. */
final class LiveValues {
  private LiveValues() {}

  /** The service that the line or the environment names, or null. */
  private static @Nullable String service(Surroundings here, TypedLine line) {
    String given = line.given("--service");
    return given == null ? here.variable("SHIELD_SERVICE") : given;
  }

  /** Routes: by their keys, or where a path is typed by their paths. */
  static final class Routes extends LiveCandidates {
    @Override
    public List<Candidate> candidates(Surroundings here, TypedLine line) {
      String service = service(here, line);
      boolean byPath = line.value().startsWith("/");
      Map<String, Candidate> routes = new LinkedHashMap<>();
      for (JsonNode route : CommonOptions.typed(here, line).control(c -> c.routes(service))) {
        RouteKey key = RouteKey.parse(text(route, "path"));
        String name = byPath ? key.path() : typed(key, service);
        String status = key.method() == null ? "" : key.method() + " ";
        Candidate candidate =
            new Candidate(name, byPath ? status + text(route, "status") : description(route));
        routes.merge(name, candidate, Routes::both);
      }
      return List.copyOf(routes.values());
    }

    /** Who names a service need not repeat it. */
    private static String typed(RouteKey key, @Nullable String service) {
      boolean known = service != null && service.equals(key.service());
      return known ? new RouteKey(null, key.method(), key.path()).toString() : key.toString();
    }

    private static String description(JsonNode route) {
      String reason = text(route, "reason");
      return text(route, "status") + (reason.isEmpty() ? "" : ": " + reason);
    }

    private static Candidate both(Candidate one, Candidate other) {
      return new Candidate(one.value(), one.description() + ", " + other.description());
    }
  }

  /** Routes that have a rate limit. */
  static final class Limited extends LiveCandidates {
    @Override
    public List<Candidate> candidates(Surroundings here, TypedLine line) {
      List<Candidate> limited = new ArrayList<>();
      for (JsonNode policy : CommonOptions.typed(here, line).control(c -> c.rateLimits())) {
        String method = text(policy, "method");
        RouteKey path = RouteKey.parse(text(policy, "path"));
        RouteKey key =
            new RouteKey(path.service(), method.equals("ALL") ? null : method, path.path());
        limited.add(new Candidate(Routes.typed(key, service(here, line)), text(policy, "limit")));
      }
      return limited;
    }
  }

  /** Services that have routes. */
  static final class Services extends LiveCandidates {
    @Override
    public List<Candidate> candidates(Surroundings here, TypedLine line) {
      return CommonOptions.typed(here, line).control(control -> control.routes(null)).stream()
          .map(route -> RouteKey.parse(text(route, "path")).service())
          .filter(Objects::nonNull)
          .distinct()
          .map(service -> new Candidate(service, ""))
          .toList();
    }
  }

  /** What is exempt from the maintenance of the fleet. */
  static final class Exempt extends LiveCandidates {
    @Override
    public List<Candidate> candidates(Surroundings here, TypedLine line) {
      JsonNode mode = CommonOptions.typed(here, line).control(control -> control.maintenance(null));
      List<Candidate> exempt = new ArrayList<>();
      mode.path("exempt_paths").forEach(path -> exempt.add(new Candidate(path.asText(), "")));
      return exempt;
    }
  }

  /** The ids of tokens. */
  static final class Tokens extends LiveCandidates {
    @Override
    public List<Candidate> candidates(Surroundings here, TypedLine line) {
      JsonNode all = CommonOptions.typed(here, line).server(api -> api.get("/api/tokens").body());
      List<Candidate> tokens = new ArrayList<>();
      for (JsonNode token : all) {
        String what = text(token, "username") + " " + text(token, "description");
        tokens.add(new Candidate(text(token, "id"), what.strip()));
      }
      return tokens;
    }
  }

  /** The contexts of the configuration file. */
  static final class Contexts extends LiveCandidates {
    @Override
    public List<Candidate> candidates(Surroundings here, TypedLine line) {
      ConfigFile config = ConfigFile.read(here.home());
      List<Candidate> contexts = new ArrayList<>();
      for (String name : config.contexts()) {
        String url = config.url(name);
        contexts.add(new Candidate(name, url == null ? "" : url));
      }
      return contexts;
    }
  }
}
