package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackendOptions;
import io.shield.error.ShieldException;
import io.shield.internal.StoreText;
import io.shield.model.DocumentValue;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.Renewal;
import io.shield.spi.StoreDamagedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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

  /** So long one node alone looks for what made the indexes differ. */
  private static final long COUNT_MILLIS = 1000;

  /** The fewest microseconds for each document between the starts of two looks at all values. */
  private static final long SCAN_MICROS = 1500;

  /** So long those that lose their connections count as having lost them at once. */
  private static final long RECONNECTED_MILLIS = 5000;

  private final Vertx vertx;
  private final Link link;
  private final String prefix;
  private final int auditLimit;

  /** Whether commits are published only when they are on the replicas. */
  private final boolean later;

  private final InstantSource clock;
  private final Runnable onStrange;
  private final StoreReader reader;
  private final Unreadable unreadable = new Unreadable();
  private Wording wording;
  private Head known;

  /** What this node is to set for the whole store, if anything. */
  private @Nullable Boolean wanted;

  /**
   * By how much the indexes named more than Shield wrote when others were found to have no part.
   */
  private @Nullable String explained;

  private boolean reconnected;

  private final Refusal refusal;
  private final AuditLists audit;
  private final ForeignAudit foreignAudit;
  private final Fingerprints fingerprints = new Fingerprints();
  private final Scan scan;

  /** Whether the last load showed that documents were lost, which counting need not show. */
  private boolean damaged;

  /**
   * @param known the head this node holds from before, or {@link Head#NONE}
   * @param onStrange called when the store is found not to be the one known
   */
  RedisStore(
      Vertx vertx,
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
    this.vertx = vertx;
    this.reader = new StoreReader(vertx, link, () -> this.known, this::changed);
    this.wording = Wording.of(options, clock);
    this.wanted = options.getEffectiveStatus();
    this.refusal = new Refusal(link, prefix);
    this.audit = new AuditLists(link, prefix, wording.dialect());
    this.foreignAudit = new ForeignAudit(vertx, audit);
    this.scan = new Scan(link, prefix, wording.dialect(), fingerprints, this::judge);
  }

  /** What others wrote and cannot be read, for people; null if there is nothing. Thread-safe. */
  @Nullable String warning() {
    return unreadable.warning();
  }

  /** Why changes are refused although Redis answers; null if they are not. Thread-safe. */
  @Nullable String refusal() {
    return refusal.text();
  }

  /** Takes note of a commit that was pushed or made. */
  void heard(Commit commit) {
    Head head = commit.head();
    changed(commit);
    wording = wording.after(commit.change());
    if (head.epoch().equals(known.epoch()) && head.revision() > known.revision()) {
      known = head;
    }
  }

  /** What was known of what a commit changes is known no longer. */
  private void changed(Commit commit) {
    unreadable.written(commit.change().keys());
    fingerprints.changed(commit.change());
  }

  Future<Head> head() {
    return refusal
        .tryAgain()
        .compose(v -> standing())
        .compose(
            found -> {
              counted(found.counts());
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

  /** Everything, after what others wrote was taken over. */
  Future<Snapshot> load() {
    return load(1);
  }

  private Future<Snapshot> load(int turn) {
    return lookAlone()
        .compose(alone -> believed(reader.all(!alone)))
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

  /**
   * Whether this node is to look for what others wrote: of all that lost their connections at once,
   * one.
   */
  private Future<Boolean> lookAlone() {
    if (!reconnected) {
      return Future.succeededFuture(true);
    }
    reconnected = false;
    return link.run(Script.SCAN, List.of(Long.toString(RECONNECTED_MILLIS), "reconnected"))
        .map(mine -> mine.toInteger() == 1);
  }

  /** What was pushed may have been missed; by many nodes. */
  void reconnected() {
    reconnected = true;
  }

  private Future<Snapshot> loaded(Image image) {
    damaged = image.damage() != Sums.Damage.NONE;
    if (damaged) {
      return Future.failedFuture(lost(image, "versions", "and what they were the versions of"));
    }
    return vertx
        .executeBlocking(image::snapshot)
        .compose(
            loaded -> {
              reader.hold(loaded, image.sums());
              fingerprints.read(image.rows());
              return withSetting(loaded);
            });
  }

  /** What was loaded, after this node has set what it is to set for the whole store. */
  private Future<Snapshot> withSetting(Snapshot loaded) {
    wording = wording.after(loaded);
    Boolean asked = wanted;
    wanted = null;
    return asked == null || asked == wording.effective()
        ? Future.succeededFuture(loaded)
        : commit(Wording.setting(loaded, asked)).transform(v -> load());
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
        Adoption.of(image.rows(), image.first(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
    unreadable.found(asked, adoption.unreadable());
    Change change = adoption.change();
    if (change == null || turn >= MAX_TURNS) {
      return Future.succeededFuture(false);
    }
    boolean mending = image.damage() == Sums.Damage.VERSIONS;
    return foreignAudit
        .of(change)
        .compose(told -> run(Proposal.of(told, adoption.seen(), mending)))
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

  /**
   * Takes over what others wrote under these documents' keys, or anywhere if none is given; tells
   * whether anything was.
   */
  Future<Boolean> adopt(Collection<String> documents) {
    return believed(reader.foreign(documents)).compose(image -> adoptFrom(image, documents));
  }

  private Future<Boolean> adoptFrom(Image image, Collection<String> documents) {
    return image.head().equals(Head.NONE) || !believe(image)
        ? Future.succeededFuture(false)
        : adopt(image, documents, 1);
  }

  Future<CommitResult> commit(Change change) {
    return commit(change, Map.of(), 1)
        .onFailure(refusal::notWritten)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof ShieldException known ? Failures.ofCommit(known) : failure));
  }

  private Future<CommitResult> commit(Change change, Map<DocumentKey, String> seen, int turn) {
    return reworded(change)
        .map(reworded -> Proposal.of(change, seen, reworded))
        .compose(proposal -> run(proposal).compose(answer -> decided(proposal, answer, turn)));
  }

  private Future<CommitResult> decided(Proposal proposal, Response answer, int turn) {
    Change change = proposal.change();
    return switch (answer.get(0).toString()) {
      case "accepted" -> Future.succeededFuture(accepted(proposal, answer));
      case "repeated" ->
          Future.succeededFuture(
              new CommitResult.Accepted(
                  CommitArguments.repeated(answer.get(1).toString(), change)));
      case "conflict" -> Future.succeededFuture(Conflicts.of(change, answer));
      case "foreign" -> again(change, answer, turn);
      case "type" -> refused(String.valueOf(Image.wrongType(answer).getMessage()));
      case "half" -> {
        ShieldException half = Failures.half(link.address(), answer.get(1).toString());
        LOG.error("What is left of it is taken for an external edit: {}", half.getMessage());
        yield Future.failedFuture(half);
      }
      case "damaged" -> damaged(change, turn);
      default -> notAsKnown(change, turn);
    };
  }

  private Future<Response> run(Proposal proposal) {
    Wording next = wording.after(proposal.change());
    return believed(
            link.run(Script.COMMIT, CommitArguments.of(proposal, known, auditLimit, next, later)))
        .onSuccess(this::publish);
  }

  /** Others hear of a commit when it is on the replicas: what they know must not be lost. */
  private void publish(Response answer) {
    if (later && answer.get(0).toString().equals("accepted")) {
      link.send(
          Request.cmd(Command.PUBLISH).arg(prefix + "meta:commits").arg(answer.get(4).toString()));
    }
  }

  /**
   * What has another effective status from the edges on that a change announces, or from the
   * setting on that it makes.
   */
  private Future<List<Wording.Reworded>> reworded(Change change) {
    Wording next = wording.after(change);
    boolean all = next.effective() != wording.effective();
    List<String> routes = next.edgesIn(change);
    return routes.isEmpty() && !all
        ? Future.succeededFuture(List.of())
        : reader
            .documents(all ? List.of() : routes)
            .map(image -> next.reworded(image.rows(), change.keys()));
  }

  private CommitResult accepted(Proposal proposal, Response answer) {
    Head before =
        new Head(
            answer.get(1).toString(),
            Long.parseLong(answer.get(2).toString()) - 1,
            answer.get(3).toString());
    Commit commit = Commit.following(before, proposal.commitId(), proposal.change());
    if (known.equals(Head.NONE)) {
      known = commit.head();
    }
    damaged = false;
    refusal.written();
    heard(commit);
    return new CommitResult.Accepted(commit);
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
        .compose(v -> believed(reader.foreign(documents)))
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
    arguments.add(wording.dialect().theirs(renewal.entry().path()));
    arguments.add(wording.inDialect(CommitArguments.text(renewal.entry())));
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

  Future<Integer> auditCount(AuditQuery query) {
    return audit.count(query);
  }

  Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return audit.read(query);
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

  /**
   * Looks for what others wrote without saying so, if no other node did lately.
   *
   * @param leastMillis how long no other node does after this one; longer if there is much to see
   */
  Future<Void> scan(long leastMillis) {
    long millis = Math.max(leastMillis, fingerprints.size() * SCAN_MICROS / 1000);
    return link.run(Script.SCAN, List.of(Long.toString(millis), ""))
        .onSuccess(v -> refusal.written())
        .onFailure(refusal::notWritten)
        .compose(mine -> mine.toInteger() == 1 ? scan.all() : Future.succeededFuture());
  }

  /** Takes over what others wrote of these documents, and remembers the rest. */
  private Future<Void> judge(List<String> documents) {
    return believed(reader.documents(documents))
        .compose(
            image -> {
              fingerprints.read(image.rows());
              return adoptFrom(image, documents);
            })
        .mapEmpty();
  }

  /** Others deleted something, which they do not say; or added it. */
  private void counted(@Nullable String difference) {
    if (difference == null || difference.equals(explained)) {
      return;
    }
    link.run(Script.SCAN, List.of(Long.toString(COUNT_MILLIS), difference))
        .compose(mine -> mine.toInteger() == 1 ? adopt(List.of()) : Future.succeededFuture(true))
        .onSuccess(found -> explained = found ? null : difference)
        .onFailure(e -> LOG.debug("What others deleted could not be looked for", e));
  }
}
