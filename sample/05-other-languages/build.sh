#!/usr/bin/env bash
# Builds the programs of the named languages, python, java and go, under build/peers. Skips programs that are built already.
# Prints the missing tools of a language on standard error and ends with code 1.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
idl="$root/idl/backup.thrift"
peers="$root/build/peers"

missing() {
  echo "$1" >&2
  exit 1
}

need() {
  for command in "$@"; do command -v "$command" >/dev/null || missing "no $command on the PATH"; done
}

build_python() {
  need python3
  python3 -m venv --clear "$out/venv" || missing "python3 cannot make a virtual environment (Debian: apt-get install python3-venv)"
  "$out/venv/bin/pip" install -q --disable-pip-version-check -r "$here/python/requirements.txt" || missing "pip could not install the packages"
  mkdir -p "$out/generated"
  "$thrift" --gen py -out "$out/generated" "$idl"
}

build_java() {
  need java javac mvn
  # Its output ends with colour codes, whatever the options.
  mvn -q -B -Dstyle.color=never -f "$here/java/pom.xml" -Doutput="$out" -Dthrift="$thrift" compile \
    dependency:build-classpath -Dmdep.outputFile="$out/classpath" | sed 's/\x1b\[0m//g' || missing "Maven could not build the programs"
}

build_go() {
  need go
  cp -R "$here/go/." "$out"
  mkdir -p "$out/gen"
  "$thrift" --gen go:package_prefix=example.com/backup/gen/,skip_remote -out "$out/gen" "$idl"
  (cd "$out" && go build -o "$out/bin/" ./...) || missing "Go could not build the programs"
}

# Lists all sources of the programs of a language.
sources() {
  find "$here/$1" -type f -not -path '*/gen/*' -not -path '*/target/*' -not -path '*/generated/*' -not -name '*.pyc' -print0 | sort -z |
    xargs -0 cat "$idl" "$here/build.sh" | cksum
  echo "$thrift"
}

thrift="$(bash "$here/thrift-compiler.sh")"
for language in "$@"; do
  out="$peers/$language"
  # One at a time: tests run side by side.
  mkdir -p "$peers"
  if command -v flock >/dev/null; then
    exec 9>"$out.lock"
    flock 9
  fi
  if [ "$(cat "$out/built" 2>/dev/null)" != "$(sources "$language")" ]; then
    rm -rf "$out"
    mkdir -p "$out"
    "build_$language" >&2
    sources "$language" >"$out/built"
  fi
done
