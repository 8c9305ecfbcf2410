package io.shield.impl.replica;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.internal.value.MirrorEpochs;
import io.shield.json.CommitJson;
import io.shield.json.JsonTree;
import io.shield.json.ShieldJson;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** A snapshot in a file, whole or not at all. Blocks; for workers. */
final class SnapshotFile {
  private static final int FORMAT = 1;
  private static final int HASH_BYTES = 8;
  private static final String DRAFT = ".tmp";
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(1);
  private static final Duration LOCK_POLL = Duration.ofMillis(5);
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Path file;

  private SnapshotFile(Path file) {
    this.file = file;
  }

  /** The file of an engine's store. */
  static SnapshotFile of(Path directory, String engine, String location) {
    try {
      byte[] all =
          MessageDigest.getInstance("SHA-256").digest(location.getBytes(StandardCharsets.UTF_8));
      String hash = HexFormat.of().formatHex(all, 0, HASH_BYTES);
      return new SnapshotFile(directory.resolve(engine + "-" + hash));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  Path path() {
    return file;
  }

  /**
   * Reads it; one without a head if there is no file.
   *
   * @throws InvalidValueException if it holds something else
   */
  Snapshot read() throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException absent) {
      return Snapshot.empty(Head.NONE);
    }
    JsonNode json = ShieldJson.parse(file.toString(), text);
    if (json.path("format").asInt() != FORMAT) {
      throw new InvalidValueException("format", json.path("format").toString(), "" + FORMAT);
    }
    return CommitJson.readSnapshot(json);
  }

  /** Writes it, unless another process of the engine's name has kept a later one. */
  void write(Snapshot snapshot) throws IOException {
    if (isLater(keptHead(), snapshot.head())) {
      return;
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    json.set("head", ShieldJson.write(snapshot.head()));
    ArrayNode documents = json.putArray("documents");
    snapshot
        .content()
        .forEach(
            (key, versioned) ->
                documents.add(CommitJson.write(key, versioned.version(), versioned.value())));
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(directory);
    deleteLeft(directory);
    Path next = Files.createTempFile(directory, file.getFileName() + ".", DRAFT);
    try {
      Files.writeString(next, ShieldJson.text(json));
      try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      replace(next, snapshot.head());
    } finally {
      Files.deleteIfExists(next);
    }
  }

  /** Looks once more, alone: another may have kept a later one while this was written. */
  private void replace(Path next, Head head) throws IOException {
    // A lock of a file excludes other processes only.
    synchronized (SnapshotFile.class) {
      try (FileChannel lock =
          FileChannel.open(
              Path.of(file + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        take(lock);
        if (!isLater(keptHead(), head)) {
          Files.move(
              next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  /** Goes on without, where nothing can be locked or a process that holds it was stopped. */
  private static void take(FileChannel lock) {
    long deadline = System.nanoTime() + LOCK_LIMIT.toNanos();
    try {
      while (lock.tryLock() == null && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(LOCK_POLL.toNanos());
      }
    } catch (IOException | OverlappingFileLockException impossible) {
      // The look alone leaves a moment only.
    }
  }

  /** Of processes that were killed while they wrote; one that writes now takes no hour for it. */
  private void deleteLeft(Path directory) {
    String prefix = file.getFileName() + ".";
    Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
    try (DirectoryStream<Path> drafts =
        Files.newDirectoryStream(
            directory,
            each ->
                each.getFileName().toString().startsWith(prefix)
                    && each.getFileName().toString().endsWith(DRAFT))) {
      for (Path draft : drafts) {
        if (Files.getLastModifiedTime(draft).toInstant().isBefore(hourAgo)) {
          Files.deleteIfExists(draft);
        }
      }
    } catch (IOException | DirectoryIteratorException goneOrOfAnotherUser) {
      // It is in nobody's way.
    }
  }

  private static boolean isLater(Head kept, Head head) {
    return kept.epoch().equals(head.epoch())
        && kept.revision() > head.revision()
        && !MirrorEpochs.isOne(kept.epoch());
  }

  /** Where the snapshot is that the file holds, which stands at its beginning. */
  private Head keptHead() {
    if (!Files.exists(file)) {
      return Head.NONE;
    }
    try (JsonParser json = FACTORY.createParser(file.toFile())) {
      json.nextToken();
      boolean known = false;
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        if (name.equals("format")) {
          known = json.getIntValue() == FORMAT;
        } else if (known && name.equals("head")) {
          return ShieldJson.readHead(JsonTree.read(json));
        }
        json.skipChildren();
      }
    } catch (IOException | ShieldException damaged) {
      // Then it is of no use.
    }
    return Head.NONE;
  }
}
