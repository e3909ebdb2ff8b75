#!/bin/sh
# Makes the fixtures of test/thrift/generated.spec.ts anew: what the Apache compiler writes for torture.thrift, unchanged.
# Usage: make.sh [compiler], by default `thrift` of the path; the fixtures in the repository are those of version 0.24.0.
set -eu
cd "$(dirname "$0")"
compiler=${1:-thrift}
for flavour in node es6 ts; do
  case $flavour in
    node) options=js:node ;;
    *) options=js:node,$flavour ;;
  esac
  rm -rf "$flavour"
  mkdir "$flavour"
  "$compiler" -out "$flavour" --gen "$options" ../torture.thrift
done
