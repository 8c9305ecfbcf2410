package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.limit.RateLimitHit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The steps of looking, judging and writing. All methods block. {@link #commit}, {@link #adopt} and
 * {@link #failed} are called by one thread, {@link #refresh} by another; the rest is thread-safe.
 */
final class FileStore {
  /** How often a write starts anew because somebody else changed the file meanwhile. */
  private static final int ATTEMPTS = 5;

  private static final Duration LOGGED_WITHIN = Duration.ofMillis(150);

  /** Hears that the store moved on, one call at a time. */
  interface Listener {
    /**
     * The store has a new image.
     *
     * @param before the head of the former image
     * @param commits made by this process; empty if others moved the store
     */
    void moved(Head before, List<Commit> commits);
  }

  /** What a store is made of. */
  record Setup(
      FileOps ops,
      Path file,
      Format format,
      InstantSource clock,
      int auditLimit,
      Logger log,
      Listener listener) {}

  /** What became of a change. */
  sealed interface Outcome {
    record Decided(CommitResult result) implements Outcome {}

    record Failed(ShieldException cause) implements Outcome {}
  }

  /** What is known. Two of them are the same only if they are one. */
  private static final class View {
    final Image image;
    final Seen seen;

    View(Image image, Seen seen) {
      this.image = image;
      this.seen = seen;
    }
  }

  private final FileOps ops;
  private final InstantSource clock;
  private final int auditLimit;
  private final StorePaths paths;
  private final Reporter reporter;
  private final FileReader reader;
  private final Judge judge;
  private final FileWriter writer;
  private final StoreLock lock;
  private final LimitsFile limits;
  private final Listener listener;

  /** Requests that failed in a way that leaves open whether they were written. */
  private final Set<String> unsure = new HashSet<>();

  private volatile View view = new View(Image.empty(), Seen.UNKNOWN);

  /** The head that is on the disk for sure. */
  private volatile @Nullable Head synced;

  private FileStore(Setup setup, StorePaths paths) {
    this.ops = setup.ops();
    this.clock = setup.clock();
    this.auditLimit = setup.auditLimit();
    this.paths = paths;
    this.reporter = new Reporter(setup.log(), paths.main());
    this.reader = new FileReader(ops, paths, setup.format(), reporter);
    this.judge = new Judge(reader, clock, auditLimit, reporter);
    this.writer = new FileWriter(ops, paths, setup.format());
    this.lock = StoreLock.join(this, ops, paths, writer);
    this.limits = new LimitsFile(ops, paths, writer, lock, clock, reporter);
    this.listener = setup.listener();
  }

  /**
   * Opens the store, and makes it if there is none.
   *
   * @throws ShieldException if its file cannot be read or made
   */
  static FileStore open(Setup setup) {
    FileStore store = new FileStore(setup, StorePaths.find(setup.ops(), setup.file()));
    try {
      store.open();
    } catch (ShieldException e) {
      store.close();
      throw e;
    }
    return store;
  }

  void close() {
    lock.leave(this);
  }

  private void open() {
    FirstLook files = new FirstLook(ops, paths, reader, judge, reporter);
    Standing standing = files.standing();
    Draft draft = standing.draft();
    if (isInStep(standing, draft)) {
      settle(standing, draft);
      return;
    }
    try {
      lock.hold(
          () -> {
            bringInStep(files.standing());
            return null;
          });
    } catch (ChangeRefusedException | UnknownOutcomeException e) {
      goOnWithout(standing, e);
    }
  }

  /** What is known is enforced, though it could not be written. */
  private void goOnWithout(Standing standing, ShieldException problem) {
    if (standing.fresh()) {
      throw new ShieldException(String.valueOf(problem.getMessage()), problem.getCause());
    }
    reporter.writesFail(String.valueOf(problem.getMessage()));
    boolean waiting = standing.adopted() != null;
    Seen seen = waiting ? Seen.foreign(standing.seen().stamp(), ops.now()) : standing.seen();
    publish(new View(standing.base(), seen), List.of());
  }

  /** Whether neither file has to be written. */
  private static boolean isInStep(Standing standing, Draft draft) {
    return !standing.fresh()
        && !standing.isToBeWritten()
        && draft.commits().isEmpty()
        && standing.base().head().equals(standing.sideHead());
  }

  private void bringInStep(Standing standing) {
    Draft draft = standing.draft();
    if (standing.fresh() || standing.isToBeWritten() || !draft.commits().isEmpty()) {
      if (!write(standing, draft)) {
        throw writer.refused("it is being changed by others", null);
      }
      return;
    }
    try {
      writer.writeSide(standing);
    } catch (IOException e) {
      reporter.note(paths.side() + " cannot be written: " + Problems.of(e));
    }
    settle(standing, draft);
  }

  LimitsFile limits() {
    return limits;
  }

  /** The hits that are kept, before them those in a file of the original. */
  List<RateLimitHit> hits() {
    List<RateLimitHit> hits = new ArrayList<>();
    for (JsonNode hit : view.image.hits()) {
      try {
        hits.add(ShieldJson.readRateLimitHit(hit));
      } catch (ShieldException e) {
        reporter.unreadableHits(Problems.oneLine(String.valueOf(e.getMessage())));
      }
    }
    hits.addAll(limits.hits());
    return hits;
  }

  /** The latest image that is known. */
  Image image() {
    return view.image;
  }

  /**
   * Looks whether others changed the file, and takes over what another Shield process wrote.
   *
   * @return whether something else was found that {@link #adopt} has to take over
   */
  boolean refresh() {
    View known = view;
    if (isCovered(known)) {
      return false;
    }
    Found found =
        known.seen.kind() == Seen.Kind.GOOD
            ? reader.lookTwice(known.image)
            : reader.look(known.image);
    if (!(found instanceof Found.Good good)) {
      replace(known, new View(known.image, notGood(found)));
      return false;
    }
    reporter.good();
    Image intact = good.content().intact();
    if (intact == null || !Judge.isAhead(intact.head(), known.image.head())) {
      return true;
    }
    Seen seen = Seen.good(good.stamp(), intact.head(), ops.now());
    replace(known, new View(intact.recalling(known.image), seen));
    return false;
  }

  private boolean isCovered(View known) {
    try {
      return known.seen.covers(ops.stamp(paths.main()), ops.now());
    } catch (IOException e) {
      return false; // Reading it tells what is wrong.
    }
  }

  private Seen notGood(Found found) {
    if (found instanceof Found.Gone gone) {
      reporter.gone(gone);
      return Seen.gone(gone);
    }
    Found.Broken broken = (Found.Broken) found;
    reporter.broken(broken);
    return Seen.broken(broken, ops.now());
  }

  /** What the store holds, with the locks held. */
  private Standing stand() {
    View known = view;
    if (isCertain(known)) {
      return Standing.of(known.image, known.seen);
    }
    Found found = reader.lookTwice(known.image);
    if (found instanceof Found.Good good) {
      reporter.good();
      Standing standing = judge.judge(good, known.image, ops.now());
      if (!standing.isUnlogged()) {
        return standing;
      }
      // The original writes what it logs a moment after what it changed.
      ops.pause(LOGGED_WITHIN);
      if (reader.look(known.image) instanceof Found.Good later) {
        return judge.judge(later, known.image, ops.now());
      }
      return standing;
    }
    Seen seen = notGood(found);
    publish(new View(known.image, seen), List.of());
    if (found instanceof Found.Broken broken) {
      throw new ChangeRefusedException(broken.problem() + "; nothing was changed", null);
    }
    return Standing.of(known.image, seen);
  }

  private boolean isCertain(View known) {
    try {
      return known.seen.isCertain(ops.stamp(paths.main()));
    } catch (IOException e) {
      return false; // Reading it tells what is wrong.
    }
  }

  /**
   * Puts changes in, in their order, and writes them at once.
   *
   * @param waiting takes them; called once, when the locks are held or not to be had: what came
   *     while others held them shares the outcome
   */
  List<Outcome> commit(Supplier<List<Change>> waiting) {
    return commit(waiting, failure -> {});
  }

  /**
   * Takes over what others wrote into the file, and puts changes in like {@link #commit}; there
   * need not be any.
   */
  List<Outcome> adopt(Supplier<List<Change>> waiting) {
    return commit(waiting, this::adoptLater);
  }

  private List<Outcome> commit(
      Supplier<List<Change>> waiting, Consumer<ShieldException> onFailure) {
    return lock.hold(
        () -> {
          List<Change> changes = waiting.get();
          try {
            List<Outcome> outcomes = commitHeld(changes);
            changes.forEach(change -> unsure.remove(change.requestId()));
            return outcomes;
          } catch (ShieldException e) {
            onFailure.accept(e);
            return failed(changes, e);
          }
        },
        refusal -> {
          told(refusal);
          onFailure.accept(refusal);
          return failed(waiting.get(), refusal);
        });
  }

  /** Others may hold the lock; that it cannot be opened is the disk's doing. */
  private void told(ChangeRefusedException refusal) {
    boolean held = refusal.getCause() instanceof FileOps.LockTimeoutException;
    if (refusal.getCause() instanceof IOException && !held) {
      reporter.writesFail(String.valueOf(refusal.getMessage()));
    }
  }

  /** What of the file cannot be read, or null. */
  @Nullable String warning() {
    return view.image.strays().warning(paths.main());
  }

  /** What the disk does not take, or null. */
  @Nullable String refused() {
    return reporter.refused();
  }

  /** Tries whether a disk that took no writes takes them again. */
  void tryAgain() {
    if (reporter.isWriteFailing() && lock.hold(() -> writer.canWrite(view.image), e -> false)) {
      reporter.writesWork();
    }
  }

  private void adoptLater(ShieldException failure) {
    View known = view;
    if (known.seen.kind() != Seen.Kind.BROKEN) {
      reporter.waiting(String.valueOf(failure.getMessage()));
      publish(new View(known.image, Seen.foreign(mainStamp(), ops.now())), List.of());
    }
  }

  private List<Outcome> commitHeld(List<Change> changes) {
    for (int i = 0; i < ATTEMPTS; i++) {
      Standing standing = stand();
      Draft draft = standing.draft();
      List<Outcome> outcomes = changes.stream().map(change -> decide(draft, change)).toList();
      if (draft.commits().isEmpty() && !standing.isToBeWritten()) {
        settle(standing, draft);
        if (!changes.isEmpty()) {
          makeSureOf(standing.base().head());
        }
        return outcomes;
      }
      if (write(standing, draft)) {
        return outcomes;
      }
    }
    throw writer.refused("it is being changed by others all the time", null);
  }

  private static Outcome decide(Draft draft, Change change) {
    try {
      return new Outcome.Decided(draft.decide(change));
    } catch (ChangeRefusedException e) {
      return new Outcome.Failed(e);
    }
  }

  /** What became of changes that could not be written. */
  List<Outcome> failed(List<Change> changes, ShieldException cause) {
    return changes.stream().map(change -> failed(change, cause)).toList();
  }

  /** Nothing of the change was written now; but it may have been written before. */
  private Outcome failed(Change change, ShieldException cause) {
    Image known = view.image;
    Commit earlier = earlier(known, change);
    if (earlier != null && known.head().equals(synced)) {
      return new Outcome.Decided(new CommitResult.Accepted(earlier));
    }
    boolean open = earlier != null || unsure.contains(change.requestId());
    return new Outcome.Failed(
        open && cause instanceof ChangeRefusedException
            ? new UnknownOutcomeException(paths.main(), String.valueOf(cause.getMessage()), cause)
            : cause);
  }

  private static @Nullable Commit earlier(Image known, Change change) {
    try {
      return known.requests().commitOf(change);
    } catch (ShieldException usedForAnother) {
      return null;
    }
  }

  /** What another process renamed a moment ago may not be on the disk yet. */
  private void makeSureOf(Head head) {
    if (head.equals(synced)) {
      return;
    }
    try {
      ops.syncDirectory(paths.directory());
      synced = head;
    } catch (IOException e) {
      throw new UnknownOutcomeException(paths.main(), Problems.of(e), e);
    }
  }

  /** Writes the draft; false if somebody changed the main file since it was read. */
  private boolean write(Standing standing, Draft draft) {
    Image next = draft.image(clock.instant(), auditLimit);
    FileStamp written;
    try {
      written = writer.write(standing, next);
    } catch (ChangeRefusedException e) {
      reporter.writesFail(String.valueOf(e.getMessage()));
      throw e;
    } catch (UnknownOutcomeException e) {
      reporter.writesFail(String.valueOf(e.getMessage()));
      draft.commits().forEach(commit -> unsure.add(commit.change().requestId()));
      publish(new View(view.image, Seen.UNKNOWN), List.of());
      throw e;
    }
    if (written == null) {
      return false;
    }
    reporter.writesWork();
    if (standing.adopted() != null) {
      reporter.adopted(draft.commits().get(0));
    }
    View done = new View(next, Seen.written(written, next.head()));
    for (FileStore store : lock.stores()) {
      store.follow(standing, done, draft.commits());
    }
    return true;
  }

  /** A store of this process, perhaps this one, wrote. */
  private synchronized void follow(Standing standing, View done, List<Commit> commits) {
    if (!standing.fresh()) {
      publish(new View(standing.base(), standing.seen()), List.of());
    }
    publish(done, commits);
    synced = done.image.head();
  }

  /** The image needs no writing: remembers it and how the file was found. */
  private void settle(Standing standing, Draft draft) {
    boolean carried = standing.foreign() != null;
    Image image = carried ? draft.image(clock.instant(), auditLimit) : standing.base();
    publish(new View(image, standing.seen()), List.of());
  }

  private @Nullable FileStamp mainStamp() {
    try {
      return ops.stamp(paths.main());
    } catch (IOException e) {
      return null;
    }
  }

  /** Replaces the view unless it changed meanwhile: what was read may be older than that. */
  private synchronized void replace(View expected, View next) {
    if (view == expected) {
      publish(next, List.of());
    }
  }

  private synchronized void publish(View next, List<Commit> commits) {
    Head before = view.image.head();
    view = next;
    if (!before.equals(next.image.head())) {
      listener.moved(before, commits);
    }
  }
}
