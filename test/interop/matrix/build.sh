#!/usr/bin/env bash
# Builds the programs of one language, python, java or go, under build/interop: that of the matrix, on the transports of
# sample/05-other-languages, and that of the carriers' matrix.
# Does nothing for what is built already. Ends with code 3, and what is missing on standard error, where the language has no tools here; with
# another one where anything else fails.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../../.." && pwd)"
carriers="$root/test/interop/carriers"
sample="$root/sample/05-other-languages"
language="$1"
peers="$root/build/peers/$language"
out="$root/build/interop/$language"

need() {
  for command in "$@"; do
    command -v "$command" >/dev/null || {
      echo "no $command on the PATH" >&2
      exit 3
    }
  done
}

generate() {
  mkdir -p "$3"
  # The compiler warns of every field id that needs --allow-neg-keys.
  "$thrift" -nowarn -r --allow-neg-keys --gen "$1" -out "$3" "$here/$2.thrift"
}

build_python() {
  generate py crazynesting "$out"
}

build_java() {
  mvn -q -B -Dstyle.color=never -f "$here/java/pom.xml" -DbuildDirectory="$out/target" dependency:build-classpath -Dmdep.outputFile="$out/json"
  echo "$peers/classes:$(cat "$peers/classpath"):$(cat "$out/json"):$out/classes" >"$out/classpath"
  generate java:generated_annotations=suppress crazynesting "$out/generated"
  find "$here/java" "$carriers/java" "$root/test/vectors/java/src/main/java/Tagged.java" "$out/generated" -name '*.java' >"$out/sources"
  javac -nowarn -Xlint:none -d "$out/classes" -cp "$(cat "$out/classpath")" "@$out/sources"
}

build_go() {
  cp -R "$peers"/{go.mod,go.sum,sqstransport} "$here"/go/{handler,peer} "$carriers/go/carrierpeer" "$out"
  cp "$root/test/vectors/go/tagged.go" "$out/peer"
  if generate go crazynesting "$out/refused"; then
    echo "Go can have CrazyNesting now: the deviation go-map-keys is over" >&2
    exit 1
  fi
  generate go:package_prefix=example.com/backup/gen/,skip_remote thrifttest "$out/gen"
  cd "$out"
  go run ./handler >peer/handler.go
  cp peer/{handler,plain,tagged}.go carrierpeer
  go build -o bin/ ./peer ./carrierpeer
}

# Lists all sources of the program.
sources() {
  find "$here/$language" "$carriers/$language" "$here/build.sh" "$here"/*.thrift "$root/test/vectors/$language" "$root/test/vectors/vectors.thrift" "$peers/built" \
    -type f -not -name '*.pyc' -print0 | sort -z | xargs -0 cat | cksum
  echo "$thrift"
}

case "$language" in
  python) need python3 ;;
  java) need java javac mvn ;;
  go) need go ;;
esac
thrift="$(bash "$sample/thrift-compiler.sh")" || exit 3
bash "$sample/build.sh" "$language"
if [ "$(cat "$out/built" 2>/dev/null)" != "$(sources)" ]; then
  rm -rf "$out"
  mkdir -p "$out"
  "build_$language" >&2
  sources >"$out/built"
fi
