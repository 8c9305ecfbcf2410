package io.shield.web.index;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
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
   * The first ordinal from {@code from} to before {@code limit} that takes the request, or limit.
   *
   * @param end the path's length without a final slash
   */
  int first(String path, int end, HttpMethod method, int from, int limit) {
    return root.first(path, 0, end, method, from, limit);
  }

  /**
   * The first ordinal from {@code from} to before {@code limit} that may take a request which
   * another endpoint takes, or limit.
   */
  int firstOverlapping(Endpoint endpoint, int from, int limit) {
    return root.firstOverlapping(segments(endpoint), 0, endpoint, from, limit);
  }

  private static String[] segments(Endpoint endpoint) {
    String path = endpoint.slashlessTemplate();
    return path.isEmpty() ? new String[0] : path.substring(1).split("/", -1);
  }

  /** A node stands for the segments on the way to it. */
  private static final class Node {
    private final Candidates endpoints;
    private final RegionMap<Node> texts;
    private final @Nullable Node parameter;
    private final int lowest;

    Node(Candidates endpoints, Map<String, Node> texts, @Nullable Node parameter, int lowest) {
      this.endpoints = endpoints;
      this.texts = new RegionMap<>(texts);
      this.parameter = parameter;
      this.lowest = lowest;
    }

    int first(String path, int at, int end, HttpMethod method, int from, int limit) {
      if (lowest >= limit) {
        return limit;
      }
      if (at >= end) {
        return endpoints.first(path, method, from, limit);
      }
      int begin = at + 1;
      int slash = path.indexOf('/', begin);
      int next = slash < 0 ? end : Math.min(slash, end);
      int best = limit;
      Node text = texts.get(path, begin, next);
      if (text != null) {
        best = text.first(path, next, end, method, from, best);
      }
      if (parameter != null && next > begin) {
        best = parameter.first(path, next, end, method, from, best);
      }
      return best;
    }

    int firstOverlapping(String[] segments, int at, Endpoint endpoint, int from, int limit) {
      if (at == segments.length) {
        return endpoints.firstSharing(endpoint, from, limit);
      }
      List<Node> nodes = new ArrayList<>();
      if (PathTemplate.isTemplate(segments[at])) {
        texts.forEachValue(nodes::add);
      } else {
        String segment = segments[at];
        Node text = texts.get(segment, 0, segment.length());
        if (text != null) {
          nodes.add(text);
        }
      }
      if (parameter != null) {
        nodes.add(parameter);
      }
      int best = limit;
      for (Node node : nodes) {
        best = node.firstOverlapping(segments, at + 1, endpoint, from, best);
      }
      return best;
    }
  }

  /** Collects endpoints in match order. */
  static final class Builder {
    private final NodeBuilder root = new NodeBuilder();

    void add(Endpoint endpoint) {
      NodeBuilder node = root;
      for (String segment : segments(endpoint)) {
        node = node.child(segment);
      }
      node.endpoints.add(endpoint);
    }

    TemplateTrie build() {
      return new TemplateTrie(root.build());
    }
  }

  private static final class NodeBuilder {
    final List<Endpoint> endpoints = new ArrayList<>();
    private final Map<String, NodeBuilder> texts = new HashMap<>();
    private @Nullable NodeBuilder parameter;

    NodeBuilder child(String segment) {
      if (!PathTemplate.isTemplate(segment)) {
        return texts.computeIfAbsent(segment, s -> new NodeBuilder());
      }
      if (parameter == null) {
        parameter = new NodeBuilder();
      }
      return parameter;
    }

    Node build() {
      int lowest = endpoints.isEmpty() ? Integer.MAX_VALUE : endpoints.get(0).ordinal();
      Map<String, Node> nodes = new HashMap<>();
      for (Map.Entry<String, NodeBuilder> entry : texts.entrySet()) {
        Node node = entry.getValue().build();
        nodes.put(entry.getKey(), node);
        lowest = Math.min(lowest, node.lowest);
      }
      Node parameterNode = null;
      if (parameter != null) {
        parameterNode = parameter.build();
        lowest = Math.min(lowest, parameterNode.lowest);
      }
      return new Node(new Candidates(endpoints), nodes, parameterNode, lowest);
    }
  }

  /** The endpoints whose path is the same, but for the final slash, in match order. */
  static final class Candidates {
    private final Endpoint[] endpoints;

    Candidates(List<Endpoint> endpoints) {
      this.endpoints = endpoints.toArray(new Endpoint[0]);
    }

    /**
     * The first ordinal from {@code from} to before {@code limit} that shares a method with an
     * endpoint, or limit.
     */
    int firstSharing(Endpoint other, int from, int limit) {
      for (Endpoint endpoint : endpoints) {
        if (endpoint.ordinal() >= from && endpoint.sharesMethod(other)) {
          return Math.min(endpoint.ordinal(), limit);
        }
      }
      return limit;
    }

    /**
     * The first ordinal from {@code from} to before {@code limit} that takes the request, or limit.
     */
    int first(String path, HttpMethod method, int from, int limit) {
      for (Endpoint endpoint : endpoints) {
        int ordinal = endpoint.ordinal();
        if (ordinal >= limit) {
          return limit;
        }
        if (ordinal >= from && endpoint.accepts(path, method)) {
          return ordinal;
        }
      }
      return limit;
    }
  }
}
