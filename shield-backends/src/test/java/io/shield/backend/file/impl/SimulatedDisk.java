package io.shield.backend.file.impl;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A disk in memory that loses at a crash what was not synced: the content of files, and which names
 * the directory has. It can fail or crash at any operation. One thread at a time.
 */
final class SimulatedDisk implements FileOps {
  static final Path DIRECTORY = Path.of("/simulated");

  /** What happens at an operation. */
  enum Fault {
    NONE,
    /** It fails and does nothing, or half of it if it is a write. */
    FAIL,
    /** The process or machine ends before it. */
    CRASH_BEFORE,
    /** The process or machine ends after it. */
    CRASH_AFTER
  }

  /** What a crash leaves of what was not synced. */
  enum Crash {
    /** Everything: only the process was killed. */
    KILLED,
    /** Nothing. */
    NOTHING_LEFT,
    /** The directory's changes, but not the content of files. */
    NAMES_LEFT,
    /** Any part of it. */
    ANYTHING
  }

  /** The end of the process; nothing may catch it. */
  static final class Crashed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final class Inode {
    final long number;
    byte[] live = new byte[0];
    byte[] synced = new byte[0];
    Instant modified;

    Inode(long number, Instant modified) {
      this.number = number;
      this.modified = modified;
    }
  }

  private interface NameChange {
    void applyTo(Map<Path, Inode> names);
  }

  private final Map<Path, Inode> live = new TreeMap<>();
  private final Map<Path, Inode> synced = new TreeMap<>();
  private final List<NameChange> unsynced = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private long nextInode = 1;
  private Instant now = Instant.parse("2030-01-01T00:00:00.000100Z");
  private int faultAt = -1;
  private Fault fault = Fault.NONE;
  private final Set<Path> unreadable = new HashSet<>();
  private Runnable whilePausing = () -> {};
  private boolean locked;
  private boolean full;
  private boolean frozen;
  private boolean coarse;
  private long padding;
  private String interruptedAt = "";
  private Runnable interruption = () -> {};

  /** Lets the operation of the given number, from 0 on from now, go wrong. */
  void failAt(int number, Fault what) {
    done.clear();
    faultAt = number;
    fault = what;
  }

  /** Does something else just before an operation, once. */
  void before(String operation, Runnable action) {
    interruptedAt = operation;
    interruption = action;
  }

  /** Does something during the next pause. */
  void whilePausing(Runnable action) {
    whilePausing = action;
  }

  /** Lets reading a file fail, or no more. */
  void unreadable(Path file, boolean is) {
    if (is) {
      unreadable.add(file);
    } else {
      unreadable.remove(file);
    }
  }

  /**
   * The same disk as another process sees it: stores of one process know each other by it.
   *
   * @return whose operations are counted and fail like all others
   */
  FileOps ofAnotherProcess() {
    return (FileOps)
        Proxy.newProxyInstance(
            FileOps.class.getClassLoader(),
            new Class<?>[] {FileOps.class},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("equals") ? proxy == arguments[0] : 1;
              }
              try {
                return method.invoke(this, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** From now on no time passes, and every file gets the number of one that is gone. */
  void freeze() {
    frozen = true;
  }

  /** From now on the times of files are whole seconds. */
  void coarsen() {
    coarse = true;
  }

  /** From now on every file seems to have so many bytes more. */
  void pad(long bytes) {
    padding = bytes;
  }

  /** Lets every write fail, or no more. */
  void full(boolean is) {
    full = is;
  }

  /** The operations since {@link #failAt}. */
  List<String> operations() {
    return done;
  }

  /** Ends the process or machine and starts it again. */
  void crash(Crash how, Random random) {
    locked = false;
    faultAt = -1;
    if (how == Crash.KILLED) {
      return;
    }
    for (NameChange change : unsynced) {
      boolean kept =
          switch (how) {
            case NAMES_LEFT -> true;
            case ANYTHING -> random.nextBoolean();
            default -> false;
          };
      if (kept) {
        change.applyTo(synced);
      }
    }
    unsynced.clear();
    live.clear();
    live.putAll(synced);
    for (Inode inode : live.values()) {
      boolean whole = how == Crash.ANYTHING && random.nextBoolean();
      if (!whole && !Arrays.equals(inode.live, inode.synced)) {
        inode.live = how == Crash.ANYTHING ? torn(inode.live, random) : inode.synced;
      }
      inode.synced = inode.live;
    }
  }

  private static byte[] torn(byte[] content, Random random) {
    return Arrays.copyOf(content, random.nextInt(content.length + 1));
  }

  private <T> T run(String name, Operation<T> operation) throws IOException {
    if (name.equals(interruptedAt)) {
      interruptedAt = "";
      interruption.run();
    }
    if (full && name.startsWith("write ")) {
      throw new IOException("no space left in the simulation");
    }
    int number = done.size();
    done.add(name);
    Fault what = number == faultAt ? fault : Fault.NONE;
    if (what == Fault.CRASH_BEFORE) {
      throw new Crashed();
    }
    if (what == Fault.FAIL) {
      throw new IOException("no space left in the simulation");
    }
    T result = operation.run();
    if (what == Fault.CRASH_AFTER) {
      throw new Crashed();
    }
    return result;
  }

  private interface Operation<T> {
    T run() throws IOException;
  }

  private void change(NameChange change) {
    change.applyTo(live);
    unsynced.add(change);
  }

  // What an editor does

  /** Writes a file as an editor does, at once and for good. */
  void edit(Path file, byte[] content) {
    tick();
    Inode inode = new Inode(frozen ? nextInode : nextInode++, now);
    inode.live = content;
    inode.synced = content;
    live.put(file, inode);
    synced.put(file, inode);
  }

  void edit(Path file, String content) {
    edit(file, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Removes a file for good. */
  void remove(Path file) {
    live.remove(file);
    synced.remove(file);
  }

  byte[] content(Path file) {
    return live.get(file).live;
  }

  String text(Path file) {
    return new String(content(file), StandardCharsets.UTF_8);
  }

  List<Path> files() {
    return List.copyOf(live.keySet());
  }

  /** Lets time pass. */
  void pass(Duration time) {
    now = frozen ? now : now.plus(time);
  }

  private void tick() {
    pass(Duration.ofNanos(1_001_000));
  }

  // FileOps

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Path resolve(Path file) {
    return file;
  }

  @Override
  public FileStamp stamp(Path file) throws IOException {
    if (file.equals(DIRECTORY)) {
      return new FileStamp(FileStamp.Kind.DIRECTORY, 0, now, 0);
    }
    return run(
        "stamp " + file.getFileName(),
        () -> {
          Inode inode = live.get(file);
          return inode == null
              ? null
              : new FileStamp(
                  FileStamp.Kind.FILE, padding + inode.live.length, inode.modified, inode.number);
        });
  }

  @Override
  public byte[] read(Path file) throws IOException {
    if (unreadable.contains(file)) {
      throw new AccessDeniedException(file.toString());
    }
    return run("read " + file.getFileName(), () -> inode(file).live);
  }

  private Inode inode(Path file) throws IOException {
    Inode inode = live.get(file);
    if (inode == null) {
      throw new NoSuchFileException(file.toString());
    }
    return inode;
  }

  @Override
  public NewFile create(Path file) throws IOException {
    Inode inode =
        run(
            "create " + file.getFileName(),
            () -> {
              if (live.containsKey(file)) {
                throw new FileAlreadyExistsException(file.toString());
              }
              tick();
              Inode made = new Inode(frozen ? nextInode : nextInode++, now);
              change(names -> names.put(file, made));
              return made;
            });
    return new NewFile() {
      @Override
      public void write(byte[] content) throws IOException {
        inode.live = Arrays.copyOf(content, content.length / 2); // Half of it if it fails.
        run("write " + file.getFileName(), () -> inode.live = content);
      }

      @Override
      public void setModified(Instant time) throws IOException {
        run(
            "setModified " + file.getFileName(),
            () -> inode.modified = coarse ? time.truncatedTo(ChronoUnit.SECONDS) : time);
      }

      @Override
      public void sync() throws IOException {
        run("sync " + file.getFileName(), () -> inode.synced = inode.live);
      }

      @Override
      public void close() throws IOException {
        run("close " + file.getFileName(), () -> null);
      }
    };
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    run(
        "rename " + from.getFileName() + " " + to.getFileName(),
        () -> {
          Inode inode = inode(from);
          change(
              names -> {
                names.remove(from);
                names.put(to, inode);
              });
          return null;
        });
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    run(
        "syncDirectory",
        () -> {
          synced.clear();
          synced.putAll(live);
          unsynced.clear();
          return null;
        });
  }

  @Override
  public void deleteIfExists(Path file) throws IOException {
    run(
        "delete " + file.getFileName(),
        () -> {
          change(names -> names.remove(file));
          return null;
        });
  }

  @Override
  public Closeable lock(Path file, Duration limit) throws IOException {
    return run(
        "lock",
        () -> {
          if (locked) {
            throw new LockTimeoutException(file);
          }
          locked = true;
          return () ->
              run(
                  "unlock",
                  () -> {
                    locked = false;
                    return null;
                  });
        });
  }

  @Override
  public void pause(Duration duration) {
    pass(duration);
    Runnable action = whilePausing;
    whilePausing = () -> {};
    action.run();
  }
}
