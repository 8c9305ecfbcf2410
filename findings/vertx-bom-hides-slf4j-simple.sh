#!/bin/sh
# vertx-stack-depchain 5.0.10: what its dependency management does to a binding of SLF4J.
#
# Guess, as the pom of an application was written before it was run: importing the BOM decides versions alone, so that
#   slf4j-simple, named with a version of its own and without a scope, is on the class path at run time.
# Seen: it is not. The BOM manages slf4j-simple (and other bindings) with the scope test, which holds for who names
#   none; a version of one's own does not change that. Nothing is said, and the application logs elsewhere or not at all.
# What it means: where the BOM of Vert.x is imported, write the scope of a binding: <scope>runtime</scope>. README says so.
#
# Needs Maven, 3.8 or later, with a JDK. Takes about 10 seconds. Exit code: 0 as seen, 1 it has changed, 77 it cannot be run here.
set -eu
export LC_ALL=C
if ! command -v mvn > /dev/null; then
  echo "needs Maven, 3.8 or later" >&2
  exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM

# bindings SCOPE: those on the class path at run time, of an application that names one with this scope, if any.
bindings() {
  cat > "$dir/pom.xml" << POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>seen</groupId>
  <artifactId>seen</artifactId>
  <version>1</version>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>io.vertx</groupId>
        <artifactId>vertx-stack-depchain</artifactId>
        <version>5.0.10</version>
        <type>pom</type>
        <scope>import</scope>
      </dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>2.0.17</version>
      $1
    </dependency>
  </dependencies>
</project>
POM
  mvn -B -ntp -q -f "$dir/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
    -DincludeScope=runtime "-Dmdep.outputFile=$dir/classpath" > "$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 77; }
  tr ':' '\n' < "$dir/classpath" | sed -n 's#.*/\(slf4j-simple-.*\)[.]jar$#\1#p'
}

none=$(bindings "")
runtime=$(bindings "<scope>runtime</scope>")
echo "vertx-stack-depchain 5.0.10; slf4j-simple at run time"
echo "without a scope: ${none:-none}"
echo "with <scope>runtime</scope>: ${runtime:-none}"
[ -z "$none" ] && [ "$runtime" = slf4j-simple-2.0.17 ] && exit 0
exit 1
