#!/usr/bin/env bash
# Puts the jars of pom.xml under build/elasticmq. Does nothing when they are there. Needs Java 11 or later and Maven.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
jars="$here/../../build/elasticmq"
if ! cmp -s "$here/pom.xml" "$jars/pom.installed"; then
  command -v java >/dev/null && command -v mvn >/dev/null || { echo 'no java and mvn on the PATH' >&2; exit 1; }
  rm -rf "$jars"
  mkdir -p "$jars"
  mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$(cd "$jars" && pwd)" >&2
  cp "$here/pom.xml" "$jars/pom.installed"
fi
