package io.shield.backend.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The configurations that docs/cluster.md recommends. */
public final class ClusterPage {
  private ClusterPage() {}

  /** The first code block under a heading. */
  public static String block(String heading) throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    String page = Files.readString(root.resolve("docs/cluster.md"));
    Matcher block =
        Pattern.compile(
                "\n## " + Pattern.quote(heading) + "\n.*?\n```[a-z]+\n(.*?)```", Pattern.DOTALL)
            .matcher(page);
    if (!block.find()) {
      throw new IllegalStateException("docs/cluster.md has no block under " + heading);
    }
    return block.group(1);
  }
}
