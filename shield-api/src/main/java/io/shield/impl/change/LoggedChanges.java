package io.shield.impl.change;

import io.shield.ShieldChange;
import io.shield.impl.replica.Replica.Observer;
import io.shield.internal.log.LogLine;
import io.shield.internal.value.LogText;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of each change in force on this node in the log, logger {@value #NAME}, level info: a line
 * for each audit entry.
 */
public final class LoggedChanges implements Observer {
  /** The logger's name. */
  public static final String NAME = "io.shield.audit";

  /** So many lines tell of one commit at most; the audit log has the rest. */
  private static final int MAX_LINES = 100;

  /** So many routes are named that changed unseen. */
  private static final int MAX_ROUTES = 10;

  private final Logger logger;

  /** Tells the logger of that name. */
  public LoggedChanges() {
    this(LoggerFactory.getLogger(NAME));
  }

  LoggedChanges(Logger logger) {
    this.logger = logger;
  }

  @Override
  public void inForce(ShieldChange change, @Nullable Commit commit) {
    if (!logger.isInfoEnabled()) {
      return;
    }
    if (commit == null) {
      tellOfReload(change);
      return;
    }
    List<AuditEntry> entries = commit.change().audit();
    entries.stream().limit(MAX_LINES).forEach(entry -> tell(entry, commit.head()));
    if (entries.size() > MAX_LINES) {
      logger.info(
          "{} more are in the audit log, revision {}",
          entries.size() - MAX_LINES,
          commit.head().revision());
    }
  }

  private void tell(AuditEntry entry, Head head) {
    LogLine line =
        LogLine.info(logger)
            .with("route", entry.path())
            .with("action", entry.action())
            .with("actor", entry.actor())
            .with("platform", entry.platform());
    if (entry.onBehalfOf() != null) {
      line.with("on_behalf_of", entry.onBehalfOf());
    }
    line.with("revision", head.revision()).with("reason", entry.reason()).log("changed");
  }

  /** What others changed while this node did not hear them; the first load is no change. */
  private void tellOfReload(ShieldChange change) {
    if (change.routes().isEmpty() || change.before().head().equals(Head.NONE)) {
      return;
    }
    List<String> routes =
        new TreeSet<>(change.routes()).stream().limit(MAX_ROUTES).map(LogText::of).toList();
    int more = change.routes().size() - routes.size();
    LogLine.info(logger)
        .withAll("routes", String.join(", ", routes) + (more > 0 ? " and " + more + " more" : ""))
        .with("revision", change.after().head().revision())
        .log("changed by others");
  }
}
