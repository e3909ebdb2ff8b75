#!/usr/bin/env bash
# Makes what the Python peer needs: a virtual environment under build/python with the packages of requirements.txt, and an Apache Thrift
# compiler. Does nothing when all is there. What cannot be had is said on standard error, with exit code 1.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="$here/../../../build/python"
wanted="$venv/requirements.installed"

missing() {
  echo "$1" >&2
  exit 1
}

# One at a time: test files run side by side.
mkdir -p "$(dirname "$venv")"
if command -v flock >/dev/null; then
  exec 9>"$venv.lock"
  flock 9
fi

bash "$here/../../../sample/05-other-languages/thrift-compiler.sh" >/dev/null

if ! [ -x "$venv/bin/python" ] || ! cmp -s "$here/requirements.txt" "$wanted"; then
  command -v python3 >/dev/null || missing "no python3 on the PATH"
  python3 -m venv --clear "$venv" >&2 || missing "python3 cannot make a virtual environment (Debian: apt-get install python3-venv)"
  "$venv/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt" >&2 ||
    missing "pip could not install test/interop/python/requirements.txt"
  cp "$here/requirements.txt" "$wanted"
fi
