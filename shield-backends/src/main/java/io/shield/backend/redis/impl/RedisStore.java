package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackendOptions;
import io.shield.error.ShieldException;
import io.shield.internal.StoreText;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.spi.AuditQuery;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.Descent;
import io.shield.spi.Lineage;
import io.shield.spi.Renewal;
import io.shield.spi.StoreDamagedException;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store: loads, commits, takes over what others wrote. Used on one event loop. It knows the
 * last head it saw, and neither gives a store that lost its head a new one nor writes to a store
 * that is older or another.
 */
final class RedisStore {
  private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);

  /** So often others may interfere with one call before it is given up. */
  private static final int MAX_TURNS = 20;

  private final Link link;
  private final String prefix;
  private final int auditLimit;

  /** Whether commits are published only when they are on the replicas. */
  private final boolean later;

  private final InstantSource clock;
  private final Runnable onStrange;
  private final Wording wording;
  private final Unreadable unreadable = new Unreadable();
  private Head known;

  private volatile @Nullable String refusal;

  /** Whether the last load showed that documents were lost, which counting need not show. */
  private boolean damaged;

  /**
   * @param known the head this node holds from before, or {@link Head#NONE}
   * @param onStrange called when the store is found not to be the one known
   */
  RedisStore(
      Link link,
      String prefix,
      RedisBackendOptions options,
      InstantSource clock,
      Head known,
      Runnable onStrange) {
    this.link = link;
    this.prefix = prefix;
    this.auditLimit = options.getAuditLimit();
    this.later = options.getMinReplicas() > 0;
    this.clock = clock;
    this.known = known;
    this.onStrange = onStrange;
    this.wording = new Wording(options.isEffectiveStatus(), clock);
  }

  /** What others wrote and cannot be read, for people; null if there is nothing. Thread-safe. */
  @Nullable String warning() {
    return unreadable.warning();
  }

  /** Why changes are refused although Redis answers; null if they are not. Thread-safe. */
  @Nullable String refusal() {
    return refusal;
  }

  private void written() {
    if (refusal != null) {
      LOG.info("Redis takes changes again");
    }
    refusal = null;
  }

  private void notWritten(Throwable failure) {
    if (Failures.isRefusal(failure)) {
      if (refusal == null) {
        LOG.error("Redis takes no changes: {}", failure.getMessage());
      }
      refusal = "it takes no changes: " + failure.getMessage();
    }
  }

  /** Writes something of no importance, to see whether that works again. */
  private Future<Void> tryWriting() {
    Request request = Request.cmd(Command.SET).arg(prefix + "meta:probe").arg("1").arg("PX").arg(1);
    return link.send(request)
        .onSuccess(v -> written())
        .onFailure(this::notWritten)
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  /** Takes note of a commit that was pushed or made. */
  void heard(Commit commit) {
    Head head = commit.head();
    unreadable.written(commit.change().keys());
    if (head.epoch().equals(known.epoch()) && head.revision() > known.revision()) {
      known = head;
    }
  }

  Future<Head> head() {
    Future<Void> before = refusal == null ? Future.succeededFuture() : tryWriting();
    return before
        .compose(v -> standing())
        .compose(
            found -> {
              boolean fresh = found.head().equals(Head.NONE) && known.equals(Head.NONE);
              return fresh || damaged || !found.whole()
                  ? load().map(Snapshot::head)
                  : Future.succeededFuture(found.head());
            });
  }

  Future<Lineage> lineage() {
    return standing().map(found -> new Lineage(found.head().epoch(), found.ancestors()));
  }

  /** Whether a head came from an earlier one, see the script. */
  Future<Descent> descent(Head earlier, Head later) {
    List<String> heads = new ArrayList<>(CommitArguments.head(earlier));
    heads.addAll(CommitArguments.head(later));
    return link.run(Script.DESCENT, heads).map(answer -> Descent.valueOf(answer.toString()));
  }

  /** What is only on a master may be gone with it. */
  private <T> Future<T> believed(Future<T> answer) {
    return answer.compose(found -> link.copied().map(found));
  }

  /** Where the store is; without documents. */
  private Future<Standing> standing() {
    return believed(link.run(Script.HEAD, List.of())).map(Standing::of);
  }

  /**
   * @param whole whether counting shows no loss
   */
  private record Standing(Head head, List<String> ancestors, boolean whole) {
    static Standing of(Response answer) {
      return switch (answer.get(0).toString()) {
        case "none" -> new Standing(Head.NONE, List.of(), true);
        case "type" -> throw Image.wrongType(answer);
        default ->
            new Standing(
                Image.head(answer, 1),
                Image.lines(answer.get(4).toString()),
                answer.get(5).toInteger() == 1);
      };
    }
  }

  /** Everything, after what others wrote was taken over. */
  Future<Snapshot> load() {
    return load(1);
  }

  private Future<Snapshot> load(int turn) {
    return look("all", List.of())
        .compose(
            image -> {
              boolean headless = image.head().equals(Head.NONE);
              if (headless && known.equals(Head.NONE) && turn < MAX_TURNS) {
                return begin().compose(v -> load(turn + 1));
              }
              if (headless || !believe(image)) {
                return Future.succeededFuture(image.snapshot());
              }
              damaged = image.damage() == Sums.Damage.DOCUMENTS;
              if (damaged) {
                return Future.failedFuture(
                    lost(image, "documents", "such as the revocations of tokens"));
              }
              return adopt(image, List.of(), turn)
                  .compose(again -> again ? load(turn + 1) : loaded(image));
            });
  }

  private Future<Snapshot> loaded(Image image) {
    damaged = image.damage() != Sums.Damage.NONE;
    return damaged
        ? Future.failedFuture(lost(image, "versions", "and what they were the versions of"))
        : Future.succeededFuture(image.snapshot());
  }

  private StoreDamagedException lost(Image image, String key, String what) {
    return new StoreDamagedException(
        "Redis lost what stood in "
            + prefix
            + "meta:"
            + key
            + ", "
            + what
            + ": a node that knows it can reseed the store",
        image.head());
  }

  private Future<Image> look(String what, Collection<String> documents) {
    List<String> arguments = new ArrayList<>(List.of(what));
    arguments.addAll(CommitArguments.head(known));
    arguments.addAll(documents);
    return believed(link.run(Script.LOAD, arguments))
        .map(answer -> Image.of(answer, what.equals("all") && documents.isEmpty()));
  }

  private Future<Void> begin() {
    return link.run(Script.BEGIN, List.of(randomId(), randomId()))
        .map(
            answer -> {
              if (answer.get(0).toString().equals("type")) {
                throw Image.wrongType(answer);
              }
              return null;
            });
  }

  private static String randomId() {
    return UUID.randomUUID().toString();
  }

  /** Whether the store can be what became of the known one; it is known from then on. */
  private boolean believe(Image image) {
    Head head = image.head();
    // What is known may have moved on since the question was sent.
    boolean sameEpoch = head.epoch().equals(known.epoch());
    boolean later = sameEpoch && image.cameFromKnown() && head.revision() >= known.revision();
    boolean descends =
        known.equals(Head.NONE)
            || later
            || (!sameEpoch && image.ancestors().contains(known.epoch()));
    if (descends) {
      known = head;
    }
    return descends;
  }

  /**
   * Takes over what others wrote; tells whether anything was.
   *
   * @param asked which documents were looked at, none for all
   */
  private Future<Boolean> adopt(Image image, Collection<String> asked, int turn) {
    Adoption adoption =
        Adoption.of(image.rows(), image.first(), clock.instant().truncatedTo(ChronoUnit.MICROS));
    unreadable.found(asked, adoption.unreadable());
    Change change = adoption.change();
    if (change == null || turn >= MAX_TURNS) {
      return Future.succeededFuture(false);
    }
    boolean mending = image.damage() == Sums.Damage.VERSIONS;
    return run(change, randomId(), adoption.seen(), List.of(), mending)
        .map(
            answer -> {
              // Should another node be faster, the next look shows it.
              if (answer.get(0).toString().equals("accepted") && mending) {
                LOG.error("Versions of {} were lost in Redis and are made anew", change.keys());
              } else if (answer.get(0).toString().equals("accepted")) {
                LOG.info("Took over what others wrote into Redis under {}", change.keys());
              }
              return true;
            });
  }

  /** Takes over what others wrote under these documents' keys, or anywhere if none is given. */
  Future<Void> adopt(Collection<String> documents) {
    return look("foreign", documents)
        .compose(
            image ->
                image.head().equals(Head.NONE) || !believe(image)
                    ? Future.succeededFuture()
                    : adopt(image, documents, 1).mapEmpty());
  }

  Future<CommitResult> commit(Change change) {
    return commit(change, Map.of(), 1)
        .onFailure(this::notWritten)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof ShieldException known ? Failures.ofCommit(known) : failure));
  }

  private Future<CommitResult> commit(Change change, Map<DocumentKey, String> seen, int turn) {
    String commitId = randomId();
    return reworded(change)
        .compose(reworded -> run(change, commitId, seen, reworded, false))
        .compose(
            answer ->
                switch (answer.get(0).toString()) {
                  case "accepted" -> Future.succeededFuture(accepted(change, commitId, answer));
                  case "repeated" ->
                      Future.succeededFuture(
                          new CommitResult.Accepted(
                              CommitArguments.repeated(answer.get(1).toString(), change)));
                  case "conflict" -> Future.succeededFuture(conflict(change, answer));
                  case "foreign" -> again(change, answer, turn);
                  case "type" -> refused(String.valueOf(Image.wrongType(answer).getMessage()));
                  case "half" -> {
                    ShieldException half = Failures.half(link.address(), answer.get(1).toString());
                    LOG.error(
                        "What is left of it is taken for an external edit: {}", half.getMessage());
                    yield Future.failedFuture(half);
                  }
                  case "damaged" -> damaged(change, turn);
                  default -> notAsKnown(change, turn);
                });
  }

  private Future<Response> run(
      Change change,
      String commitId,
      Map<DocumentKey, String> seen,
      List<Wording.Reworded> reworded,
      boolean mending) {
    return believed(
            link.run(
                Script.COMMIT,
                CommitArguments.of(
                    change, commitId, known, auditLimit, seen, wording, reworded, mending, later)))
        .onSuccess(this::publish);
  }

  /** Others hear of a commit when it is on the replicas: what they know must not be lost. */
  private void publish(Response answer) {
    if (later && answer.get(0).toString().equals("accepted")) {
      link.send(
          Request.cmd(Command.PUBLISH).arg(prefix + "meta:commits").arg(answer.get(4).toString()));
    }
  }

  /** What has another effective status from the edges on that a change announces. */
  private Future<List<Wording.Reworded>> reworded(Change change) {
    List<String> routes = wording.edgesIn(change);
    return routes.isEmpty()
        ? Future.succeededFuture(List.of())
        : look("all", routes).map(image -> wording.reworded(image.rows()));
  }

  private CommitResult accepted(Change change, String commitId, Response answer) {
    Head before =
        new Head(
            answer.get(1).toString(),
            Long.parseLong(answer.get(2).toString()) - 1,
            answer.get(3).toString());
    Commit commit = Commit.following(before, commitId, change);
    if (known.equals(Head.NONE)) {
      known = commit.head();
    }
    damaged = false;
    written();
    heard(commit);
    return new CommitResult.Accepted(commit);
  }

  private static CommitResult conflict(Change change, Response answer) {
    Response found = answer.get(4);
    List<VersionConflict> conflicts = new ArrayList<>();
    for (int i = 0; i < found.size(); i += 3) {
      DocumentKey key = DocumentText.key(found.get(i).toString());
      long actual = Long.parseLong(found.get(i + 1).toString());
      long expected =
          change.edits().stream()
              .filter(edit -> edit.key().equals(key))
              .findFirst()
              .orElseThrow()
              .expectedVersion();
      Response text = found.get(i + 2);
      DocumentValue value =
          text == null || actual == 0 ? null : stored(key, text.toString(), actual);
      conflicts.add(new VersionConflict(key, expected, actual, value));
    }
    return new CommitResult.Conflict(Image.head(answer, 1), conflicts);
  }

  private static @Nullable DocumentValue stored(DocumentKey key, String text, long version) {
    try {
      DocumentValue value = DocumentText.read(key, text);
      return value instanceof RouteState state ? state.withVersion(version) : value;
    } catch (ShieldException unreadable) {
      return null;
    }
  }

  /** Others wrote what is to be changed: that comes first, and then the change, or a conflict. */
  private Future<CommitResult> again(Change change, Response answer, int turn) {
    List<String> documents = new ArrayList<>();
    for (int i = 1; i < answer.size(); i++) {
      documents.add(answer.get(i).toString());
    }
    if (turn >= MAX_TURNS) {
      return refused("others write '" + documents.get(0) + "' all the time, try again");
    }
    return adopt(documents)
        .compose(v -> look("foreign", documents))
        // What is foreign still cannot be read: the change takes its place.
        .compose(
            left ->
                commit(
                    change, Adoption.of(left.foreign(), true, clock.instant()).seen(), turn + 1));
  }

  private Future<CommitResult> damaged(Change change, int turn) {
    return load()
        .onFailure(e -> onStrange.run())
        .compose(
            mended -> turn < MAX_TURNS ? commit(change, Map.of(), turn + 1) : refused("try again"),
            failure ->
                failure instanceof StoreDamagedException
                    ? refused(String.valueOf(failure.getMessage()))
                    : Future.failedFuture(failure));
  }

  private Future<CommitResult> notAsKnown(Change change, int turn) {
    Head before = known;
    return load()
        .compose(
            loaded -> {
              boolean follows = known.equals(loaded.head()) && !loaded.head().equals(Head.NONE);
              if (follows && !known.equals(before) && turn < MAX_TURNS) {
                return commit(change, Map.of(), turn + 1);
              }
              onStrange.run();
              return refused(StoreText.unlike(loaded.head(), known));
            });
  }

  private static <T> Future<T> refused(String problem) {
    return Future.failedFuture(new ChangeRefusedException(problem, null));
  }

  Future<Head> renew(Renewal renewal) {
    Head next = new Head(randomId(), 1, randomId());
    Snapshot content = renewal.content();
    List<String> arguments = new ArrayList<>(List.of(next.epoch(), next.commitId()));
    arguments.addAll(CommitArguments.head(renewal.found()));
    arguments.add(renewal.parent().epoch());
    arguments.add(Long.toString(renewal.parent().revision()));
    arguments.add(Integer.toString(auditLimit));
    arguments.add(renewal.entry().path());
    arguments.add(CommitArguments.text(renewal.entry()));
    arguments.add(content == null ? "keep" : "replace");
    if (content != null) {
      content
          .content()
          .forEach(
              (key, versioned) -> {
                DocumentValue value = versioned.value();
                arguments.add(DocumentText.name(key));
                arguments.add(wording.write(key, value));
                arguments.add(DocumentText.mirror(key, value));
                arguments.add(wording.message(key, value));
              });
    }
    return believed(link.run(Script.RENEW, arguments)).compose(answer -> renewed(next, answer));
  }

  private Future<Head> renewed(Head next, Response answer) {
    return switch (answer.get(0).toString()) {
      case "ok" -> {
        long revision = Long.parseLong(answer.get(1).toString());
        known = new Head(next.epoch(), revision, next.commitId());
        damaged = false;
        yield Future.succeededFuture(known);
      }
      case "type" -> refused(String.valueOf(Image.wrongType(answer).getMessage()));
      default -> refused("the store has changed since it was looked at, try again");
    };
  }

  Future<List<AuditEntry>> auditLog(AuditQuery query) {
    String path = query.path();
    String list = prefix + "audit" + (path == null ? "" : ":path:" + path);
    boolean page =
        query.service() == null
            && query.actor() == null
            && query.action() == null
            && query.since() == null;
    long first = page ? query.offset() : 0;
    long last = page ? first + query.limit() - 1 : -1;
    return link.send(Request.cmd(Command.LRANGE).arg(list).arg(first).arg(last))
        .map(answer -> select(answer, query, page ? 0 : query.offset()));
  }

  private static List<AuditEntry> select(Response list, AuditQuery query, int offset) {
    List<AuditEntry> found = new ArrayList<>();
    int skipped = 0;
    for (Response text : list) {
      if (found.size() == query.limit()) {
        break;
      }
      try {
        AuditEntry entry =
            ShieldJson.readAuditEntry(ShieldJson.parse("audit entry", text.toString()));
        if (query.matches(entry) && skipped++ >= offset) {
          found.add(entry);
        }
      } catch (ShieldException e) {
        LOG.warn("An audit entry in Redis is left out: {}", e.getMessage());
      }
    }
    return found;
  }

  /** Fails if the user may not do all that the scripts do, before one of them stops half way. */
  Future<Void> checkPermissions() {
    return link.run(Script.PERMIT, List.of())
        .compose(
            answer ->
                answer.get(0).toString().equals("ok")
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new ShieldException("Redis at " + link.address() + ": " + answer.get(1))));
  }

  /** Looks for what others wrote without saying so, if no other node did lately. */
  Future<Void> scan(long intervalMillis) {
    return link.run(Script.SCAN, List.of(Long.toString(intervalMillis)))
        .onSuccess(v -> written())
        .onFailure(this::notWritten)
        .compose(mine -> mine.toInteger() == 1 ? adopt(List.of()) : Future.succeededFuture());
  }
}
