#!/usr/bin/env bash
# Prints the path of an Apache Thrift compiler of at least 0.20, the first whose output fits the newest runtimes: the one that the environment
# variable THRIFT names, else `thrift` on the PATH, else, on Debian, a newer release's, which is put under build/thrift and installs nothing on
# the machine. Prints on standard error why no compiler is available, with exit code 1.
set -euo pipefail

suite=forky
packages=(thrift-compiler libc6 libstdc++6 libgcc-s1)
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
build="$(cd "$here/../.." && pwd)/build"
root="$build/thrift"

missing() {
  echo "no Apache Thrift compiler of at least 0.20: $1; put one on the PATH, or its path into THRIFT" >&2
  exit 1
}

is_new() {
  local version
  version="$("$1" --version 2>/dev/null)" && [[ "$version" =~ ([0-9]+)\.([0-9]+) ]] &&
    ((BASH_REMATCH[1] > 0 || BASH_REMATCH[2] >= 20))
}

# Where this Debian has its packages from.
mirror() {
  local uris
  uris="$(sed -nE 's/^URIs: *(\S+).*/\1/p; s/^deb +(\[[^]]*\] +)?(\S+) .*/\2/p' \
    $(ls /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null) </dev/null | grep -v security)" && head -n1 <<<"$uris"
}

# apt with lists, cache and status of its own, so that it needs no rights and changes nothing of the machine's.
private_apt() {
  apt-get -q -o Dir::Etc::sourcelist="$root/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$root/lists" \
    -o Dir::State::status="$root/status" -o Dir::Cache="$root/cache" -o APT::Sandbox::User= -o Acquire::Languages=none "$@" >&2
}

# Newer than this machine's C library, so it brings its own, and the loader that goes with it.
unpack() {
  local uri loader libraries
  uri="$(mirror)" || missing "no Debian mirror among the sources of this machine"
  rm -rf "$root"
  mkdir -p "$root/lists/partial" "$root/cache/archives/partial" "$root/packages" "$root/bin"
  touch "$root/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg target=Packages] $uri $suite main" >"$root/sources.list"
  private_apt update || missing "apt-get could not read the list of Debian $suite"
  (cd "$root/packages" && private_apt download "${packages[@]}") || missing "apt-get could not download it from Debian $suite"
  for package in "$root"/packages/*.deb; do dpkg -x "$package" "$root/tree"; done
  loader="$(find "$root/tree" -name 'ld-linux*.so*' -print -quit)"
  libraries="$(dirname "$(find "$root/tree" -name 'libstdc++.so.6' -print -quit)"):$(dirname "$(find "$root/tree" -name 'libc.so.6' -print -quit)")"
  printf '#!/bin/sh\nexec %q --library-path %q %q "$@"\n' "$loader" "$libraries" "$root/tree/usr/bin/thrift" >"$root/bin/thrift"
  chmod +x "$root/bin/thrift"
  is_new "$root/bin/thrift" || missing "the one of Debian $suite does not run here"
  rm -rf "$root/lists" "$root/cache" "$root/packages"
}

if [ -n "${THRIFT:-}" ]; then
  is_new "$THRIFT" || missing "THRIFT is $THRIFT, which is none"
  echo "$THRIFT"
elif is_new thrift; then
  command -v thrift
else
  # One at a time: tests run side by side.
  mkdir -p "$build"
  if command -v flock >/dev/null; then
    exec 9>"$root.lock"
    flock 9
  fi
  if ! is_new "$root/bin/thrift"; then
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || missing "this is not a Debian, which could get one"
    unpack
  fi
  echo "$root/bin/thrift"
fi
