#!/bin/sh
# HdrHistogram 2.2.2: the greatest and the least value are none of those that were recorded.
#
# Guess, written down before it was run: percentiles are rounded to the precision asked for, but getMaxValue and
#   getMinValue, which are counted apart, are exact, since two longs are enough for that.
# Seen: both are rounded, and away from each other: with three digits 1000003 is reported as 1000447 and 100001 as
#   99968. The mean is of rounded values too. Only the total count is exact.
# What it means: a table that shows a longest time shows one that nobody waited, up to 0.1 percent more, or 1
#   percent with two digits, and "nothing took longer than the limit" can be said wrongly. Keep a maximum of your
#   own where it is compared with a limit.
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
import org.HdrHistogram.Histogram;

public class Seen {
  public static void main(String[] args) {
    for (int digits : new int[] {2, 3}) {
      Histogram histogram = new Histogram(digits);
      histogram.recordValue(100_001);
      histogram.recordValue(1_000_003);
      System.out.println(
          digits + " digits: least " + histogram.getMinValue() + ", greatest " + histogram.getMaxValue()
              + ", mean " + histogram.getMean() + ", count " + histogram.getTotalCount());
    }
  }
}
EOF
cat > "$dir/expected" << 'EOF'
2 digits: least 99840, greatest 1003519, mean 550784.0, count 2
3 digits: least 99968, greatest 1000447, mean 550096.0, count 2
EOF
cat > "$dir/pom.xml" << EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>seen</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.hdrhistogram</groupId><artifactId>HdrHistogram</artifactId><version>2.2.2</version></dependency>
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
