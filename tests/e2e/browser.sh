#!/bin/sh
# Makes sure that a browser for the end-to-end tests starts, installing what is missing: browser.sh VENV_BIN
set -u
bin=$1

driver_starts() {
    "$bin/python" -m playwright --version >/dev/null 2>&1
}

installed() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    "$bin/python" - 2>/dev/null <<'EOF'
import sys

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    try:  # its own build may be there and still lack libraries of the system
        playwright.chromium.launch(args=["--no-sandbox"]).close()
    except Exception:
        sys.exit(1)
EOF
}

if ! driver_starts || ! installed; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        # libatomic1: Playwright's driver needs it, and a minimal system lacks it
        echo "Installing Chromium for the end-to-end tests: apt-get install chromium libatomic1 (about 100 MB to download)."
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends chromium libatomic1; } >/dev/null 2>&1
    elif driver_starts; then
        echo "Installing Chromium for the end-to-end tests: playwright install chromium (about 180 MB to download)."
        timeout 600 "$bin/python" -m playwright install chromium >/dev/null 2>&1
    fi
    if ! driver_starts || ! installed; then
        echo "No browser starts here and none could be installed, so the end-to-end tests will fail. As root, this helps:"
        echo "    apt-get install chromium libatomic1"
    fi
fi
