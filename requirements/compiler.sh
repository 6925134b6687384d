#!/bin/sh
# What the core is compiled with, and pip cannot bring: a C compiler and the headers of the Python named as first argument.
# As root on Debian by apt, what is missing only; elsewhere it stops with one line. NEEDS=no leaves the machine as it is.
set -eu
python=$1

# Compiled, not looked up by name: a Python built here brings its own headers, a gcc may come without those of C itself.
compiles() {
    "$python" - <<'PROBE'
import os, subprocess, sys, sysconfig
compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
command = [compiler, "-I" + sysconfig.get_path("include"), "-fsyntax-only", "-x", "c", "-"]
try:
    sys.exit(subprocess.run(command, input=b"#include <Python.h>\n", capture_output=True).returncode != 0)
except OSError:
    sys.exit(1)
PROBE
}

compiles && exit 0
if [ "${NEEDS:-}" != no ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing a C compiler: gcc libc6-dev python3-dev" >&2
    # The list afresh: an old one names packages that are gone.
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        gcc libc6-dev python3-dev; } >/dev/null || true
    compiles && exit 0
fi
echo "Broadsheet's core is compiled: a C compiler and the headers of $python are missing (Debian: apt install gcc libc6-dev python3-dev)" >&2
exit 1
