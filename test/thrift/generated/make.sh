#!/bin/sh
# Makes the fixtures of test/thrift/generated.spec.ts anew: what the Apache compiler writes for torture.thrift, unchanged.
# Usage: make.sh [compiler], by default `thrift` of the path; the fixtures in the repository are those of version 0.24.0, but for those
# of test/transport, which are of 0.17.0: what Debian 12 has, and clients as they were before methods went by symbols.
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
rm -rf transport
mkdir transport
for idl in ../../transport/replies.thrift ../../../idl/backup.thrift; do
  "$compiler" -out transport --gen js:node,es6,ts "$idl"
done
