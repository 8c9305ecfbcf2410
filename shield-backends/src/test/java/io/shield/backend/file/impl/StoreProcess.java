package io.shield.backend.file.impl;

import io.shield.error.ShieldException;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.spi.CommitResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A process of its own that works on a store: does what each line on its standard input says and
 * answers on its standard output.
 */
final class StoreProcess {
  static final int ROUTES = 7;
  static final String SHARED = "GET:/shared";

  private final PrintStream out;
  private TestStore store;

  private StoreProcess(PrintStream out) {
    this.out = out;
  }

  /** Works on the file that is given as the only argument. */
  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    StoreProcess process =
        new StoreProcess(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    process.out.println("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      process.obey(Path.of(args[0]), line.split(" ", -1));
    }
  }

  private void obey(Path file, String[] command) throws IOException {
    switch (command[0]) {
      case "open" -> {
        store = TestStore.open(NioFileOps.INSTANCE, file);
        out.println("opened " + store.image().head().revision());
      }
      case "loop" -> loop();
      case "count" -> count(command[1], Integer.parseInt(command[2]));
      case "set" -> set(command[1], command[2]);
      case "fill" -> fill(Integer.parseInt(command[1]));
      case "show" -> show(command[1]);
      case "lock" -> lock(file);
      default -> throw new IllegalArgumentException(command[0]);
    }
  }

  /** Commits one to three changes at a time, for ever; each is named after its revision. */
  private void loop() {
    while (true) {
      long head = store.image().head().revision();
      List<Change> changes = new ArrayList<>();
      for (long revision = head + 1; revision <= head + 1 + head % 3; revision++) {
        String key = "GET:/r" + revision % ROUTES;
        changes.add(
            TestStore.setting(
                key, store.version(key), RouteStatus.DISABLED, String.valueOf(revision)));
      }
      for (CommitResult result : store.commit(changes)) {
        Commit commit = ((CommitResult.Accepted) result).commit();
        out.println("ACK " + commit.head().revision());
      }
    }
  }

  /** Raises the number in the shared route's reason so many times, against all others. */
  private void count(String name, int times) {
    for (int i = 0; i < times; ) {
      store.poll();
      RouteState shared = store.state(SHARED);
      int number = shared == null ? 0 : Integer.parseInt(shared.reason());
      long version = store.version(SHARED);
      Change change =
          TestStore.setting(SHARED, version, RouteStatus.DISABLED, String.valueOf(number + 1));
      if (store.commit(change) instanceof CommitResult.Accepted accepted) {
        out.println("WON " + version + " " + accepted.commit().head().revision());
        store.set("GET:/" + name + i, RouteStatus.DISABLED, name);
        i++;
      }
    }
    out.println("done");
  }

  private void set(String key, String reason) {
    tell(() -> store.set(key, RouteStatus.DISABLED, reason));
  }

  /** Writes a document of so many characters. */
  private void fill(int size) {
    Edit edit = new Edit(DocumentKey.document("large"), 0, new OpaqueDocument("x".repeat(size)));
    tell(() -> store.accept(new Change("fill", List.of(edit), List.of())));
  }

  private void tell(Supplier<Commit> commit) {
    try {
      out.println("ACK " + commit.get().head().revision());
    } catch (ShieldException e) {
      out.println(e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }

  private void show(String key) {
    store.poll();
    RouteState state = store.state(key);
    out.println(state == null ? "nothing" : "has " + state.reason().length());
  }

  private void lock(Path file) throws IOException {
    NioFileOps.INSTANCE.lock(Path.of(file + ".lock"), Duration.ofSeconds(5));
    out.println("locked");
  }
}
