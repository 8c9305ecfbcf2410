package io.shield.bench.lookup;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Request paths, round and round in a random but fixed order. A server cuts the path out of the
 * bytes it read, so each request's is a new string whose hash nobody has computed yet; a string
 * that is used twice would remember its hash and look cheaper than it is. Ours and the baseline get
 * the same strings.
 */
final class Requests {
  /** A power of two. */
  private static final int COUNT = 1 << 10;

  private static final long SEED = 42;

  private final byte[][] paths = new byte[COUNT][];
  private int next;

  /** Requests for these paths, each as often as any other. */
  Requests(List<String> all) {
    List<String> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(SEED));
    for (int i = 0; i < COUNT; i++) {
      paths[i] = shuffled.get(i % shuffled.size()).getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  String next() {
    byte[] path = paths[next];
    next = (next + 1) & (COUNT - 1);
    return new String(path, StandardCharsets.ISO_8859_1);
  }
}
