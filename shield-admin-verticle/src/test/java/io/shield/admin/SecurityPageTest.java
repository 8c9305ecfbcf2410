package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every promise of the page on security names a test that there is. */
class SecurityPageTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern NAMED = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

  @Test
  void itsTestsExist() throws IOException {
    List<String> rows =
        Files.readAllLines(ROOT.resolve("docs/security.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| promise"))
            .filter(line -> !accessTable().contains(line))
            .toList();
    assertThat(rows).hasSizeGreaterThan(25);
    for (String row : rows) {
      Matcher named = NAMED.matcher(row.substring(row.indexOf('|', 1)));
      int tests = 0;
      while (named.find()) {
        tests++;
        String test = "void " + named.group(2) + "(";
        assertThat(sources(named.group(1)))
            .as(named.group())
            .anyMatch(source -> source.contains(test));
      }
      assertThat(tests).as(row).isPositive();
    }
  }

  @Test
  void theAccessTableIsThatOfTheEndpoints() throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/security.md")))
        .contains(String.join("\n", accessTable()) + "\n\n");
  }

  private static List<String> accessTable() {
    List<String> table = new ArrayList<>();
    table.add("| endpoints | such as | no token | metrics | sdk | viewer | operator | admin |");
    table.add("|---|---|---|---|---|---|---|---|");
    List<Role> roles = List.of(Role.METRICS, Role.SDK, Role.VIEWER, Role.OPERATOR, Role.ADMIN);
    for (String access : EndpointRolesTest.accesses()) {
      String first =
          EndpointRolesTest.table().stream()
              .filter(row -> row.endsWith(" " + access))
              .findFirst()
              .orElseThrow();
      Set<Role> allowed = EndpointRolesTest.allowed(access);
      boolean open = allowed.isEmpty();
      StringBuilder line = new StringBuilder("| `" + access + "` | `");
      line.append(first, 0, first.lastIndexOf(' ')).append("` |");
      line.append(open ? " yes |" : " 401 |");
      roles.forEach(role -> line.append(open || allowed.contains(role) ? " yes |" : " 403 |"));
      table.add(line.toString());
    }
    return table;
  }

  private static List<String> sources(String test) throws IOException {
    List<Path> files;
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> roots =
          modules.map(m -> m.resolve("src/test/java")).filter(Files::isDirectory).toList();
      files = roots.stream().flatMap(root -> found(root, test + ".java")).toList();
    }
    List<String> texts = new ArrayList<>();
    for (Path file : files) {
      texts.add(Files.readString(file));
    }
    return texts;
  }

  private static Stream<Path> found(Path root, String name) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(f -> f.endsWith(name)).toList().stream();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
