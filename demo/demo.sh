#!/usr/bin/env bash
# Shows what Pandar does: a service with a broker of its own, tasks of every kind, and what becomes of them.
# Exits with 0 when everything went as it must. Nothing is left behind.
#
# Usage: demo/demo.sh [PANDAR], the path of the program (default: .build/debug/pandar).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
pandar=${1:-$here/../.build/debug/pandar}
directory=$(mktemp -d "${TMPDIR:-/tmp}/pandar-demo.XXXXXX")
export PATH="$here/agents:$PATH"
export PANDAR_INSTANCE_DATA_DIR="$directory/data"
service= watcher=
source "$here/setup.sh"

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

finish() {
    status=$?
    trap - EXIT
    [ -z "$watcher" ] || kill "$watcher" 2>/dev/null || true
    if [ -n "$service" ]; then
        kill -TERM "$service" 2>/dev/null || true
        wait "$service" 2>/dev/null || true
    fi
    if [ "$status" -ne 0 ]; then
        say "The demo failed; the end of the service's log:"
        tail -n 20 "$directory/service.log" || true
    fi
    stop_models
    rm -rf "$directory"
    exit "$status"
}
trap finish EXIT

# submit ID ARGUMENTS…: publishes a task and returns when the broker has it.
submit() {
    local id=$1
    shift
    "$pandar" submit --id "$id" --name "$id" --project 3 "$@" >/dev/null
}

# until_state STATE TASK…: waits until the tasks are in that state.
until_state() {
    local state=$1
    shift
    "$pandar" watch "$@" --until "$state" --within 60 --json >/dev/null
}

# ended TASK…: waits until the tasks have ended, however that was.
ended() {
    local status=0
    "$pandar" watch "$@" --within 60 --json >/dev/null || status=$?
    # 1: one failed, 3: one was cancelled; whether that is right is checked at the end.
    [ "$status" -eq 0 ] || [ "$status" -eq 1 ] || [ "$status" -eq 3 ]
}

say "Starting a service with an embedded broker (in memory, for trying out)"
mkfifo "$directory/ready"
mkdir "$directory/shared"
set_up "$here" "$directory"
cat >"$directory/sandbox.yaml" <<YAML
# Every task of the demo runs in a sandbox. Two of them wait for a file that the demo makes: its directory is all that
# they see of this machine beside the system itself and the agents' programs.
profiles:
  default:
    readable: [$directory/shared${codex:+, $(dirname "$codex"), $(dirname "$claude")}]
    limits: {memory_mb: 1024, processes: 256}
YAML
say_git() { git -C "$directory/website.git" log --format='      %h %an: %s' main; }
"$pandar" serve --embedded-broker=127.0.0.1:0 --http 127.0.0.1:0 --slots 2 \
    "${settings[@]}" --set retry.base_seconds=1 --set runner.kill_grace_seconds=1 --set shutdown.drain_seconds=1 \
    >"$directory/ready" 2>"$directory/service.log" &
service=$!
read -r -t 60 ready <"$directory/ready"
echo "$ready"
python="$here/../.venv/bin/python3"
bootstrap=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["bootstrap"])' "$ready")

"$pandar" watch --from-beginning --no-json &
watcher=$!

if [ "$real" = yes ]; then
    say "The reference request, as it stands: the real Codex, with a scripted model in place of a paid one"
    reference=$("$pandar" submit <"$here/reference-request.json")
    # It asks in words, which claude (proxy_agent) answers; then it wants to push to the protected branch.
    until_state waiting_confirmation "$reference"
    "$pandar" show "$reference"
    "$pandar" confirm "$reference" --actor ben --reason "read the change"
else
    say "The reference request, as it stands. NOT the real Codex, which could not be fetched: a stand-in that prints"
    cat "$here/../.venv-agents/.missing" 2>/dev/null || true
    reference=$("$pandar" submit <"$here/reference-request.json")
fi
ended "$reference"
say_git

say "Both slots are taken, a backlog builds up, and an urgent task comes last"
submit hold-1 --command "until-released $directory/shared/release"
submit hold-2 --command "until-released $directory/shared/release"
until_state running hold-1 hold-2
"$pandar" submit >/dev/null <<JSON
{"task_id":"low-1","name":"low-1","command":"echo dependency report","project_id":3,"priority":"low"}
{"task_id":"low-2","name":"low-2","command":"echo licence report","project_id":3,"priority":"low"}
{"task_id":"low-3","name":"low-3","command":"echo coverage report","project_id":2,"priority":"low"}
{"task_id":"medium-1","name":"medium-1","command":"claude review","project_id":3,"metadata":{"agent":"claude"}}
{"task_id":"medium-2","name":"medium-2","command":"echo changelog","project_id":2}
JSON
submit urgent --priority urgent --command "codex hotfix" --agent codex
until_state pending low-1 low-2 low-3 medium-1 medium-2 urgent
touch "$directory/shared/release"
ended hold-1 hold-2 urgent low-1 low-2 low-3 medium-1 medium-2

say "One fails and is retried, one is scheduled, one takes too long, two share a concurrency key, one is malformed"
echo '{"name":"no command","project_id":"one"}' | "$pandar" submit --no-validate
submit flaky --command "flaky-build" --retries 2
submit scheduled --command "echo right on time" --at "$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%S.%3NZ)"
submit too-long --command "until-released $directory/shared/never" --timeout 1
"$pandar" submit >/dev/null <<JSON
{"task_id":"keyed-1","name":"keyed-1","command":"claude deploy 1","project_id":3,"metadata":{"concurrency_key":"deploy"}}
{"task_id":"keyed-2","name":"keyed-2","command":"claude deploy 2","project_id":3,"metadata":{"concurrency_key":"deploy"}}
JSON
ended flaky scheduled too-long keyed-1 keyed-2

say "One asks for approval before it starts, and gets it"
submit approved --policy manual --created-by ana --command "codex release --tag v1"
until_state waiting_confirmation approved
"$pandar" confirm approved --actor ben --reason "the tests are green"
ended approved

say "Two push to the protected branch of their project in the middle of their work, and are stopped"
for id in push-approved push-rejected; do
    submit "$id" --project 1 --created-by ana --policy auto_with_gates --gate git_push_protected \
        --command "push-to-main '$id'"
done
until_state waiting_confirmation push-approved push-rejected
"$pandar" show push-approved
echo "main of the repository while they wait:"
say_git
"$pandar" confirm push-approved --actor ben --reason "read the commit"
"$pandar" reject push-rejected --actor ben --reason "not in this release"
ended push-approved push-rejected
echo "main of the repository afterwards:"
say_git
"$pandar" audit push-approved

say "A third is approved by a program: an example client in Python, on the topics alone"
submit push-by-client --project 1 --created-by ana --policy auto_with_gates --gate git_push_protected \
    --command "push-to-main 'push-by-client'"
until_state waiting_confirmation push-by-client
if "$python" -c "import confluent_kafka" 2>/dev/null; then
    "$python" "$here/../integration/python-confluent/approve.py" --bootstrap "$bootstrap" --actor cleo \
        --task push-by-client --yes --once --reason "within the rules"
else
    echo "NOT RUN: confluent-kafka is not installed ($python); \`make venv\` does it. Approved with pandar instead."
    "$pandar" confirm push-by-client --actor cleo --reason "within the rules"
fi
ended push-by-client
say_git

say "One speaks no protocol, and asks on its terminal: a rule of its definition answers"
submit wizard --command "release-wizard 2.0"
ended wizard

say "One is refused: the command policy finds sudo in the agent's prompt"
submit refused --command "codex 'please run sudo rm -rf /'"
"$pandar" policy explain "codex 'please run sudo rm -rf /'" || true

say "One looks around: this is all of the machine that a task sees"
submit looks --command "echo-machine"
ended looks
"$pandar" show looks

say "One is cancelled while it runs"
submit cancelled --command "until-released $directory/shared/never"
until_state running cancelled
"$pandar" cancel cancelled --actor ana --reason "not needed any more"
ended cancelled

kill "$watcher" 2>/dev/null || true
wait "$watcher" 2>/dev/null || true
watcher=

say "The figures"
"$pandar" stats
say "The dead letters"
"$pandar" dead-letters list
say "Checking that everything went as it must"
python3 "$here/check.py" "$pandar" "$reference" "$directory/website.git" "$real"
kill -TERM "$service"
wait "$service" && status=0 || status=$?
service=
[ "$status" -eq 0 ] || { echo "WRONG the service ended with $status on SIGTERM"; exit 1; }
echo "ok    the service ended in order"
say "Done. Try it yourself: make run"
