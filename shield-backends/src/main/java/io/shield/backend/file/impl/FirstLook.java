package io.shield.backend.file.impl;

import io.shield.error.ShieldException;

/** What the files say when nothing is known yet. */
record FirstLook(FileOps ops, StorePaths paths, FileReader reader, Judge judge, Reporter reporter) {
  /**
   * What the store holds.
   *
   * @throws ShieldException if the main file cannot be read, or is there and empty with nothing
   *     beside it
   */
  Standing standing() {
    Found found = reader.look(null);
    if (found instanceof Found.Broken) {
      found = reader.lookTwice(null);
    }
    if (found instanceof Found.Good good) {
      return judge.judge(good, null, ops.now());
    }
    if (found instanceof Found.Broken broken) {
      throw new ShieldException(
          broken.problem() + "; mend the file or put back a good copy, Shield has not touched it");
    }
    return without((Found.Gone) found);
  }

  private Standing without(Found.Gone main) {
    SideCopy side = reader.side();
    if (side != null) {
      reporter.gone(main);
      return Standing.of(side.image(), Seen.gone(main), side);
    }
    if (main.stamp() != null) {
      throw new ShieldException(
          main.problem(paths.main())
              + "; put back a good copy, or remove it to start with a new store");
    }
    return Standing.fresh(Image.empty(), Seen.gone(main));
  }
}
