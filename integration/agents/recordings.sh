#!/bin/sh
# Makes the recordings in Tests/AgentsTests/Recordings anew, with the real programs. Usage: recordings.sh [NAME...]
#   CODEX=.../codex_cli_bin/bin/codex CLAUDE=.../claude_agent_sdk/_bundled/claude integration/agents/recordings.sh
set -eu
cd "$(dirname "$0")"
out=../../Tests/AgentsTests/Recordings
wanted=" $* "

record() { # NAME SCRIPT [OPTION...]; the agent is the first word of the name
    name=$1 script=$2
    shift 2
    case "$wanted" in "  " | *" $name "*) ;; *) return 0 ;; esac
    case $name in codex-*) agent=codex binary=$CODEX ;; *) agent=claude binary=$CLAUDE ;; esac
    rm -rf /tmp/work && mkdir -p /tmp/work
    python3 record.py $agent --binary "$binary" --script "scripts/$script.json" --output "$out/$name.jsonl" "$@" ${REQUESTS:+--requests "$REQUESTS"}
}

record codex-edit codex-edit
record codex-edit-declined codex-edit --answers decline
record codex-command-accepted codex-command
record codex-command-declined codex-command --answers decline
record codex-command-cancelled codex-command --answers cancel
record codex-plan codex-plan
record codex-question codex-question --config features.default_mode_request_user_input=true
record codex-resume codex-command --resume "Pandar was restarted; go on where you were."
record codex-error-401 error-401
record codex-error-429 error-429
record codex-error-500 error-500
record codex-retry-429 error-429-once
record claude-edit claude-edit
record claude-command-allowed claude-command
record claude-command-denied claude-command --answers deny
record claude-parallel claude-parallel --answers allow,deny
record claude-question claude-question
record claude-plan claude-plan
record claude-resume claude-command --resume "Pandar was restarted; go on where you were."
record claude-error-401 error-401
record claude-error-429 error-429
record claude-error-500 error-500
record claude-retry-429 error-429-once
record claude-retry-529 error-529-once
