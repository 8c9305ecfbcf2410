package io.shield.history;

/** What goes wrong in a run. */
enum Fault {
  /** Redis is killed and started again with its append-only file. */
  REDIS_KILLED,
  /** Redis is stopped and goes on. */
  REDIS_HALTED,
  /** Redis forgets its scripts. */
  SCRIPTS_FORGOTTEN,
  /** A node is killed, and another one takes its place and its cache. */
  NODE_KILLED,
  /** A node is stopped and goes on. */
  NODE_HALTED,
  /** A node's connections are closed. */
  CUT,
  /** A node's connections stay open, but nothing gets through. */
  HALF_OPEN,
  /** A node is heard on its connections, but not answered. */
  ANSWERS_DROPPED,
  /** A node is not heard on its connections. */
  QUESTIONS_DROPPED,
  /** An answer ends in the middle, and so does the connection. */
  TRUNCATED,
  /** Everything takes longer. */
  DELAYED,
  /** A node cannot connect for a while. */
  REFUSED
}
