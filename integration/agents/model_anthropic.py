#!/usr/bin/env python3
"""A local stand-in for the Anthropic Messages API that plays a script (see `scripted.py`), for Claude Code.

    ./model_anthropic.py --script scripts/edit.json --log requests.jsonl

Short forms of a tool call: {"shell": "make test"} (Bash), {"write": ["FILE", "text"]} (Write), {"todo": "Subject"}
(TaskCreate), {"todo": "1", "status": "completed"} (TaskUpdate), {"ask": "Question?", "options": ["A", "B"]}
(AskUserQuestion); anything else is {"name": "...", "input": {...}}.
"""

import json

import scripted

PLACEHOLDER = "No response requested."  # the program's own, in place of an answer that an interrupted session lacks


class Anthropic(scripted.Model):
    endpoint = "/messages"

    def post(self, path, body):
        return {"input_tokens": len(json.dumps(body)) // 4} if path.endswith("/count_tokens") else {}

    def failure(self, status):
        kinds = {401: "authentication_error", 429: "rate_limit_error", 529: "overloaded_error"}
        return {"type": "error", "error": {"type": kinds.get(status, "api_error"), "message": f"scripted {status}"}}

    def conversation(self, body):
        seen = scripted.Conversation([], 0, [], [tool["name"] for tool in body.get("tools", [])])
        for message in body.get("messages", []):
            content = message["content"]
            parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
            if message["role"] == "assistant":
                kinds = {part["type"] for part in parts if part.get("text") != PLACEHOLDER}
                seen.texts += "text" in kinds and "tool_use" not in kinds
                continue
            for part in parts:
                if part["type"] == "tool_result":
                    seen.results.append(text_of(part.get("content")))
                elif part["type"] == "text" and message["role"] == "user":
                    seen.prompts.append(part["text"])
        return seen

    def answer(self, turn, conversation, body):
        if not conversation.tools:  # a side question of the program, such as the session's title
            turn = {"text": "ok"}
        given = {"input": 1000, "cached": 0, "output": 50, **turn.get("usage", {})}
        counted = {
            "input_tokens": given["input"],
            "cache_read_input_tokens": given["cached"],
            "cache_creation_input_tokens": 0,
        }
        message = {"id": scripted.call_id("msg_"), "type": "message", "role": "assistant", "content": []}
        message |= {"model": body.get("model", "scripted"), "stop_reason": None, "stop_sequence": None}
        yield {"type": "message_start", "message": {**message, "usage": {**counted, "output_tokens": 1}}}
        blocks = (
            [({"type": "text", "text": ""}, {"type": "text_delta", "text": turn["text"]})] if "text" in turn else []
        )
        for call in turn.get("calls", []):
            name, value = tool(call)
            start = {"type": "tool_use", "id": scripted.call_id("toolu_"), "name": name, "input": {}}
            blocks.append((start, {"type": "input_json_delta", "partial_json": json.dumps(value)}))
        for index, (start, delta) in enumerate(blocks):
            yield {"type": "content_block_start", "index": index, "content_block": start}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
            yield {"type": "content_block_stop", "index": index}
        reason = "tool_use" if turn.get("calls") else "end_turn"
        delta = {"stop_reason": reason, "stop_sequence": None}
        yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": given["output"]}}
        yield {"type": "message_stop"}


def text_of(content):
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content)
    return content or ""


def tool(call):
    """The tool's name and input."""
    if "shell" in call:
        return "Bash", {"command": call["shell"], "description": call.get("description", "Run a command")}
    if "write" in call:
        return "Write", {"file_path": call["write"][0], "content": call["write"][1]}
    if "todo" in call and "status" in call:
        return "TaskUpdate", {"taskId": call["todo"], "status": call["status"]}
    if "todo" in call:
        return "TaskCreate", {"subject": call["todo"], "description": call["todo"], "activeForm": call["todo"]}
    if "ask" in call:
        options = [{"label": label, "description": label} for label in call["options"]]
        question = {"question": call["ask"], "header": "Choice", "options": options, "multiSelect": False}
        return "AskUserQuestion", {"questions": [question]}
    return call["name"], call["input"]


if __name__ == "__main__":
    scripted.main(Anthropic)
