package io.shield.impl.replica;

import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a replica is doing. It does one thing at a time. */
sealed interface ReplicaState {
  /** It holds its copy; a commit that follows is taken in at once. */
  record Following() implements ReplicaState {}

  /** It does the same, and loads again in a moment if the copy still lacks what is known of. */
  record ReloadDue(Missing missing) implements ReplicaState {}

  /** The end. */
  record Closed() implements ReplicaState {}

  /** The next copy is under way; commits that arrive wait for it. */
  abstract sealed class Busy implements ReplicaState {
    final List<Commit> arrived = new ArrayList<>();
    private final Promise<Void> done;
    private @Nullable Missing missing;

    private Busy(Promise<Void> done, @Nullable Missing missing) {
      this.done = done;
      this.missing = missing;
    }

    /** Completes when the replica can do something else. */
    Future<Void> done() {
      return done.future();
    }

    void succeed() {
      done.tryComplete();
    }

    void fail(Throwable failure) {
      done.tryFail(failure);
    }

    /** Notes what the next copy may lack. */
    void lacks(Missing more) {
      missing = more.with(missing);
    }

    /** What to look for in the next copy, or null if nothing is known of. */
    @Nullable Missing missing() {
      return missing;
    }
  }

  /** The whole store is being read. */
  final class Loading extends Busy {
    Loading(Promise<Void> done) {
      super(done, null);
    }
  }

  /** Something already at hand is being compiled. */
  final class Compiling extends Busy {
    /**
     * @param missing what was known to be missing before, or null
     */
    Compiling(Promise<Void> done, @Nullable Missing missing) {
      super(done, missing);
    }
  }

  /**
   * What a copy may lack.
   *
   * @param head a head that the store has, or null if the copy cannot be relied on whatever it is
   */
  record Missing(@Nullable Head head) {
    static final Missing ANYTHING = new Missing(null);

    /** Both. Of two heads the one heard of later counts, which is this one's. */
    Missing with(@Nullable Missing earlier) {
      return earlier != null && earlier.head == null ? earlier : this;
    }
  }
}
