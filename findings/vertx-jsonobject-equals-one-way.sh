#!/bin/sh
# vertx-core 5.0.10 and 5.1.6: JsonObject.equals depends on who is asked.
#
# Guess, written down before it was run: JsonObject compares numbers by value whatever their class, so that 1 equals
#   1L and 1.0, and 1.5 as a BigDecimal equals neither; a.equals(b) is b.equals(a).
# Seen: {"limit": 1} equals {"limit": BigDecimal 1.5}, and the other way round it does not: the number of the object
#   that is asked decides how both are compared. A long equals a double that is another number: 9007199254740993 and
#   9007199254740992.0.
# What it means: neither "has it changed?" nor a set may rest on this equals. Shield compares Jackson trees
#   (io.shield.json) and digests of written values.
#
# Needs a JDK, 17 or later, and Maven, 3.8 or later. Takes about 15 seconds. Exit code: 0 as seen, 1 it has changed, 77 it cannot be run here.
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
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;

public class Seen {
  public static void main(String[] args) {
    both(1, 1L);
    both(1, 1.0);
    both(1, new BigDecimal("1.5"));
    both(9007199254740993L, 9007199254740992.0);
  }

  private static void both(Number one, Number other) {
    JsonObject a = new JsonObject().put("limit", one);
    JsonObject b = new JsonObject().put("limit", other);
    System.out.println(
        one.getClass().getSimpleName() + " " + one + " and " + other.getClass().getSimpleName() + " " + other
            + ": " + a.equals(b) + ", asked the other way " + b.equals(a));
  }
}
EOF
cat > "$dir/expected" << 'EOF'
Integer 1 and Long 1: true, asked the other way true
Integer 1 and Double 1.0: true, asked the other way true
Integer 1 and BigDecimal 1.5: true, asked the other way false
Long 9007199254740993 and Double 9.007199254740992E15: true, asked the other way true
EOF
for version in 5.0.10 5.1.6; do
  cat > "$dir/pom.xml" << EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>seen</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.vertx</groupId><artifactId>vertx-core</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
EOF
  if ! mvn -q -B -ntp -f "$dir/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$dir/lib-$version" > "$dir/log" 2>&1; then
    tail -n 5 "$dir/log" >&2
    echo "the packages cannot be fetched" >&2
    exit 77
  fi
  java -cp "$dir/lib-$version/*" "$dir/Seen.java" > "$dir/actual" 2> "$dir/log" || { cat "$dir/actual"; tail -n 20 "$dir/log" >&2; exit 1; }
  echo "version $version"
  cat "$dir/actual"
  if ! diff "$dir/expected" "$dir/actual" > "$dir/difference"; then
    echo "it has changed:" >&2
    cat "$dir/difference" >&2
    exit 1
  fi
done
echo "as seen before"
