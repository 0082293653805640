#!/usr/bin/env bash
# Runs a service with an embedded broker in the foreground and prints the lines to try next. Ctrl-C ends it.
#
# Usage: demo/run.sh [PANDAR], the path of the program (default: .build/debug/pandar).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
pandar=$(realpath "${1:-$here/../.build/debug/pandar}")
export PATH="$here/agents:$PATH"
export PANDAR_INSTANCE_DATA_DIR="${PANDAR_INSTANCE_DATA_DIR:-$(realpath "$here/..")/data}"

cat <<TEXT
A service with an embedded broker (in memory, for trying out). In another terminal:

  export PANDAR_INSTANCE_DATA_DIR=$PANDAR_INSTANCE_DATA_DIR
  alias pandar=$pandar

  pandar watch                                  # everything that happens, live
  pandar submit < demo/reference-request.json   # the reference request
  pandar submit --name Hello --command 'echo hello' --project 1 --wait
  pandar list; pandar stats; pandar doctor
  kcat -b 127.0.0.1:9092 -t pandar.task-status -C -e | tail -1
  curl -s http://127.0.0.1:8100/api/v1/tasks/stats

TEXT
exec "$pandar" serve --embedded-broker=127.0.0.1:9092 --http 127.0.0.1:8100 \
    --set policy.file="$here/policy.yaml"
