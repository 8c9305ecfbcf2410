#!/bin/sh
# jackson-dataformat-yaml 2.18.6: texts that ALWAYS_QUOTE_NUMBERS_AS_STRINGS leaves without quotes.
#
# Guess, written down before it was run: with MINIMIZE_QUOTES and ALWAYS_QUOTE_NUMBERS_AS_STRINGS every text that
#   its own parser would take for a number is quoted, so that what is written is read as the same text.
# Seen: only plain decimals are quoted. 1e3, 0x1F, 0b11 and 1_000 are written bare and read as numbers; .nan and
#   190:20:30.15 are written bare and then refused by the parser that belongs to the generator.
# What it means: who writes what people typed (a reason, a build number such as 7e10) needs a StringQuotingChecker
#   of his own. Shield has one in io.shield.admin.document.DocumentText; docs/declared-state.md promises that an
#   export applied changes nothing.
#
# Needs a JDK, 17 or later, and Maven, 3.8 or later. Takes about 10 seconds. Exit code: 0 as seen, 1 it has changed, 77 it cannot be run here.
set -eu
export LC_ALL=C
if ! command -v mvn > /dev/null || ! java --list-modules 2> /dev/null | grep -q '^jdk[.]compiler@\(1[7-9]\|[2-9]\)'; then
  echo "needs a JDK, 17 or later, and Maven, 3.8 or later" >&2
  exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cat > "$dir/Seen.java" << 'EOF'
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.*;

public class Seen {
  public static void main(String[] args) throws Exception {
    YAMLMapper yaml =
        YAMLMapper.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();
    System.out.println("jackson-dataformat-yaml " + PackageVersion.VERSION);
    for (String text : new String[] {"12", "1.5", "1e3", "7e10", "0x1F", "0b11", "1_000", "190:20:30.15", ".nan"}) {
      String written = yaml.writeValueAsString(yaml.createObjectNode().put("reason", text));
      String read;
      try {
        JsonNode node = yaml.readTree(written).get("reason");
        read = node.getNodeType() + " " + node;
      } catch (JsonProcessingException e) {
        read = "refused: " + e.getOriginalMessage();
      }
      System.out.println(written.strip() + " -> " + read);
    }
  }
}
EOF
cat > "$dir/expected" << 'EOF'
jackson-dataformat-yaml 2.18.6
reason: "12" -> STRING "12"
reason: "1.5" -> STRING "1.5"
reason: 1e3 -> NUMBER 1000.0
reason: 7e10 -> NUMBER 7.0E10
reason: 0x1F -> NUMBER 31
reason: 0b11 -> NUMBER 3
reason: 1_000 -> NUMBER 1000
reason: 190:20:30.15 -> refused: Malformed numeric value '190:20:30.15'
reason: .nan -> refused: Malformed numeric value '.nan'
EOF
cat > "$dir/pom.xml" << EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>seen</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.fasterxml.jackson.dataformat</groupId><artifactId>jackson-dataformat-yaml</artifactId><version>2.18.6</version></dependency>
  </dependencies>
</project>
EOF
if ! mvn -q -B -ntp -f "$dir/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  -DoutputDirectory="$dir/lib" > "$dir/log" 2>&1; then
  tail -n 5 "$dir/log" >&2
  echo "the packages cannot be fetched" >&2
  exit 77
fi
java -cp "$dir/lib/*" "$dir/Seen.java" > "$dir/actual" 2> "$dir/log" || { cat "$dir/actual"; tail -n 20 "$dir/log" >&2; exit 1; }
cat "$dir/actual"
if ! diff "$dir/expected" "$dir/actual" > "$dir/difference"; then
  echo "it has changed:" >&2
  cat "$dir/difference" >&2
  exit 1
fi
echo "as seen before"
