#!/usr/bin/env python3
"""A local stand-in for the OpenAI Responses API that plays a script (see `scripted.py`), for Codex.

    ./model_openai.py --script scripts/edit.json --log requests.jsonl

Short forms of a tool call: {"shell": "make test"}, {"patch": "*** Begin Patch..."}, {"plan": [["Step", "pending"],
...]}; anything else is {"name": "...", "arguments": {...}}.
"""

import json

import scripted


class OpenAI(scripted.Model):
    endpoint = "/responses"

    def get(self, path):
        return {"models": [], "data": []}

    def failure(self, status):
        kinds = {401: "invalid_api_key", 429: "rate_limit_exceeded"}
        return {
            "error": {
                "type": kinds.get(status, "server_error"),
                "code": kinds.get(status),
                "message": f"scripted {status}",
            }
        }

    def conversation(self, body):
        seen = scripted.Conversation([], 0, [], [tool.get("name") or tool["type"] for tool in body.get("tools", [])])
        items = body.get("input", [])
        for item, following in zip(items, items[1:] + [{}]):
            kind = item.get("type", "message")
            if kind in ("function_call_output", "custom_tool_call_output"):
                seen.results.append(text_of(item.get("output")))
            elif kind == "message" and item.get("role") == "assistant":
                seen.texts += not following.get("type", "").endswith("_call")
            elif kind == "message" and item.get("role") == "user":
                seen.prompts.append(text_of(item.get("content")))
        return seen

    def answer(self, turn, conversation, body):
        response = scripted.call_id("resp_")
        yield {"type": "response.created", "response": {"id": response}}
        items = []
        if "text" in turn:
            content = [{"type": "output_text", "text": turn["text"], "annotations": []}]
            items.append({"type": "message", "role": "assistant", "id": scripted.call_id("msg_"), "content": content})
        items += [item(call, conversation.tools) for call in turn.get("calls", [])]
        for index, value in enumerate(items):
            yield {"type": "response.output_item.done", "output_index": index, "item": value}
        yield {"type": "response.completed", "response": {"id": response, "usage": usage(turn)}}


def text_of(value):
    if isinstance(value, list):
        return "\n".join(part.get("text", "") for part in value)
    if isinstance(value, dict):
        return str(value.get("content", value))
    return value or ""


def usage(turn):
    given = {"input": 1000, "cached": 0, "output": 50, **turn.get("usage", {})}
    return {
        "input_tokens": given["input"],
        "input_tokens_details": {"cached_tokens": given["cached"]},
        "output_tokens": given["output"],
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": given["input"] + given["output"],
    }


def item(call, tools):
    """The item of the response for a call, with the tool that this agent offers for it."""
    identity = {"id": scripted.call_id("fc_"), "call_id": scripted.call_id("call_"), "status": "completed"}
    if "patch" in call and "apply_patch" in tools:
        return {"type": "custom_tool_call", **identity, "name": "apply_patch", "input": call["patch"]}
    if "patch" in call:
        call = {"shell": f"apply_patch <<'EOF'\n{call['patch']}\nEOF"}
    if "shell" in call and "exec_command" in tools:
        name, arguments = "exec_command", {"cmd": call["shell"], **call.get("options", {})}
    elif "shell" in call and "shell" in tools:
        name, arguments = "shell", {"command": ["bash", "-lc", call["shell"]]}
    elif "shell" in call:
        name, arguments = "shell_command", {"command": call["shell"]}
    elif "plan" in call:
        name, arguments = "update_plan", {"plan": [{"step": step, "status": status} for step, status in call["plan"]]}
    else:
        name, arguments = call["name"], call["arguments"]
    return {"type": "function_call", **identity, "name": name, "arguments": json.dumps(arguments)}


if __name__ == "__main__":
    scripted.main(OpenAI)
