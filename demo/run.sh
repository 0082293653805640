#!/usr/bin/env bash
# Runs a service with an embedded broker in the foreground and prints the lines to try next. Ctrl-C ends it.
#
# Usage: demo/run.sh [PANDAR], the path of the program (default: .build/debug/pandar).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
pandar=$(realpath "${1:-$here/../.build/debug/pandar}")
export PATH="$here/agents:$PATH"
export PANDAR_INSTANCE_DATA_DIR="${PANDAR_INSTANCE_DATA_DIR:-$(realpath "$here/..")/data}"

directory=$(mktemp -d "${TMPDIR:-/tmp}/pandar-run.XXXXXX")
source "$here/setup.sh"
trap 'stop_models; rm -rf "$directory"' EXIT
set_up "$here" "$directory"
cat >"$directory/sandbox.yaml" <<YAML
profiles:
  default:
    readable: [${codex:+$(dirname "$codex"), $(dirname "$claude")}]
YAML
[ "$real" = yes ] && agents="the real ones, with scripted models" || agents="stand-ins (make test fetches the real ones)"

cat <<TEXT
A service with an embedded broker (in memory, for trying out). Codex and Claude Code are $agents.
Project 1 is a repository whose main is protected; a push to it waits for a decision. In another terminal:

  export PANDAR_INSTANCE_DATA_DIR=$PANDAR_INSTANCE_DATA_DIR
  alias pandar=$pandar

  pandar watch                                  # everything that happens, live
  pandar submit < demo/reference-request.json   # the reference request
  pandar list --status waiting_confirmation     # ... and, when it waits: pandar show ID; pandar confirm ID --actor ben
  pandar submit --name Hello --command 'echo hello' --project 1 --wait
  pandar list; pandar stats; pandar doctor
  kcat -b 127.0.0.1:9092 -t pandar.task-status -C -e | tail -1
  curl -s http://127.0.0.1:8100/api/v1/tasks/stats

TEXT
"$pandar" serve --embedded-broker=127.0.0.1:9092 --http 127.0.0.1:8100 "${settings[@]}"
