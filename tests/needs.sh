#!/bin/sh
# Installs what the tests need beyond Python: a Chromium. As root on Debian by apt; elsewhere says what is missing.
set -eu
have() { command -v "$1" >/dev/null 2>&1; }
have chromium || have chromium-browser || have google-chrome || {
    if [ "$(id -u)" = 0 ] && have apt-get; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
    else
        echo "note: no Chromium found; the browser tests will be skipped (Debian: apt install chromium)" >&2
    fi
}
