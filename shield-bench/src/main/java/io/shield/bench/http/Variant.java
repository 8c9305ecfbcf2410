package io.shield.bench.http;

import java.util.Locale;

/** What stands before the handlers of a server's routes. */
enum Variant {
  /** No handler. */
  BARE("no handler"),

  /** A handler that only goes on. */
  NEXT("a handler that only calls next()"),

  /** Shield, with a closed route beside the one that is asked for. */
  LIFECYCLE("Shield, lifecycle only"),

  /** Shield, which also counts a caller in this process. */
  LIMIT("Shield, with a limit in the process"),

  /** Shield, which also counts a caller in Redis. */
  REDIS_LIMIT("Shield, with a limit in Redis"),

  /** A flag written by hand. */
  FLAG("a hand-written flag"),

  /** A bucket for each address, by hand, with the headers that Shield sends. */
  BUCKET4J("Bucket4j in a handler"),

  /** A limiter for each address, by hand. */
  RESILIENCE4J("Resilience4j in a handler");

  private final String description;

  Variant(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** As it stands in the names of figures. */
  String figure() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean isLimiting() {
    return this == LIMIT || this == REDIS_LIMIT || this == BUCKET4J;
  }

  boolean isShield() {
    return this == LIFECYCLE || this == LIMIT || this == REDIS_LIMIT;
  }
}
