# What the demo and `make run` share: a project with a repository, and agents. Sourced; sets `real` to yes or no.
#
# set_up HERE DIRECTORY: writes settings into DIRECTORY and starts the models' stand-ins, whose processes are in `models`.

models=()

set_up() {
    local here=$1 directory=$2
    make_website "$directory"
    if find_agents "$here"; then
        real=yes
        start_models "$here" "$directory"
        real_agents "$directory"
    else
        real=no
        printf 'agents:\n  codex: {adapter: exec}\n  claude: {adapter: exec}\n' >"$directory/agents.yaml"
    fi
    # A program without a protocol: what its lines tell, and what is typed where it asks.
    cat >>"$directory/agents.yaml" <<'YAML'
  release-wizard:
    adapter: exec
    progress: [{pattern: '[{done}/{total}] {step}'}]
    prompts: [{pattern: 'Publish version', answer: 'yes'}]
YAML
    settings=(
        --set policy.file="$here/policy.yaml" --set agents.file="$directory/agents.yaml"
        --set sandbox.file="$directory/sandbox.yaml" --set projects.file="$directory/projects.yaml"
    )
}

# A bare repository with a small website in it, whose main is protected by the gate git_push_protected.
make_website() {
    local directory=$1
    git init --quiet --bare --initial-branch=main "$directory/website.git"
    git init --quiet --initial-branch=main "$directory/website"
    printf 'left-pad 1.0.0\nis-odd 3.0.1\n' >"$directory/website/dependencies.txt"
    printf 'set -e\ngrep --quiet "^left-pad" dependencies.txt\necho "1 test passed"\n' >"$directory/website/test.sh"
    git -C "$directory/website" add .
    git -C "$directory/website" -c user.name=Ana -c user.email=ana@example.invalid \
        commit --quiet --message "The website begins"
    git -C "$directory/website" push --quiet "$directory/website.git" main
    cat >"$directory/projects.yaml" <<YAML
projects:
  1:
    name: website
    repository: $directory/website.git
default:
  name: default
YAML
}

# The programs that `make test` and `make demo` fetch.
find_agents() {
    local packages
    packages=$(echo "$1"/../.venv-agents/lib/python3*/site-packages)
    codex=$(realpath -q "$packages/codex_cli_bin/bin/codex") && claude=$(realpath -q "$packages/claude_agent_sdk/_bundled/claude") &&
        [ -x "$codex" ] && [ -x "$claude" ]
}

start_models() {
    local here=$1 directory=$2 name
    for name in openai:codex anthropic:claude; do
        # Not 127.0.0.1, which in the sandbox is the sandbox: the agents get there by the proxy, as to any model.
        python3 "$here/../integration/agents/model_${name%:*}.py" --host 127.0.0.2 \
            --script "$here/models/${name#*:}.json" --ready-file "$directory/${name#*:}.ready" >/dev/null &
        models+=($!)
    done
    for name in codex claude; do
        until [ -s "$directory/$name.ready" ]; do
            kill -0 "${models[@]}" || return 1
            sleep 0.05
        done
    done
}

# The shipped definitions, led to the models above. With real credentials nothing of this is needed: see the README.
real_agents() {
    local directory=$1 model_codex model_claude
    model_codex=$(sed -E 's/.*"url": "([^"]+)".*/\1/' "$directory/codex.ready")
    model_claude=$(sed -E 's/.*"url": "([^"]+)".*/\1/' "$directory/claude.ready")
    cat >"$directory/agents.yaml" <<YAML
agents:
  codex:
    program: $codex
    adapter: codex-app-server
    arguments: [app-server, '-c', 'features.plugins=false', '-c', 'tools.update_plan.enabled=true', '-c',
      'features.default_mode_request_user_input=true', '-c', 'suppress_unstable_features_warning=true', '-c',
      'analytics.enabled=false', '-c', 'model="gpt-5.2"', '-c', 'model_provider="scripted"', '-c',
      'model_providers.scripted={name="scripted",base_url="$model_codex/v1",wire_api="responses",supports_websockets=false}']
    hosts: ['${model_codex#http://} tls=false']
    resume: true
  claude:
    program: $claude
    adapter: claude-stream-json
    arguments: ['-p', '--input-format', stream-json, '--output-format', stream-json, '--verbose', '--permission-mode',
      default, '--permission-prompt-tool', stdio, '--setting-sources=user', '--strict-mcp-config']
    environment:
      ANTHROPIC_BASE_URL: $model_claude
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1'
      CLAUDE_CODE_ENABLE_TODO_TOOLS: '1'
      CLAUDE_CODE_ENTRYPOINT: sdk-py
      DISABLE_AUTOUPDATER: '1'
      DISABLE_ERROR_REPORTING: '1'
      DISABLE_TELEMETRY: '1'
    credentials: [ANTHROPIC_API_KEY]
    hosts: ['${model_claude#http://} tls=false']
    resume: true
YAML
    # The scripted model takes any key; the program insists on one.
    export ANTHROPIC_API_KEY=${ANTHROPIC_API_KEY:-scripted}
}

stop_models() {
    [ ${#models[@]} -eq 0 ] || kill "${models[@]}" 2>/dev/null || true
    models=()
}
