package io.shield.backend.redis.impl;

import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Counts and hashes of what the scripts keep in hashes of their own, as the head carries them: they
 * show that a part of it was lost.
 */
final class Sums {
  /** What was lost. */
  enum Damage {
    NONE,
    /** Versions, which are made anew of what they are the versions of. */
    VERSIONS,
    /** Documents, of which Redis has no other copy. */
    DOCUMENTS
  }

  private static final String OPAQUE = "document ";
  private static final int HASH_BITS = 48;
  private static final long MASK = (1L << HASH_BITS) - 1;

  private final MessageDigest sha1;
  private long versions;
  private long versionHashes;
  private long documents;
  private long documentHashes;

  private Sums() {
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }

  /**
   * Compares what was found with what the head says.
   *
   * @param told what the head carries, "" if nothing
   * @param revision the head's: who does not know the sums raises it without them
   * @param rows all rows of the store
   */
  static Damage damage(String told, String revision, Response rows) {
    String[] words = told.split(" ", -1);
    if (words.length != 5 || !words[0].equals(revision)) {
      return Damage.NONE;
    }
    Sums found = new Sums();
    rows.forEach(found::add);
    boolean sameDocuments =
        found.documents == Long.parseLong(words[3])
            && found.documentHashes == Long.parseLong(words[4]);
    boolean sameVersions =
        found.versions == Long.parseLong(words[1])
            && found.versionHashes == Long.parseLong(words[2]);
    return !sameDocuments ? Damage.DOCUMENTS : sameVersions ? Damage.NONE : Damage.VERSIONS;
  }

  private void add(Response row) {
    String name = row.get(0).toString();
    String version = row.get(1).toString();
    Response value = row.get(2);
    if (!version.equals("0")) {
      versions++;
      versionHashes = (versionHashes + hash(name + " " + version)) & MASK;
    }
    if (name.startsWith(OPAQUE) && value != null && value.type() != ResponseType.MULTI) {
      documents++;
      String field = name.substring(OPAQUE.length());
      documentHashes = (documentHashes + hash(field + " " + value)) & MASK;
    }
  }

  private long hash(String text) {
    byte[] digest = sha1.digest(text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong() >>> (Long.SIZE - HASH_BITS);
  }
}
