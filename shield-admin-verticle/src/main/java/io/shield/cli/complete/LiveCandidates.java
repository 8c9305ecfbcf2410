package io.shield.cli.complete;

import io.shield.cli.terminal.Surroundings;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Values that nobody knows but a server or a store. To be named in {@code completionCandidates};
 * made without arguments.
 */
public abstract class LiveCandidates implements Iterable<String> {
  /**
   * Asks for the values. May block, and may fail: then there are none.
   *
   * @param here where the command line is typed
   * @param line what was typed so far
   */
  public abstract List<Candidate> candidates(Surroundings here, TypedLine line);

  /** None: they are not known when the options are set up. */
  @Override
  public final Iterator<String> iterator() {
    return Collections.emptyIterator();
  }
}
