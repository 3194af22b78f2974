#!/bin/sh
# Runs every check that CI runs; the first time it sets up everything they need.
exec sh "$(dirname -- "$0")/python.sh" test "$@"
