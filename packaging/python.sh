#!/bin/sh
# Finds a Python that works and is new enough, and gives it launch.py with these arguments.
set -fu
unset PYTHONHOME PYTHONPATH PYTHONSAFEPATH PYTHONSTARTUP __PYVENV_LAUNCHER__

here=$(dirname -- "$0")
newest_first="3.14 3.13 3.12 3.11"

works() { # works PROGRAM MODULES: it runs, is new enough, and has what set-up needs
    "$1" -c "import sys, $2; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))" \
        >/dev/null 2>&1 </dev/null
}

find_python() ( # find_python MODULES: prints the first Python that works
    IFS=:
    folders=$PATH:/usr/local/bin:/usr/bin:/opt/homebrew/bin # only what a variable holds is split
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        for folder in $folders; do
            if [ -x "$folder/$name" ] && works "$folder/$name" "$1"; then
                printf '%s\n' "$folder/$name"
                return 0
            fi
        done
    done
    return 1
)

choose() { # one that can make environments, or one that lacks only Debian's python3-venv
    find_python "ctypes, ssl, venv, ensurepip" || find_python "ctypes, ssl"
}

install_python() { # only where it needs no question: as root on a system with apt
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "Installing Python …"
    apt-get update >/dev/null 2>&1
    for version in $newest_first; do
        if apt-cache show "python$version-venv" >/dev/null 2>&1; then
            DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
                "python$version-venv" >/dev/null 2>&1 && return 0
        fi
    done
    return 1
}

if ! python=$(choose); then
    if ! install_python || ! python=$(choose); then
        echo "nnsim needs Python 3.11, 3.12, 3.13 or 3.14 and found none: install one" \
            "(Debian and Ubuntu: sudo apt install python3 python3-venv) and try again." >&2
        exit 1
    fi
fi
exec "$python" "$here/launch.py" "$@"
