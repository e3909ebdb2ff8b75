#!/usr/bin/env bash
# Makes a virtual environment under build/moto with the packages of requirements.txt. Does nothing when it is there.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="$here/../../build/moto"
wanted="$venv/requirements.installed"

mkdir -p "$(dirname "$venv")"
if command -v flock >/dev/null; then
  exec 9>"$venv.lock"
  flock 9
fi
if ! [ -x "$venv/bin/moto_server" ] || ! cmp -s "$here/requirements.txt" "$wanted"; then
  command -v python3 >/dev/null || { echo 'no python3 on the PATH' >&2; exit 1; }
  python3 -m venv --clear "$venv" >&2
  "$venv/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt" >&2
  cp "$here/requirements.txt" "$wanted"
fi
