#!/usr/bin/env python3
"""A stand-in for agents that speak the Agent Client Protocol, such as `gemini --acp`. It plays a script.

    ACP_SCRIPT=scripts/acp-edit.json ACP_LOG=acp.jsonl ./acp_agent.py --acp

It fails (status 1, a message on standard error, a line in the log) on anything that the protocol does not allow. A
script is `{"steps": [...]}`; each prompt goes on with the steps that its session has not done yet, so that a loaded
session continues.

    {"text": "..."}  {"thought": "..."}  {"plan": [["Step", "pending"], ...]}
    {"shell": "make test", "kind": "execute"}   asks for permission, then really runs it in the session's directory
    {"wait_for": "/path"}   waits until the file exists
    {"noise": "..."}   a line on standard output that is not JSON
    {"error": {"code": 429, "message": "..."}}   the prompt fails     {"stop": "max_tokens"}   the prompt ends so
    {"end": true}   the prompt ends; the next one goes on here

A refused step ends the prompt, unless it holds `"go_on": true`. Sessions are kept in $GEMINI_CLI_HOME, else in --state.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
import uuid

from acp_protocol import Deviation, Strict

OPTIONS = [
    ("once", "Allow once", "allow_once"),
    ("always", "Always allow", "allow_always"),
    ("no", "Reject", "reject_once"),
]


class Cancelled(Exception):
    pass


class Agent:
    def __init__(self, steps, state, log):
        self.steps, self.state, self.log = steps, state, log
        self.strict, self.lock, self.changed = Strict(), threading.RLock(), threading.Condition()
        self.answers, self.next_id, self.process = {}, 0, None  # the first id is 0, as with real agents

    # Messages

    def note(self, event, **more):
        if self.log:
            with self.lock, open(self.log, "a") as file:
                file.write(json.dumps({"event": event, **more}) + "\n")

    def send(self, **message):
        with self.lock:
            sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
            sys.stdout.flush()

    def update(self, session, what, **more):
        value = {"sessionUpdate": what, **more}
        session["updates"].append(value)
        self.save(session)
        self.send(method="session/update", params={"sessionId": session["id"], "update": value})

    def serve(self):
        for line in sys.stdin:
            self.note("received", line=line.rstrip("\n"))
            with self.lock:
                message = self.strict.receive(line)
            if "method" not in message:
                with self.changed:
                    self.answers[message["id"]] = message
                    self.changed.notify_all()
            else:
                getattr(self, message["method"].replace("/", "_"))(message.get("id"), message["params"])
        self.note("end_of_input")
        self.stop()

    # The client's calls

    def initialize(self, identifier, _):
        prompt = {"image": False, "audio": False, "embeddedContext": False}
        offered = {"loadSession": True, "promptCapabilities": prompt}
        self.send(id=identifier, result={"protocolVersion": 1, "agentCapabilities": offered, "authMethods": []})

    def authenticate(self, identifier, _):
        self.send(id=identifier, result={})

    session_set_mode = authenticate

    def session_new(self, identifier, params):
        session = {"id": str(uuid.uuid4()), "cwd": params["cwd"], "done": 0, "updates": []}
        self.save(session)
        self.strict.sessions.add(session["id"])
        self.send(id=identifier, result={"sessionId": session["id"]})

    def session_load(self, identifier, params):
        try:
            session = self.load(params["sessionId"])
        except OSError:
            return self.send(id=identifier, error={"code": -32002, "message": "Session not found"})
        for value in session["updates"]:  # the whole conversation is told again before the answer
            self.send(method="session/update", params={"sessionId": session["id"], "update": value})
        self.strict.sessions.add(session["id"])
        self.send(id=identifier, result={})

    def session_prompt(self, identifier, params):
        threading.Thread(target=self.turn, args=(identifier, self.load(params["sessionId"])), daemon=True).start()

    def session_cancel(self, _, params):
        self.note("cancelled")
        self.kill()
        with self.changed:
            self.changed.notify_all()

    # A turn

    def turn(self, identifier, session):
        try:
            answer = {"result": {"stopReason": self.run(session)}}
        except Cancelled:
            answer = {"result": {"stopReason": "cancelled"}}
        except Exception:  # a mistake in here must not look like an agent that takes its time
            traceback.print_exc()
            os._exit(2)
        with self.lock:
            self.strict.running.discard(session["id"])
            self.send(id=identifier, **(answer if answer["result"]["stopReason"] != "error" else {"error": self.error}))

    def run(self, session):
        while session["done"] < len(self.steps):
            self.check(session)
            step = self.steps[session["done"]]
            refused = self.step(session, step)
            session["done"] += 1
            self.save(session)
            if "error" in step:
                self.error = step["error"]
                return "error"
            if "stop" in step or "end" in step or (refused and not step.get("go_on")):
                return step.get("stop", "end_turn")
        return "end_turn"

    def step(self, session, step):
        """Does one step; whether it was refused."""
        for key, kind in (("text", "agent_message_chunk"), ("thought", "agent_thought_chunk")):
            if key in step:
                self.update(session, kind, content={"type": "text", "text": step[key]})
        if "plan" in step:
            entries = [{"content": text, "priority": "medium", "status": status} for text, status in step["plan"]]
            self.update(session, "plan", entries=entries)
        if "noise" in step:
            with self.lock:
                print(step["noise"], flush=True)
        while "wait_for" in step and not os.path.exists(step["wait_for"]):
            self.check(session)
            time.sleep(0.02)
        return "shell" in step and not self.shell(session, step)

    def shell(self, session, step):
        call = "call_" + uuid.uuid4().hex[:12]
        told = {"toolCallId": call, "title": step["shell"], "kind": step.get("kind", "execute"), "status": "pending"}
        self.update(session, "tool_call", **told)
        if not self.permitted(session, told):
            self.update(session, "tool_call_update", toolCallId=call, status="failed")
            self.update(session, "agent_message_chunk", content={"type": "text", "text": "That was refused."})
            return False
        self.update(session, "tool_call_update", toolCallId=call, status="in_progress")
        with self.lock:
            self.check(session)
            self.process = subprocess.Popen(
                ["sh", "-c", step["shell"]],
                cwd=session["cwd"],
                text=True,
                errors="replace",
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        output = self.process.communicate()[0]
        self.note("ran", command=step["shell"], status=self.process.returncode)
        self.check(session)
        content = [{"type": "content", "content": {"type": "text", "text": output}}]
        status = "failed" if self.process.returncode else "completed"
        self.update(session, "tool_call_update", toolCallId=call, status=status, content=content)
        return True

    def permitted(self, session, call):
        options = [{"optionId": name, "name": text, "kind": kind} for name, text, kind in OPTIONS]
        with self.lock:
            identifier, self.next_id = self.next_id, self.next_id + 1
            self.strict.open[identifier] = (session["id"], {option["optionId"]: option["kind"] for option in options})
        params = {"sessionId": session["id"], "toolCall": call, "options": options}
        self.send(id=identifier, method="session/request_permission", params=params)
        with self.changed:
            self.changed.wait_for(lambda: identifier in self.answers)
        self.check(session)
        answer = self.answers[identifier]
        return "result" in answer and answer["result"]["outcome"].get("optionId") == "once"

    def check(self, session):
        if session["id"] in self.strict.cancelled:
            raise Cancelled

    def kill(self):
        with self.lock:
            if self.process and self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self):
        self.kill()
        os._exit(0)

    # What is kept

    def path(self, session):
        return os.path.join(self.state, f"acp-session-{session}.json")

    def save(self, session):
        with open(self.path(session["id"]) + ".part", "w") as file:
            json.dump(session, file)
        os.replace(self.path(session["id"]) + ".part", self.path(session["id"]))

    def load(self, session):
        with open(self.path(os.path.basename(session))) as file:
            return json.load(file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", action="version", version="acp-agent 1.0.0")
    parser.add_argument("--acp", action="store_true", required=True)
    parser.add_argument("--script", default=os.environ.get("ACP_SCRIPT"))
    parser.add_argument("--log", default=os.environ.get("ACP_LOG"))
    parser.add_argument("--state", default=os.environ.get("GEMINI_CLI_HOME", "."))
    for option in ("--approval-mode", "--policy", "--model"):  # Gemini's own; of no meaning here
        parser.add_argument(option)
    parser.add_argument("--skip-trust", action="store_true")
    arguments = parser.parse_args()
    steps = []
    if arguments.script:
        with open(arguments.script) as file:
            steps = json.load(file)["steps"]
    os.makedirs(arguments.state, exist_ok=True)
    agent = Agent(steps, arguments.state, arguments.log)
    signal.signal(signal.SIGTERM, lambda *_: agent.stop())
    try:
        agent.serve()
    except Deviation as deviation:
        agent.note("deviation", message=str(deviation))
        agent.kill()
        print(f"The client deviates from the Agent Client Protocol: {deviation}", file=sys.stderr, flush=True)
        os._exit(1)


if __name__ == "__main__":
    main()
