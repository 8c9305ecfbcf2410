package io.shield.web.index;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Templates whose segments are plain text or one parameter, by segment. */
final class TemplateTrie {
  private final Node root;

  private TemplateTrie(Node root) {
    this.root = root;
  }

  /**
   * The first endpoint that takes the request, of those with an ordinal of at least {@code from},
   * and of another one that does; null if there is none.
   *
   * @param end the path's length without a final slash
   */
  @Nullable Endpoint first(
      String path, int end, HttpMethod method, int from, @Nullable Endpoint other) {
    return root.first(path, 0, end, method, from, other);
  }

  private static String[] segments(Endpoint endpoint) {
    String path = endpoint.slashlessTemplate();
    return path.isEmpty() ? new String[0] : path.substring(1).split("/", -1);
  }

  /** A node stands for the segments on the way to it. */
  private static final class Node {
    /** The segments before all others where there is one way only and more than one behind it. */
    private final String head;

    /** What follows where there is one way only; null stands for a parameter. */
    private final @Nullable String[] tail;

    /** Those that end behind the tail; null if there are none. */
    private final @Nullable Endpoint endpoints;

    private final @Nullable RegionMap<Node> texts;
    private final @Nullable Node parameter;
    private final int lowest;

    Node(
        String head,
        @Nullable String[] tail,
        @Nullable Endpoint endpoints,
        @Nullable RegionMap<Node> texts,
        @Nullable Node parameter,
        int lowest) {
      this.head = head;
      this.tail = tail;
      this.endpoints = endpoints;
      this.texts = texts;
      this.parameter = parameter;
      this.lowest = lowest;
    }

    boolean isEnd() {
      return texts == null && parameter == null;
    }

    /** The same behind a segment more. */
    Node behind(String segment) {
      return new Node("/" + segment + head, tail, endpoints, texts, parameter, lowest);
    }

    @Nullable Endpoint first(
        String path, int start, int end, HttpMethod method, int from, @Nullable Endpoint other) {
      Endpoint best = other;
      int at = start;
      for (Node node = this; node != null && !isBefore(best, node.lowest); ) {
        if (node.isEnd()) {
          return node.isTail(path, at, end) ? node.firstHere(path, method, from, best) : best;
        }
        if (!node.head.isEmpty()) {
          if (!isText(node.head, path, at, end)) {
            return best;
          }
          at += node.head.length();
        }
        if (at >= end) {
          return node.firstHere(path, method, from, best);
        }
        int begin = ++at;
        int sum = 0;
        // Segments are short: their end is found and their sum made in one go.
        for (; at < end; at++) {
          char next = path.charAt(at);
          if (next == '/') {
            break;
          }
          sum = 31 * sum + next;
        }
        if (node.parameter != null && at > begin) {
          best = node.parameter.first(path, at, end, method, from, best);
        }
        node = node.texts == null ? null : node.texts.get(path, begin, at, sum);
      }
      return best;
    }

    private static boolean isBefore(@Nullable Endpoint endpoint, int ordinal) {
      return endpoint != null && endpoint.ordinal() <= ordinal;
    }

    private @Nullable Endpoint firstHere(
        String path, HttpMethod method, int from, @Nullable Endpoint other) {
      Endpoint found = endpoints == null ? null : endpoints.firstAccepting(path, method, from);
      return found == null || isBefore(other, found.ordinal()) ? other : found;
    }

    /** Whether whole segments are a text. */
    private static boolean isText(String text, String path, int from, int end) {
      int to = from + text.length();
      return to <= end && (to == end || path.charAt(to) == '/') && path.startsWith(text, from);
    }

    private boolean isTail(String path, int from, int end) {
      int at = from;
      for (String segment : tail) {
        int begin = at + 1;
        if (begin > end) {
          return false;
        }
        if (segment == null) {
          at = begin;
          while (at < end && path.charAt(at) != '/') {
            at++;
          }
          if (at == begin) {
            return false;
          }
        } else {
          if (!isText(segment, path, begin, end)) {
            return false;
          }
          at = begin + segment.length();
        }
      }
      return at >= end;
    }
  }

  /** Collects endpoints in match order. */
  static final class Builder {
    private final NodeBuilder root = new NodeBuilder();

    /** Most routes end in the same few ways: each is kept once. */
    private final Map<List<@Nullable String>, @Nullable String[]> tails = new HashMap<>();

    void add(Endpoint endpoint) {
      NodeBuilder node = root;
      for (String segment : segments(endpoint)) {
        node = node.child(segment);
      }
      node.endpoints.add(endpoint);
    }

    /**
     * The first ordinal from {@code from} to before {@code limit} that may take a request which
     * another endpoint takes, or limit.
     */
    int firstOverlapping(Endpoint endpoint, int from, int limit) {
      return root.firstOverlapping(segments(endpoint), 0, endpoint, from, limit);
    }

    TemplateTrie build() {
      return new TemplateTrie(built(root));
    }

    private Node built(NodeBuilder node) {
      int lowest = node.endpoints.isEmpty() ? Integer.MAX_VALUE : node.endpoints.get(0).ordinal();
      Map<String, Node> texts = new HashMap<>();
      for (Map.Entry<String, NodeBuilder> entry : node.texts.entrySet()) {
        Node text = built(entry.getValue());
        texts.put(entry.getKey(), text);
        lowest = Math.min(lowest, text.lowest);
      }
      Node parameter = node.parameter == null ? null : built(node.parameter);
      lowest = parameter == null ? lowest : Math.min(lowest, parameter.lowest);
      if (node.endpoints.isEmpty() && texts.size() + (parameter == null ? 0 : 1) == 1) {
        Node only = parameter == null ? texts.values().iterator().next() : parameter;
        String segment = parameter == null ? texts.keySet().iterator().next() : null;
        if (only.isEnd()) {
          return new Node("", tail(segment, only.tail), only.endpoints, null, null, lowest);
        }
        if (segment != null) {
          return only.behind(segment);
        }
      }
      return new Node(
          "",
          tail(),
          node.endpoints.isEmpty() ? null : Endpoint.linked(node.endpoints),
          texts.isEmpty() ? null : new RegionMap<>(texts),
          parameter,
          lowest);
    }

    private @Nullable String[] tail(@Nullable String segment, @Nullable String[] rest) {
      @Nullable String[] tail = new String[rest.length + 1];
      tail[0] = segment;
      System.arraycopy(rest, 0, tail, 1, rest.length);
      return tail(tail);
    }

    private @Nullable String[] tail(@Nullable String... segments) {
      return tails.computeIfAbsent(Arrays.asList(segments), all -> segments);
    }
  }

  private static final class NodeBuilder {
    final List<Endpoint> endpoints = new ArrayList<>();
    final Map<String, NodeBuilder> texts = new HashMap<>();
    @Nullable NodeBuilder parameter;

    NodeBuilder child(String segment) {
      if (!PathTemplate.isTemplate(segment)) {
        return texts.computeIfAbsent(segment, s -> new NodeBuilder());
      }
      if (parameter == null) {
        parameter = new NodeBuilder();
      }
      return parameter;
    }

    int firstOverlapping(String[] segments, int at, Endpoint endpoint, int from, int limit) {
      if (at == segments.length) {
        return firstSharing(endpoint, from, limit);
      }
      int best = limit;
      for (NodeBuilder node : overlapping(segments[at])) {
        best = node.firstOverlapping(segments, at + 1, endpoint, from, best);
      }
      return parameter == null
          ? best
          : parameter.firstOverlapping(segments, at + 1, endpoint, from, best);
    }

    private Collection<NodeBuilder> overlapping(String segment) {
      if (PathTemplate.isTemplate(segment)) {
        return texts.values();
      }
      NodeBuilder text = texts.get(segment);
      return text == null ? List.of() : List.of(text);
    }

    /** Those that end here and share a method with another endpoint. */
    private int firstSharing(Endpoint other, int from, int limit) {
      for (Endpoint endpoint : endpoints) {
        if (endpoint.ordinal() >= from && endpoint.sharesMethod(other)) {
          return Math.min(endpoint.ordinal(), limit);
        }
      }
      return limit;
    }
  }
}
