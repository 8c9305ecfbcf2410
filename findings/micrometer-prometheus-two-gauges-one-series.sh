#!/bin/sh
# micrometer-registry-prometheus 1.15.5: gauges whose names end as a counter does lose the end, and then each other.
#
# Guess, written down before it was run: a gauge "queue.total" is exported as queue_total, beside a gauge "queue";
#   or else the second is refused with an exception, as the registry does where tags differ.
# Seen: the Prometheus client drops the endings total, created and bucket from a gauge. "queue.total" becomes queue;
#   of two gauges "queue.total" and "queue" one series is shown, with one of the values, and nothing is thrown or
#   logged.
# What it means: an alert on queue_total never fires, and one on queue watches something else. No gauge of Shield
#   has such an ending (io.shield.admin.impl.EngineMeters).
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
import io.micrometer.core.instrument.*;
import io.micrometer.prometheusmetrics.*;

public class Seen {
  public static void main(String[] args) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    for (String name : new String[] {"queue.total", "file.created", "box.bucket"}) {
      Gauge.builder(name, () -> 7).register(registry);
    }
    series(registry);
    Gauge.builder("queue", () -> 100).register(registry);
    series(registry);
  }

  private static void series(PrometheusMeterRegistry registry) {
    System.out.println(registry.getMeters().size() + " meters:");
    registry.scrape().lines().filter(line -> !line.startsWith("#")).forEach(System.out::println);
  }
}
EOF
cat > "$dir/expected" << 'EOF'
3 meters:
box 7.0
file 7.0
queue 7.0
4 meters:
box 7.0
file 7.0
queue 100.0
EOF
cat > "$dir/pom.xml" << EOF
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>seen</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.micrometer</groupId><artifactId>micrometer-registry-prometheus</artifactId><version>1.15.5</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>2.0.17</version></dependency>
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
