package io.shield.backend.file.impl;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.shield.model.RouteStatus;
import io.shield.spi.ChangeRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real disk is asked for: modes, links, places that are no files. */
class RealFilesTest {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  @TempDir Path given;
  private Path directory;
  private Path file;

  @BeforeEach
  void place() throws IOException {
    directory = Files.createDirectory(given.toRealPath().resolve("place"));
    file = directory.resolve("state.json");
  }

  private static TestStore open(Path at) {
    return TestStore.open(NioFileOps.INSTANCE, at);
  }

  private static String refusal(Path at) {
    return TestStore.refusal(NioFileOps.INSTANCE, at).getMessage();
  }

  @Test
  void onlyTheOwnerCanReadWhatIsWritten() throws IOException {
    try (TestStore store = open(file)) {
      store.set("GET:/a", RouteStatus.ACTIVE, "");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      store.set("GET:/a", RouteStatus.DISABLED, "");
    }
    try (var files = Files.list(directory)) {
      assertThat(files)
          .extracting(Path::getFileName)
          .extracting(Path::toString)
          .containsExactlyInAnyOrder("state.json", "state.json.shield", "state.json.lock");
    }
    try (var files = Files.list(directory)) {
      assertThat(files).allSatisfy(f -> assertThat(mode(f)).isEqualTo(OWNER_ONLY));
    }
  }

  private static Set<PosixFilePermission> mode(Path path) throws IOException {
    return Files.getPosixFilePermissions(path);
  }

  @Test
  void aLinkWithinTheDirectoryIsFollowedAndStays() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link.json"), Path.of("state.json"));
    Files.writeString(file, Edits.original());
    try (TestStore store = open(link)) {
      store.set("GET:/new", RouteStatus.ACTIVE, "");
    }
    assertThat(link).isSymbolicLink();
    assertThat(file).isRegularFile().content().contains("GET:/new");
  }

  @Test
  void aLinkOutOfTheDirectoryIsRefused() throws IOException {
    Path outside = Files.writeString(given.resolve("outside.json"), Edits.original());
    Files.createSymbolicLink(file, outside);

    assertThat(refusal(file)).contains(file.toString(), "leads out of its directory");
    assertThat(outside).hasContent(Edits.original());
  }

  /** Who writes by the link's name would write what nobody reads by the file's name. */
  @Test
  void aLinkToAFileOfAnotherFormatIsRefused() throws IOException {
    Files.writeString(file, Edits.original());
    Path link = Files.createSymbolicLink(directory.resolve("link.yaml"), file);

    assertThat(refusal(link)).contains(link + " is a symbolic link to " + file, "another format");
    assertThat(file).hasContent(Edits.original());
  }

  @Test
  void aChainOfLinksOutOfTheDirectoryIsRefused() throws IOException {
    Path outside = Files.writeString(given.resolve("outside.json"), Edits.original());
    Files.createSymbolicLink(directory.resolve("inside.json"), outside);
    Files.createSymbolicLink(file, Path.of("inside.json"));

    assertThat(refusal(file)).contains("leads out of its directory");
  }

  @Test
  void aLinkToNowhereIsRefused() throws IOException {
    Files.createSymbolicLink(file, given.resolve("missing.json"));
    assertThat(refusal(file)).contains(file.toString(), "leads nowhere");
  }

  @ParameterizedTest
  @ValueSource(strings = {".shield", ".lock", ".limits", ".tmp", ".shield.tmp", ".limits.tmp"})
  void aLinkInThePlaceOfAnAuxiliaryFileIsRefused(String suffix) throws IOException {
    Path target = Files.writeString(given.resolve("target"), "precious");
    Path link = Files.createSymbolicLink(Path.of(file + suffix), target);

    assertThat(refusal(file)).contains(link + " is a symbolic link");
    assertThat(target).hasContent("precious");
  }

  @ParameterizedTest
  @ValueSource(strings = {".shield", ".tmp", ".shield.tmp"})
  void aLinkPutThereLaterIsNotWrittenThrough(String suffix) throws IOException {
    Path target = Files.writeString(given.resolve("target"), "precious");
    try (TestStore store = open(file)) {
      Files.deleteIfExists(Path.of(file + suffix));
      Files.createSymbolicLink(Path.of(file + suffix), target);
      store.set("GET:/a", RouteStatus.ACTIVE, "");
    }
    assertThat(target).hasContent("precious");
    assertThat(file).isRegularFile();
  }

  @ParameterizedTest
  @ValueSource(strings = {".limits", ".limits.tmp"})
  void hitsAreNotWrittenThroughALinkPutThereLater(String suffix) throws IOException {
    Path target = Files.writeString(given.resolve("target"), "precious");
    try (TestStore store = open(file)) {
      Files.createSymbolicLink(Path.of(file + suffix), target);
      LimitsFile limits = store.store.limits();
      limits.hold(() -> limits.write(List.of(), Map.of()), refusal -> {});
    }
    assertThat(target).hasContent("precious");
  }

  @Test
  void aLockFileReplacedByALinkRefusesChanges() throws IOException {
    Path target = Files.writeString(given.resolve("target"), "precious");
    try (TestStore store = open(file)) {
      Files.delete(Path.of(file + ".lock"));
      Files.createSymbolicLink(Path.of(file + ".lock"), target);

      assertThatThrownBy(() -> store.set("GET:/a", RouteStatus.ACTIVE, ""))
          .isInstanceOf(ChangeRefusedException.class)
          .hasMessageContaining(file + ".lock");
    }
  }

  @Test
  void aFileReplacedByALinkIsNotRead() throws IOException {
    Path outside = Files.writeString(given.resolve("outside.json"), Edits.original());
    try (TestStore store = open(file)) {
      store.set("GET:/a", RouteStatus.ACTIVE, "");
      Files.delete(file);
      Files.createSymbolicLink(file, outside);
      store.poll();

      assertThat(store.image().snapshot().states()).containsOnlyKeys("GET:/a");
      assertThat(store.log.warnings()).singleElement().asString().contains("a symbolic link");
      assertThatThrownBy(() -> store.set("GET:/a", RouteStatus.ACTIVE, ""))
          .isInstanceOf(ChangeRefusedException.class);
    }
    assertThat(outside).hasContent(Edits.original());
  }

  @Test
  void noLinkIsFollowedWhateverWasSeenBefore() throws IOException {
    Path target = Files.writeString(given.resolve("target"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);

    assertThatThrownBy(() -> NioFileOps.INSTANCE.read(link)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> NioFileOps.INSTANCE.create(link)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> NioFileOps.INSTANCE.lock(link, Duration.ZERO))
        .isInstanceOf(IOException.class);
    assertThat(NioFileOps.INSTANCE.stamp(link).kind()).isEqualTo(FileStamp.Kind.LINK);
    assertThat(target).hasContent("precious");
  }

  @Test
  void placesThatCannotHoldAFileAreRefusedInOneLine() throws IOException {
    Path missing = given.resolve("missing");
    assertThat(refusal(missing.resolve("state.json")))
        .isEqualTo("the directory " + missing + " does not exist: create it first");
    Path plain = Files.writeString(directory.resolve("plain"), "");
    assertThat(refusal(plain.resolve("state.json"))).isEqualTo(plain + " is not a directory");
    Path taken = Files.createDirectory(directory.resolve("taken.json"));
    assertThat(refusal(taken)).isEqualTo(taken + " is a directory, not a file");
  }

  @Test
  void whatMayNotBeReadOrWrittenIsRefusedInOneLine() throws IOException {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may do everything");
    try (TestStore store = open(file)) {
      store.set("GET:/a", RouteStatus.ACTIVE, "");
    }
    Files.setPosixFilePermissions(file, Set.of());
    assertThat(refusal(file)).contains(file.toString(), "permission denied");
    Files.setPosixFilePermissions(file, OWNER_ONLY);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-x------"));
    try (TestStore store = open(file)) {
      assertThatThrownBy(() -> store.set("GET:/a", RouteStatus.DISABLED, ""))
          .isInstanceOf(ChangeRefusedException.class)
          .hasMessageContaining("permission denied");
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** What no test can see by pulling the plug, the Java runtime tells. */
  @Test
  void theSystemIsToldToPutItOnTheDisk() throws IOException {
    Path recorded = given.resolve("forced.jfr");
    try (TestStore store = open(file);
        Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withoutThreshold();
      recording.start();
      store.set("GET:/a", RouteStatus.ACTIVE, "");
      recording.stop();
      recording.dump(recorded);
    }
    assertThat(RecordingFile.readAllEvents(recorded))
        .extracting(event -> event.getString("path"))
        .containsExactly(file + ".shield.tmp", file + ".tmp", directory.toString());
  }

  @Test
  void aRelativePathIsRelativeToTheWorkingDirectory() {
    Path relative = Path.of("").toAbsolutePath().relativize(file);
    try (TestStore store = open(relative)) {
      store.set("GET:/a", RouteStatus.ACTIVE, "");
    }
    assertThat(file).exists();
  }

  @Test
  void everyWriteHasAStampOfItsOwn() throws IOException {
    Set<FileStamp> stamps = new HashSet<>();
    Set<Instant> times = new HashSet<>();
    try (TestStore store = open(file)) {
      for (int i = 0; i < 20; i++) {
        store.set("GET:/a", RouteStatus.ACTIVE, String.valueOf(i % 10));
        FileStamp stamp = NioFileOps.INSTANCE.stamp(file);
        assertThat(stamp.isFine()).isTrue();
        stamps.add(stamp);
        times.add(stamp.modified());
      }
    }
    assertThat(stamps).hasSize(20);
    assertThat(times).hasSize(20);
  }

  @Test
  void aDeletedLockFileIsMadeAnew() throws IOException {
    try (TestStore store = open(file)) {
      Files.delete(Path.of(file + ".lock"));
      store.set("GET:/a", RouteStatus.ACTIVE, "");
    }
    assertThat(Path.of(file + ".lock")).exists();
  }

  @Test
  void aLockIsHeldOnce() throws IOException {
    Path lock = Path.of(file + ".lock");
    try (Closeable held = NioFileOps.INSTANCE.lock(lock, Duration.ofSeconds(5))) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> NioFileOps.INSTANCE.lock(lock, Duration.ofMillis(20)))
          .isInstanceOf(FileOps.LockTimeoutException.class);
    }
    NioFileOps.INSTANCE.lock(lock, Duration.ZERO).close();
  }

  @Test
  void whoGivesTheLockUpDoesNotOvertakeWhoWaits() throws Exception {
    Path lock = Path.of(file + ".lock");
    CountDownLatch seen = new CountDownLatch(1);
    try (FileChannel look = FileChannel.open(lock, CREATE, WRITE)) {
      Closeable held = NioFileOps.INSTANCE.lock(lock, Duration.ofSeconds(5));
      CompletableFuture<Void> waiting =
          CompletableFuture.runAsync(
              () -> {
                try (Closeable mine = NioFileOps.INSTANCE.lock(lock, Duration.ofMinutes(1))) {
                  assertThat(mine).isNotNull();
                  seen.await();
                } catch (IOException | InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      await().atMost(20, SECONDS).until(() -> isNextTaken(look));
      held.close();

      assertThatThrownBy(() -> NioFileOps.INSTANCE.lock(lock, Duration.ZERO))
          .isInstanceOf(FileOps.LockTimeoutException.class);
      seen.countDown();
      assertThat(waiting).succeedsWithin(20, SECONDS);
    }
    NioFileOps.INSTANCE.lock(lock, Duration.ZERO).close();
  }

  private static boolean isNextTaken(FileChannel look) throws IOException {
    try (FileLock next = look.tryLock(1, 1, false)) {
      return next == null;
    } catch (OverlappingFileLockException taken) {
      return true;
    }
  }
}
