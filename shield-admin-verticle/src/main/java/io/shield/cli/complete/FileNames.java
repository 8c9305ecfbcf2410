package io.shield.cli.complete;

import java.util.Collections;
import java.util.Iterator;

/** Files, which the shell knows best. To be named in {@code completionCandidates}. */
public final class FileNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Collections.emptyIterator();
  }
}
