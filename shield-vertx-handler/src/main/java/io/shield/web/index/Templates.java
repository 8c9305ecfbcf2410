package io.shield.web.index;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Templates that are known as text only, tried one by one. Immutable. */
public final class Templates {
  private final Map<String, Pattern> patterns = new LinkedHashMap<>();

  /** Takes templates of exact paths, with parameters, and of wildcards; others match themselves. */
  public Templates(Collection<String> templates) {
    templates.forEach(template -> patterns.put(template, pattern(template)));
  }

  private static Pattern pattern(String template) {
    try {
      return Pattern.compile(
          template.endsWith("*")
              ? wildcardRegex(template.substring(0, template.length() - 1))
              : PathTemplate.exactRegex(template));
    } catch (PatternSyntaxException notATemplate) {
      return Pattern.compile(Pattern.quote(template));
    }
  }

  private static String wildcardRegex(String prefix) {
    boolean slash = prefix.endsWith("/");
    String text = slash ? prefix.substring(0, prefix.length() - 1) : prefix;
    return "(?s)" + PathTemplate.prefixRegex(text) + (slash ? "(?:/.*)?" : ".*");
  }

  /** Those that a normalized path matches, in their order. */
  public List<String> matching(String path) {
    return patterns.entrySet().stream()
        .filter(entry -> entry.getValue().matcher(path).matches())
        .map(Map.Entry::getKey)
        .toList();
  }
}
