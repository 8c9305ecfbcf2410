package io.shield;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.audit.FieldChange;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is configured, or a part of it, as one JSON document: routes, maintenance, rate limits
 * and webhooks. A document is brought into force by one change, all of it or nothing. It names the
 * environment variable of a webhook's secret, and never a secret.
 *
 * <p>An entry of a document says all about what it names: a field that is left out has its default.
 * What a document does not name stays as it is, unless it is pruned. Fields are those of the REST
 * API.
 */
public interface DeclaredState {
  /** The names of the parts a document may have. */
  List<String> SECTIONS = List.of("routes", "maintenance", "rate_limits", "webhooks");

  /** What is in force on this node, as a document. */
  ObjectNode export(Scope scope);

  /**
   * What {@link #apply} would change of what this node knows. Nothing is written.
   *
   * @throws io.shield.error.ShieldException as the future of {@link #apply} would fail
   */
  Difference preview(JsonNode document, Options options);

  /**
   * Brings a document into force.
   *
   * @return what was changed; fails with {@link InvalidValueException} if the document cannot be
   *     read, {@link io.shield.error.ChangeConflictException} if it changes a route that is
   *     force-active or an entry of another owner, {@link io.shield.error.VersionMismatchException}
   *     if the store is elsewhere than the options say, and as every change does. Nothing was
   *     changed then.
   */
  Future<Difference> apply(JsonNode document, Options options, Actor actor);

  /**
   * Which part is exported.
   *
   * @param service only what belongs to a service, or null
   * @param owner only what the document of an owner declared, or null
   * @param sections only these of {@link #SECTIONS}; empty for all
   */
  record Scope(@Nullable String service, @Nullable String owner, Set<String> sections) {
    /** Everything. */
    public static final Scope ALL = new Scope(null, null, Set.of());

    public Scope {
      for (String section : sections) {
        if (!SECTIONS.contains(section)) {
          throw new InvalidValueException(
              "section", section, "one of " + String.join(", ", SECTIONS));
        }
      }
      sections = Set.copyOf(sections);
    }
  }

  /**
   * How a document is brought into force.
   *
   * @param prune whether to take away what people changed and the document, of the same owner, does
   *     not name in the parts it has: a route is active again, a maintenance ends, a rate limit
   *     goes
   * @param reason why, for the audit log; may be empty, at most {@link
   *     RouteState#MAX_REASON_LENGTH} characters
   * @param ifRevision the revision that the store must be at, or null for any
   */
  record Options(boolean prune, String reason, @Nullable Long ifRevision) {
    /** Takes nothing away. */
    public static final Options DEFAULT = new Options(false, "", null);

    public Options {
      if (reason.length() > RouteState.MAX_REASON_LENGTH) {
        throw new InvalidValueException(
            "reason", reason, "at most " + RouteState.MAX_REASON_LENGTH + " characters");
      }
    }
  }

  /**
   * What differs between a document and what is in force.
   *
   * @param entries what has to change, in the order of the document
   * @param warnings what is most likely not meant
   */
  record Difference(List<Entry> entries, List<String> warnings) {
    public Difference {
      entries = List.copyOf(entries);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * One entry that differs.
   *
   * @param name its place in the document: {@code routes/GET:/payments}
   * @param action {@code create}, {@code update}, {@code remove}, or {@code claim} where only the
   *     owner is new
   * @param changes the fields that differ
   */
  record Entry(String name, String action, List<FieldChange> changes) {
    public Entry {
      changes = List.copyOf(changes);
    }
  }
}
