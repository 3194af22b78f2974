#!/bin/sh
# Writes run.txt and test.txt anew: the newest packages that pyproject.toml allows.
# One version of each for Python 3.11 to 3.14 on Linux, macOS and Windows. Needs uv.
set -eu
cd "$(dirname -- "$0")/../.."

lock() { # lock FILE GROUP
    uv pip compile pyproject.toml --group "$2" --output-file "packaging/lock/$1" --upgrade \
        --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --quiet \
        --custom-compile-command "sh packaging/lock/update.sh"
}

lock test.txt dev
lock run.txt setup
