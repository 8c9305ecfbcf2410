package io.shield.backend.redis.impl;

import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Snapshot;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
   * @param pages all rows of the store; a row may be in several
   */
  static Damage damage(String told, String revision, List<Response> pages) {
    String[] words = told.split(" ", -1);
    if (words.length != 5 || !words[0].equals(revision)) {
      return Damage.NONE;
    }
    Sums found = new Sums();
    Set<String> seen = new HashSet<>();
    for (Response page : pages) {
      for (Response row : page.get(5)) {
        if (seen.add(row.get(0).toString())) {
          found.add(row);
        }
      }
    }
    return !found.haveDocuments(words)
        ? Damage.DOCUMENTS
        : found.haveVersions(words) ? Damage.NONE : Damage.VERSIONS;
  }

  /**
   * Whether rows make of one copy what the head tells of another.
   *
   * @param before what the head told when the copy was read
   */
  static boolean lead(String before, Snapshot copy, List<Row> rows, String told) {
    String[] from = before.split(" ", -1);
    String[] to = told.split(" ", -1);
    if (from.length != 5 || to.length != 5) {
      return false;
    }
    Sums sums = new Sums();
    sums.versions = Long.parseLong(from[1]);
    sums.versionHashes = Long.parseLong(from[2]);
    sums.documents = Long.parseLong(from[3]);
    sums.documentHashes = Long.parseLong(from[4]);
    for (Row row : rows) {
      String name = DocumentText.name(row.key());
      DocumentValue known = copy.value(row.key());
      if (known != null) {
        sums.addVersion(name, Long.toString(copy.version(row.key())), -1);
        if (known instanceof OpaqueDocument document) {
          sums.addDocument(row.key().key(), document.content(), -1);
        }
      }
      String text = row.text();
      if (row.version() > 0) {
        sums.addVersion(name, Long.toString(row.version()), 1);
      }
      if (text != null && row.key().kind() == DocumentKind.DOCUMENT) {
        sums.addDocument(row.key().key(), text, 1);
      }
    }
    return sums.haveDocuments(to) && sums.haveVersions(to);
  }

  private boolean haveVersions(String[] words) {
    return versions == Long.parseLong(words[1]) && versionHashes == Long.parseLong(words[2]);
  }

  private boolean haveDocuments(String[] words) {
    return documents == Long.parseLong(words[3]) && documentHashes == Long.parseLong(words[4]);
  }

  private void add(Response row) {
    String name = row.get(0).toString();
    String version = row.get(1).toString();
    Response value = row.get(2);
    if (!version.equals("0")) {
      addVersion(name, version, 1);
    }
    if (name.startsWith(OPAQUE) && value != null && value.type() != ResponseType.MULTI) {
      addDocument(name.substring(OPAQUE.length()), value.toString(), 1);
    }
  }

  private void addVersion(String name, String version, int by) {
    versions += by;
    versionHashes = (versionHashes + by * hash(name + " " + version)) & MASK;
  }

  private void addDocument(String name, String content, int by) {
    documents += by;
    documentHashes = (documentHashes + by * hash(name + " " + content)) & MASK;
  }

  private long hash(String text) {
    byte[] digest = sha1.digest(text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong() >>> (Long.SIZE - HASH_BITS);
  }
}
