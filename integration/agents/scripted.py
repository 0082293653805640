"""What the two model servers share: the script, the choice of the turn, the HTTP server and its log.

A script is a JSON file. `{"turns": [...]}` scripts every session alike; `{"sessions": [{"when": REGEX, "turns": [...]}
]}` takes the first whose `when` is found in the conversation's user messages (none: any conversation). A turn holds
any of

    text        what the model says
    calls       tool calls, see `model_openai.py` and `model_anthropic.py` for the short forms
    usage       {"input": N, "cached": N, "output": N}, the tokens that the answer reports
    errors      [{"status": 429, "retry_after": 1}, ...]: given one after another before the turn itself
    error       {"status": 401}: always given in place of the turn
    wait_for    a path: the answer waits until that file exists
    cut         true: the stream breaks off after its first event

and a session may hold `"replies": [{"when": REGEX, "text": "..."}]`: if the last tool result matches (a refusal, say),
the model says this and ends.

The turn is chosen by what the conversation already holds, not by a counter here. A server that was started anew, or an
agent that resumes its session, therefore goes on at the right place. A result that only says that the call was
interrupted does not count: the model asks for the same again.
"""

import argparse
import dataclasses
import http.server
import json
import os
import re
import threading
import time
import uuid

INTERRUPTED = re.compile(
    r"^aborted|aborted by user|interrupted by user|outcome (is )?unknown|was interrupted|\[Request interrupted",
    re.I,
)


@dataclasses.dataclass
class Conversation:
    """What a request holds of the session so far."""

    prompts: list  # the user's texts
    texts: int  # messages in which the model said something and called no tool
    results: list  # outputs of tool calls, as text
    tools: list  # names of the tools that the agent offers

    def done(self):
        return [result for result in self.results if not INTERRUPTED.search(result)]


class Script:
    def __init__(self, document):
        self.sessions = document.get("sessions") or [document]
        self.given = {}  # errors already given, by session and turn

    def turn(self, conversation):
        """The turn that answers this conversation, and whether an error stands in for it."""
        said = "\n".join(conversation.prompts)
        number, session = next(
            ((n, s) for n, s in enumerate(self.sessions) if re.search(s.get("when", ""), said)), (None, {})
        )
        last = conversation.results[-1:] or [""]
        for reply in session.get("replies", []):
            if last[0] and re.search(reply["when"], last[0]):
                return reply, None
        texts, results = conversation.texts, len(conversation.done())
        for index, turn in enumerate(session.get("turns", [])):
            need_results = len(turn.get("calls", []))
            need_text = int("text" in turn and not need_results)
            if texts < need_text or results < need_results or not (need_text or need_results):
                return turn, self.error(turn, (number, index))
            texts, results = texts - need_text, results - need_results
        return {"text": "The script has no further turn."}, None

    def error(self, turn, key):
        given = self.given.get(key, 0)
        errors = turn.get("errors", [])
        if given < len(errors):
            self.given[key] = given + 1
            return errors[given]
        return turn.get("error")


def call_id(prefix):
    """Unique across restarts: a resumed session would drop the result of an id that it knows."""
    return prefix + uuid.uuid4().hex[:24]


class Handler(http.server.BaseHTTPRequestHandler):
    """Takes a request, notes it, and streams what the model's `answer` yields as server-sent events."""

    protocol_version = "HTTP/1.1"
    model = None

    def do_GET(self):
        self.send_json(200, self.model.get(self.path))

    def do_HEAD(self):
        self.send_json(200, {})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            body = {"unreadable": len(raw)}
        self.model.note(self.command, self.path, body)
        path = self.path.split("?")[0]
        if not path.endswith(self.model.endpoint):
            return self.send_json(200, self.model.post(path, body))
        conversation = self.model.conversation(body)
        with self.model.lock:
            turn, error = self.model.script.turn(conversation)
        while turn.get("wait_for") and not os.path.exists(turn["wait_for"]):
            time.sleep(0.02)
        if error:
            headers = {"retry-after": str(error["retry_after"])} if "retry_after" in error else {}
            return self.send_json(error["status"], self.model.failure(error["status"]), headers)
        self.stream(self.model.answer(turn, conversation, body), turn.get("cut", False))

    def stream(self, events, cut):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for event in events:
            self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
            self.wfile.flush()
            if cut:
                break
        self.close_connection = True

    def send_json(self, status, value, headers=None):
        data = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {
            "content-type": "application/json",
            "content-length": str(len(data)),
            **(headers or {}),
        }.items():
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *_):
        pass  # standard output and error are the caller's


class Model:
    """Answers one model API. Subclasses say how requests are read and answers written."""

    endpoint = ""  # the end of the path that is answered from the script

    def __init__(self, script, log=None):
        self.script, self.log, self.lock = script, log, threading.Lock()

    def note(self, method, path, body):
        if self.log:
            with self.lock, open(self.log, "a") as file:
                file.write(json.dumps({"method": method, "path": path, "body": body}) + "\n")

    def get(self, path):
        return {"data": []}

    def post(self, path, body):
        return {}


def main(model_class):
    """`--script FILE --port 0 --ready-file F --log FILE`; prints one line of JSON when it can be called."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--script", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ready-file")
    parser.add_argument("--log")
    arguments = parser.parse_args()
    with open(arguments.script) as file:
        model = model_class(Script(json.load(file)), arguments.log)
    server = http.server.ThreadingHTTPServer(
        (arguments.host, arguments.port), type("Bound", (Handler,), {"model": model})
    )
    line = json.dumps({"event": "ready", "url": f"http://{arguments.host}:{server.server_port}"})
    if arguments.ready_file:
        with open(arguments.ready_file + ".part", "w") as file:
            file.write(line + "\n")
        os.replace(arguments.ready_file + ".part", arguments.ready_file)
    print(line, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
