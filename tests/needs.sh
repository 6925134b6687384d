#!/bin/sh
# Installs what some tests need beyond Python: a Chromium, and a Docker daemon that they may start.
# As root on Debian by apt, what is missing only; elsewhere it says what is missing. NEEDS=no leaves the machine as it is.
set -eu

have() { command -v "$1" >/dev/null 2>&1; }

# Mounting (capability 21, SYS_ADMIN) is what a container of one's own takes; without it a daemon would not start.
may_mount() { [ $(( 0x$(sed -n 's/^CapEff:[^0-9a-f]*//p' /proc/self/status 2>/dev/null || echo 0) >> 21 & 1 )) = 1 ]; }

missing=
have chromium || have chromium-browser || have google-chrome || missing="$missing chromium"
have dockerd || { have docker && docker version >/dev/null 2>&1; } || ! may_mount || missing="$missing docker.io"
[ -n "$missing" ] || exit 0

if [ "${NEEDS:-}" != no ] && [ "$(id -u)" = 0 ] && have apt-get; then
    echo "installing for the tests:$missing" >&2
    # The list afresh: an old one names packages that are gone.
    # shellcheck disable=SC2086
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } \
        >/dev/null; then
        echo "note: apt could not install$missing; the tests that need them are skipped, on CI they fail" >&2
    fi
else
    echo "note: the tests that need these are skipped (Debian: apt install$missing)" >&2
fi
