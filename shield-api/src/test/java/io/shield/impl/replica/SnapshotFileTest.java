package io.shield.impl.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.ShieldException;
import io.shield.fixtures.RandomModel;
import io.shield.fixtures.Seeds;
import io.shield.internal.value.MirrorEpochs;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept on disk is what was known, or nothing: never a store that seems to be empty. */
class SnapshotFileTest {
  @TempDir Path directory;
  private SnapshotFile file;
  private Snapshot known = Snapshot.empty(new Head("epoch", 1, "c1"));

  @BeforeEach
  void write() throws IOException {
    RandomModel model = new RandomModel(Seeds.random("SnapshotFileTest"));
    while (known.states().isEmpty()) {
      Change change = model.change(known);
      known = known.apply(Commit.following(known.head(), model.id(), change));
    }
    file = SnapshotFile.of(directory, "engine", "store");
    file.write(known);
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    assertThat(file.read()).isEqualTo(known);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"documents\":\\[.*    | \"documents\":{}}",
        "\"documents\":\\[.*    | \"documents\":null}",
        "\"documents\"          | \"docs\"",
        "\"documents\":\\[      | \"documents\":[null,",
        "\"kind\":\"state\"     | \"kind\":\"flag\"",
        "\"version\":\\d+       | \"version\":null",
        "\"version\":\\d+       | \"version\":\"1\"",
        "\"head\"               | \"was\"",
        "\"format\":1           | \"format\":2",
        "^.                     | ``"
      })
  void whatWasDamagedIsNotUsed(String part, String other) throws IOException {
    String text = Files.readString(file.path());
    String damaged = text.replaceFirst(part, other);
    assertThat(damaged).isNotEqualTo(text);
    Files.writeString(file.path(), damaged);
    assertThatThrownBy(file::read).isInstanceOf(ShieldException.class);
  }

  /** A start would enforce less than was known, and nobody would be told why. */
  @Test
  void whatCannotBeLookedUpIsNotTakenForAbsent() throws IOException {
    Files.delete(file.path());
    Files.createSymbolicLink(file.path(), file.path());
    assertThatThrownBy(file::read).isInstanceOf(IOException.class);
  }

  private Snapshot next(Snapshot snapshot) {
    DocumentKey key = DocumentKey.document("note");
    Edit edit = new Edit(key, snapshot.version(key), new OpaqueDocument("x"));
    Change change = new Change("r", List.of(edit), List.of());
    return snapshot.apply(Commit.following(snapshot.head(), "next", change));
  }

  /** Processes of one service share a directory, and not all hear of a change at once. */
  @Test
  void aLaterSnapshotThatAnotherProcessKeptStays() throws IOException {
    Snapshot later = next(known);
    SnapshotFile.of(directory, "engine", "store").write(later);
    file.write(known);
    assertThat(file.read()).isEqualTo(later);
    file.write(next(later));
    assertThat(file.read()).isEqualTo(next(later));
    // A new epoch counts on from another store, or not: it is what this process believes.
    Snapshot renewed = Snapshot.empty(new Head("renewed", 1, "c1"));
    file.write(renewed);
    assertThat(file.read()).isEqualTo(renewed);
  }

  /** The one that hears of a change late may write at the same moment as the other. */
  @Test
  void ofTwoThatWriteAtOnceTheLaterStays() throws Exception {
    Snapshot earlier = known;
    for (int i = 0; i < 200; i++) {
      Snapshot first = next(earlier);
      Snapshot second = next(first);
      CyclicBarrier both = new CyclicBarrier(2);
      List<CompletableFuture<Void>> writers =
          Stream.of(first, second)
              .map(
                  snapshot ->
                      CompletableFuture.runAsync(
                          () -> {
                            try {
                              both.await();
                              SnapshotFile.of(directory, "engine", "store").write(snapshot);
                            } catch (Exception e) {
                              throw new AssertionError(e);
                            }
                          }))
              .toList();
      writers.forEach(CompletableFuture::join);
      assertThat(file.read().head()).as("pair %s", i).isEqualTo(second.head());
      earlier = second;
    }
  }

  /** Each process counts for itself what a server of version 0.8 tells. */
  @Test
  void ofMirrorsTheLastIsKept() throws IOException {
    String epoch = MirrorEpochs.create();
    file.write(Snapshot.empty(new Head(epoch, 50, "c50")));
    Snapshot other = Snapshot.empty(new Head(epoch, 40, "c40"));
    file.write(other);
    assertThat(file.read()).isEqualTo(other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"format\":1}", "{\"format\":1,\"head\":{\"epoch\":1}}"})
  void whatWasDamagedIsReplaced(String damaged) throws IOException {
    Files.writeString(file.path(), damaged);
    file.write(known);
    assertThat(file.read()).isEqualTo(known);
  }

  /** Of a later version of Shield, whose heads may mean something else. */
  @Test
  void whatCannotBeReadIsReplaced() throws IOException {
    file.write(next(known));
    String text = Files.readString(file.path());
    Files.writeString(file.path(), text.replace("\"format\":1", "\"format\":2"));
    file.write(known);
    assertThat(file.read()).isEqualTo(known);
  }

  /** A process that is killed while it writes leaves what it had written so far. */
  @Test
  void whatKilledProcessesLeftGoes() throws IOException {
    Path left = Files.writeString(Path.of(file.path() + ".1.tmp"), "{\"format\"");
    Path underWay = Files.writeString(Path.of(file.path() + ".2.tmp"), "{\"format\"");
    Path others = Files.writeString(directory.resolve("other-0123.3.tmp"), "{\"format\"");
    FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
    Files.setLastModifiedTime(left, yesterday);
    Files.setLastModifiedTime(others, yesterday);
    file.write(next(known));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files)
          .containsExactlyInAnyOrder(file.path(), Path.of(file.path() + ".lock"), underWay, others);
    }
    assertThat(file.read()).isEqualTo(next(known));
  }
}
