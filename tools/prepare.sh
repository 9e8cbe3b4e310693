#!/bin/sh
# Make .venv with the pinned packages, and on Linux see to the few system libraries Qt needs.
set -eu
cd "$(dirname "$0")/.."
python="${PYTHON:-}"
if [ -z "$python" ]; then
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      python="$candidate"
      break
    fi
  done
fi
if [ -z "$python" ]; then
  echo "Krug needs Python 3.11 or newer." >&2
  exit 1
fi

if [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null 2>&1; then
  missing=""
  need() { # library, package
    if ! { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q "$1"; then missing="$missing $2"; fi
  }
  need libglib-2.0.so.0 libglib2.0-0
  need libGL.so.1 libgl1
  need libEGL.so.1 libegl1
  need libxkbcommon.so.0 libxkbcommon0
  need libdbus-1.so.3 libdbus-1-3
  need libfontconfig.so.1 libfontconfig1
  need libxcb-cursor.so.0 libxcb-cursor0
  need libxcb-icccm.so.4 libxcb-icccm4
  need libxcb-keysyms.so.1 libxcb-keysyms1
  need libxcb-shape.so.0 libxcb-shape0
  need libxcb-xkb.so.1 libxcb-xkb1
  need libxkbcommon-x11.so.0 libxkbcommon-x11-0
  need libwayland-cursor.so.0 libwayland-cursor0
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then missing="$missing python3-venv"; fi
  if [ -n "$missing" ]; then
    # Newer releases renamed one of them.
    command="apt-get install -y --no-install-recommends$missing"
    if [ "$(id -u)" = 0 ]; then
      apt-get update -q
      case "$missing" in *libglib2.0-0*)
        apt-cache show libglib2.0-0 >/dev/null 2>&1 || command="$(echo "$command" | sed 's/libglib2.0-0/libglib2.0-0t64/')" ;;
      esac
      DEBIAN_FRONTEND=noninteractive sh -c "$command"
    else
      if command -v sudo >/dev/null 2>&1; then as_root="sudo sh -c"; else as_root="su -c"; fi
      echo "Qt needs some system libraries. Install them once with:" >&2
      echo "  $as_root 'apt-get update && $command'" >&2
      exit 1
    fi
  fi
fi

[ -e .venv/.prepared ] || echo "Making .venv (about 1 GB, most of it Qt); this takes a minute or two." >&2
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt setuptools wheel Babel
.venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[dev]'
touch .venv/.prepared
