"""What a client may send by the Agent Client Protocol, version 1, and nothing else: https://agentclientprotocol.com.

`Strict.receive` takes a line and gives the message, or raises `Deviation` with what was wrong. It knows the order of
calls (initialize, then a session, then one prompt at a time) and which requests of the agent are open.
"""

import json
import os

TEXT, RECORD, LIST = str, dict, list
# Method: (is it a request, required parameters, optional parameters). `_meta` is allowed everywhere.
METHODS = {
    "initialize": (True, {"protocolVersion": int}, {"clientCapabilities": RECORD, "clientInfo": RECORD}),
    "authenticate": (True, {"methodId": TEXT}, {}),
    "session/new": (True, {"cwd": TEXT, "mcpServers": LIST}, {}),
    "session/load": (True, {"sessionId": TEXT, "cwd": TEXT, "mcpServers": LIST}, {}),
    "session/prompt": (True, {"sessionId": TEXT, "prompt": LIST}, {}),
    "session/set_mode": (True, {"sessionId": TEXT, "modeId": TEXT}, {}),
    "session/cancel": (False, {"sessionId": TEXT}, {}),
}
CAPABILITIES = {"fs": RECORD, "terminal": bool}
CONTENT = {"text": {"text": TEXT}, "resource_link": {"uri": TEXT, "name": TEXT}}


class Deviation(Exception):
    """The client did what the protocol does not allow."""


def require(condition, text):
    if not condition:
        raise Deviation(text)


def fields(value, required, optional, where):
    require(isinstance(value, dict), f"{where} is not an object")
    for name, kind in {**required, **optional}.items():
        require(name in value or name in optional, f"{where} lacks {name}")
        right = (
            name not in value or isinstance(value[name], kind) and not (kind is int and isinstance(value[name], bool))
        )
        require(right, f"{where}.{name} is not of type {kind.__name__}")
    unknown = set(value) - set(required) - set(optional) - {"_meta"}
    require(not unknown, f"{where} has unknown members {sorted(unknown)}")


class Strict:
    def __init__(self):
        self.initialized = False
        self.sessions, self.running, self.cancelled = set(), set(), set()
        self.open = {}  # our open requests for permission: id -> (session, {optionId: kind})
        self.used = set()  # ids of the client's requests

    def receive(self, line):
        require(line.endswith("\n"), "the last line is not complete")
        try:
            message = json.loads(line)
        except ValueError as error:
            raise Deviation(f"not JSON: {error}") from None
        require(isinstance(message, dict), "not an object (batches are not part of the protocol)")
        require(message.get("jsonrpc") == "2.0", 'jsonrpc is not "2.0"')
        if "method" in message:
            self.call(message)
        else:
            self.answer(message)
        return message

    def call(self, message):
        method = message["method"]
        require(method in METHODS, f"unknown method {method}")
        is_request, required, optional = METHODS[method]
        fields(
            message,
            {"jsonrpc": TEXT, "method": TEXT, "params": RECORD, **({"id": object} if is_request else {})},
            {},
            method,
        )
        if is_request:
            identifier = message["id"]
            plain = isinstance(identifier, (int, str)) and not isinstance(identifier, bool)
            require(plain, f"{method}: the id is neither a number nor a string")
            require(identifier not in self.used, f"{method}: the id {identifier!r} was used before")
            self.used.add(identifier)
        params = message["params"]
        fields(params, required, optional, f"{method}.params")
        require(
            self.initialized == (method != "initialize"),
            f"{method} {'again' if self.initialized else 'before initialize'}",
        )
        getattr(self, "check_" + method.replace("/", "_"), lambda params: None)(params)

    def check_initialize(self, params):
        require(params["protocolVersion"] == 1, "protocolVersion is not 1")
        fields(params.get("clientCapabilities", {}), {}, CAPABILITIES, "clientCapabilities")
        self.initialized = True

    def check_session_new(self, params):
        require(os.path.isabs(params["cwd"]), "cwd is not an absolute path")
        require(os.path.isdir(params["cwd"]), "cwd is not a directory")

    check_session_load = check_session_new

    def check_session_prompt(self, params):
        session = params["sessionId"]
        require(session in self.sessions, f"unknown session {session}")
        require(session not in self.running, "a prompt while another is running")
        require(params["prompt"], "the prompt is empty")
        for block in params["prompt"]:
            kind = block.get("type") if isinstance(block, dict) else None
            require(kind in CONTENT, f"a content block of type {kind!r}, which was not offered")
            fields(block, {"type": TEXT, **CONTENT[kind]}, {"annotations": RECORD}, "content block")
        self.running.add(session)
        self.cancelled.discard(session)

    def check_session_cancel(self, params):
        require(params["sessionId"] in self.sessions, f"unknown session {params['sessionId']}")
        self.cancelled.add(params["sessionId"])

    def answer(self, message):
        require(
            message.get("id") in self.open,
            f"an answer to {message.get('id')!r}, which was not asked or is answered already",
        )
        session, options = self.open.pop(message["id"])
        if "error" in message:
            fields(message, {"jsonrpc": TEXT, "id": object, "error": RECORD}, {}, "answer")
            return fields(message["error"], {"code": int, "message": TEXT}, {"data": object}, "error")
        fields(message, {"jsonrpc": TEXT, "id": object, "result": RECORD}, {}, "answer")
        fields(message["result"], {"outcome": RECORD}, {}, "result")
        outcome = message["result"]["outcome"]
        require(outcome.get("outcome") in ("selected", "cancelled"), "the outcome is neither selected nor cancelled")
        if outcome["outcome"] == "cancelled":
            require(session in self.cancelled, "cancelled as an outcome, though the turn was not cancelled")
            return fields(outcome, {"outcome": TEXT}, {}, "outcome")
        require(session not in self.cancelled, "after a cancellation open requests must be answered with cancelled")
        fields(outcome, {"outcome": TEXT, "optionId": TEXT}, {}, "outcome")
        require(outcome["optionId"] in options, f"option {outcome['optionId']!r} was not offered")
        # Allowed by the protocol, but never by Pandar: a grant is for one act.
        require(options[outcome["optionId"]].endswith("_once"), "an option that holds for ever was chosen")
