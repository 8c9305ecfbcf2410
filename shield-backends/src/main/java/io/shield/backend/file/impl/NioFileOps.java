package io.shield.backend.file.impl;

import io.shield.backend.file.impl.FileStamp.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The real disk. */
final class NioFileOps implements FileOps {
  static final NioFileOps INSTANCE = new NioFileOps();

  private static final Duration LOCK_POLL = Duration.ofMillis(2);

  /** The byte of the lock file that is locked by who writes. */
  private static final long HOLDER = 0;

  /**
   * The byte that is locked by who waits to be the holder. Who gives the lock up and wants it again
   * has to queue behind, so that a process that commits all the time cannot starve others.
   */
  private static final long NEXT = 1;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private NioFileOps() {}

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Path resolve(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    if (Files.exists(absolute)) {
      return absolute.toRealPath();
    }
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          file.toString(), null, "it is a symbolic link that leads nowhere");
    }
    Path directory = absolute.getParent();
    Path name = absolute.getFileName();
    return directory == null || name == null || !Files.exists(directory)
        ? absolute
        : directory.toRealPath().resolve(name);
  }

  @Override
  public @Nullable FileStamp stamp(Path file) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new FileStamp(
          kind(found), found.size(), found.lastModifiedTime().toInstant(), found.fileKey());
    } catch (NoSuchFileException missing) {
      return null;
    }
  }

  private static Kind kind(BasicFileAttributes found) {
    if (found.isRegularFile()) {
      return Kind.FILE;
    }
    if (found.isSymbolicLink()) {
      return Kind.LINK;
    }
    return found.isDirectory() ? Kind.DIRECTORY : Kind.OTHER;
  }

  @Override
  public byte[] read(Path file) throws IOException {
    try (var channel =
            Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        var in = Channels.newInputStream(channel)) {
      return in.readAllBytes();
    }
  }

  @Override
  public NewFile create(Path file) throws IOException {
    FileChannel channel =
        open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    return new NewFile() {
      @Override
      public void write(byte[] content) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          channel.write(left);
        }
      }

      @Override
      public void setModified(Instant time) throws IOException {
        Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .setTimes(FileTime.from(time), null, null);
      }

      @Override
      public void sync() throws IOException {
        channel.force(true);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  private static FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix ? FileChannel.open(file, options, OWNER_ONLY) : FileChannel.open(file, options);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return; // Windows opens no directory and needs no such sync.
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void deleteIfExists(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public Closeable lock(Path file, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      FileChannel channel =
          open(
              file,
              Set.of(
                  StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
      try {
        FileStamp opened = stamp(file);
        FileLock next = lock(channel, NEXT, file, deadline);
        lock(channel, HOLDER, file, deadline);
        next.release();
        if (opened != null && isStill(opened, stamp(file))) {
          return channel;
        }
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      channel.close(); // Somebody deleted the lock file; whoever made it anew holds another lock.
    }
  }

  private FileLock lock(FileChannel channel, long at, Path file, long deadline) throws IOException {
    while (true) {
      FileLock lock = tryLock(channel, at);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new LockTimeoutException(file);
      }
      pause(LOCK_POLL);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel, long at) throws IOException {
    try {
      return channel.tryLock(at, 1, false);
    } catch (OverlappingFileLockException heldByAnotherCopyOfThisClass) {
      return null;
    }
  }

  private static boolean isStill(FileStamp opened, @Nullable FileStamp now) {
    return now != null && Objects.equals(opened.key(), now.key());
  }

  @Override
  public void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
