#!/usr/bin/env python3
"""Drives a real agent through one scripted session and records both directions, one JSON line each.

    record.py codex  --binary codex  --script scripts/codex-edit.json  --answers accept,decline --output edit.jsonl
    record.py claude --binary claude --script scripts/claude-edit.json --answers allow,deny     --output edit.jsonl

Lines are `{"from": "agent" | "client", "line": "..."}`, the line being what was on the pipe, with paths and addresses
of this machine replaced. It is also the shortest complete client of either protocol to read: everything an agent asks is
answered from `--answers` in order (the last one repeats). `--stop-when question` kills the agent at the first question
and `--resume` then goes on with the same session in a second process, as after a restart of the service.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))


class Recording:
    """Collects the lines of both directions and takes out what belongs to this machine."""

    def __init__(self, replace):
        self.lines, self.replace = [], replace

    def add(self, side, line):
        self.lines.append({"from": side, "line": line})

    def write(self, path):
        with open(path, "w") as file:
            for entry in self.lines:
                file.write(
                    json.dumps({"from": entry["from"], "line": self.neutral(entry["line"])}, ensure_ascii=False) + "\n"
                )

    def neutral(self, line):
        for text, by in self.replace.items():
            line = line.replace(text, by)
        line = re.sub(r'"(serverName|installationId)":"[^"]*"', r'"\1":"scrubbed"', line)
        line = re.sub(r'"userAgent":"([^ "]*)[^"]*"', r'"userAgent":"\1"', line)
        return re.sub(r'("description":"(?:[^"\\]|\\.){60})(?:[^"\\]|\\.)*"', r'\1…"', line)  # long help texts


class Agent:
    """A running agent: `send` a value, iterate over the lines that are JSON objects."""

    def __init__(self, command, environment, directory, recording, stderr):
        self.recording = recording
        self.process = subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            text=True,
            bufsize=1,
            start_new_session=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )

    def send(self, value):
        line = json.dumps(value)
        self.recording.add("client", line)
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def __iter__(self):
        for line in self.process.stdout:
            self.recording.add("agent", line.rstrip("\n"))
            if line.startswith("{"):
                yield json.loads(line)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self):
        self.process.stdin.close()
        self.process.stdout.read()
        return self.process.wait(timeout=30)


def settle(home):
    """Waits until nothing in the agent's home has changed for a second: Claude writes its transcript a little later."""
    seen, since = None, time.monotonic()
    while time.monotonic() - since < 1:
        files = sorted(os.path.join(root, name) for root, _, names in os.walk(home) for name in names)
        now = [(file, os.path.getsize(file)) for file in files if os.path.exists(file)]
        if now != seen:
            seen, since = now, time.monotonic()
        time.sleep(0.05)


class Stopped(Exception):
    """The agent was killed at a question."""


class Answers:
    def __init__(self, text, stop):
        self.words, self.stop = text.split(","), stop

    def next(self):
        if self.stop:
            self.stop = False
            raise Stopped
        return self.words.pop(0) if len(self.words) > 1 else self.words[0]


def codex(agent, options, answers, thread):
    """One turn through `codex app-server`; returns the thread's id."""
    initialize = {"clientInfo": {"name": "pandar", "title": "Pandar", "version": "0"}}
    agent.send({"id": 0, "method": "initialize", "params": initialize})
    settings = {"cwd": options.directory, "approvalPolicy": "untrusted", "sandbox": "danger-full-access"}
    for message in agent:
        method, identifier = message.get("method"), message.get("id")
        if method is None and identifier == 0:
            agent.send({"method": "initialized"})
            start = {"id": 1, "method": "thread/start", "params": settings}
            if thread:
                start = {"id": 1, "method": "thread/resume", "params": {"threadId": thread, **settings}}
            agent.send(start)
        elif method is None and identifier == 1:
            options.session = thread = message["result"]["thread"]["id"]
            words = [{"type": "text", "text": options.prompt if not options.resumed else options.resume}]
            agent.send({"id": 2, "method": "turn/start", "params": {"threadId": thread, "input": words}})
        elif method in ("item/commandExecution/requestApproval", "item/fileChange/requestApproval"):
            answer = answers.next()
            agent.send({"id": identifier, "result": {"decision": answer}})
        elif method == "item/tool/requestUserInput":
            questions = message["params"]["questions"]
            given = {question["id"]: {"answers": [question["options"][0]["label"]]} for question in questions}
            agent.send({"id": identifier, "result": {"answers": given}})
        elif method and identifier is not None:
            agent.send({"id": identifier, "error": {"code": -32601, "message": "not supported"}})
        elif method == "turn/completed":
            return agent.close()


def claude(agent, options, answers, session):
    """One turn through stream-json; every tool goes to the hook, which lets it be asked about."""
    hooks = {"PreToolUse": [{"matcher": None, "hookCallbackIds": ["gate"]}]}
    agent.send({"type": "control_request", "request_id": "r1", "request": {"subtype": "initialize", "hooks": hooks}})

    def respond(request, value):
        response = {"subtype": "success", "request_id": request["request_id"], "response": value}
        agent.send({"type": "control_response", "response": response})

    for message in agent:
        kind = message["type"]
        if kind == "control_response":
            text = options.resume if options.resumed else options.prompt
            user = {"role": "user", "content": text}
            agent.send({"type": "user", "session_id": "", "message": user, "parent_tool_use_id": None})
        elif kind == "control_request" and message["request"]["subtype"] == "hook_callback":
            gated = message["request"]["input"]["tool_name"] in ("Bash", "Write", "AskUserQuestion")
            decision = {"hookEventName": "PreToolUse", "permissionDecision": "ask" if gated else "allow"}
            respond(message, {"hookSpecificOutput": decision})
        elif kind == "control_request" and message["request"]["subtype"] == "can_use_tool":
            request, answer = message["request"], answers.next()
            if request["tool_name"] == "AskUserQuestion":
                given = {
                    question["question"]: question["options"][0]["label"] for question in request["input"]["questions"]
                }
                respond(message, {"behavior": "allow", "updatedInput": {**request["input"], "answers": given}})
            elif answer == "allow":
                respond(message, {"behavior": "allow", "updatedInput": request["input"]})
            else:
                respond(message, {"behavior": "deny", "message": "Declined by ana: not on a Friday"})
        elif kind == "result":
            return agent.close()


def launch(options, url, home):
    """The command and environment of the agent, with its home in `home`."""
    environment = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8"}
    if options.agent == "codex":
        with open(os.path.join(home, "config.toml"), "w") as file:
            file.write(
                f'model = "{options.model or "gpt-5.2"}"\nmodel_provider = "local"\n'
                f'[model_providers.local]\nname = "local"\nbase_url = "{url}/v1"\nwire_api = "responses"\n'
                "supports_websockets = false\n[analytics]\nenabled = false\n"
            )
        command = [options.binary, "app-server", "-c", "features.plugins=false", "-c", "tools.update_plan.enabled=true"]
        command += [word for setting in options.config for word in ("-c", setting)]
        return command, {**environment, "CODEX_HOME": home}
    options.session = options.session or str(uuid.uuid4())
    session = f"--resume={options.session}" if options.resumed else f"--session-id={options.session}"
    command = [options.binary, "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"]
    command += ["--permission-mode", "default", "--permission-prompt-tool", "stdio", "--setting-sources=user"]
    command += ["--strict-mcp-config", session]
    return command, {
        **environment,
        "CLAUDE_CONFIG_DIR": home,
        "ANTHROPIC_BASE_URL": url,
        "ANTHROPIC_API_KEY": "scripted",
        "DISABLE_AUTOUPDATER": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_TELEMETRY": "1",
        "DISABLE_ERROR_REPORTING": "1",
        "CLAUDE_CODE_ENTRYPOINT": "sdk-py",
        "CLAUDE_CODE_ENABLE_TODO_TOOLS": "1",
        "CLAUDE_CODE_MAX_RETRIES": str(options.retries),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("agent", choices=["codex", "claude"])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--script", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--answers", default=None)
    parser.add_argument("--prompt", default="Do the task.")
    parser.add_argument("--resume", help="kill at the first question, then resume with this text")
    parser.add_argument("--directory", default="/tmp/work")
    parser.add_argument("--model")
    parser.add_argument("--config", action="append", default=[], help="KEY=VALUE, a setting of Codex")
    parser.add_argument("--retries", type=int, default=2)
    parser.add_argument("--requests", help="note the requests to the model here")
    options = parser.parse_args()
    options.session, options.resumed = None, False
    os.makedirs(options.directory, exist_ok=True)
    home = tempfile.mkdtemp(prefix="agent-home-")
    drive, yes = (codex, "accept") if options.agent == "codex" else (claude, "allow")
    server_file = os.path.join(HERE, "model_openai.py" if options.agent == "codex" else "model_anthropic.py")
    log = ["--log", options.requests] if options.requests else []
    server = subprocess.Popen(
        [sys.executable, server_file, "--script", options.script, *log], stdout=subprocess.PIPE, text=True
    )
    url = json.loads(server.stdout.readline())["url"]
    recording = Recording(
        {home: "/tmp/home", options.directory: "/tmp/work", url.removeprefix("http://"): "127.0.0.1:8080"}
    )
    answers = Answers(options.answers or yes, stop=options.resume is not None)
    stderr = open(os.path.join(home, "stderr"), "w+")
    try:
        while True:
            command, environment = launch(options, url, home)
            agent = Agent(command, environment, options.directory, recording, stderr)
            try:
                status = drive(agent, options, answers, options.session)
                break
            except Stopped:
                settle(home)
                agent.kill()
                options.resumed = True
        recording.write(options.output)
        print(f"{options.output}: {len(recording.lines)} lines, exit status {status}")
    finally:
        server.terminate()
        stderr.seek(0)
        sys.stderr.write(stderr.read()[-2000:])
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
