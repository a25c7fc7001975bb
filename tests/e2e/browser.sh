#!/bin/sh
# Makes sure that a browser for the end-to-end tests is there, installing one where none is: browser.sh VENV_BIN
set -u
bin=$1

found() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    "$bin/python" - <<'EOF'
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(not Path(playwright.chromium.executable_path).exists())
EOF
}

found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the end-to-end tests: apt-get install chromium (about 100 MB to download)."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
        >/dev/null 2>&1
    found && exit 0
fi
echo "Installing Chromium for the end-to-end tests: playwright install chromium (about 180 MB to download)."
timeout 600 "$bin/python" -m playwright install chromium >/dev/null 2>&1
found && exit 0
echo "No browser could be installed, so the end-to-end tests will fail. This helps: apt-get install chromium"
