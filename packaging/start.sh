#!/bin/sh
# Starts nnsim; the first time it sets up everything nnsim needs.
exec sh "$(dirname -- "$0")/python.sh" start "$@"
