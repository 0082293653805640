"""Checks records, examples, the AsyncAPI document and the topic definitions against each other.

Usage: validate.py TOPICS_DIRECTORY RECORDS_DIRECTORY. Prints one line a problem; exit code 1 if there is any.
"""
import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as error:
    sys.exit(f"{error.name} is missing: run `make venv`, or `pip install jsonschema PyYAML`.")

topics, records = map(pathlib.Path, sys.argv[1:3])
problems = []
validators = {}
for path in sorted((topics / "schemas").glob("*.schema.json")):
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validators[path.name.removesuffix(".schema.json")] = jsonschema.Draft202012Validator(schema)


def check(folder, valid):
    files = sorted(folder.glob("*.json"))
    if not files:
        problems.append(f"{folder}: there are no records")
    for path in files:
        errors = list(validators[path.name.split(".")[0]].iter_errors(json.loads(path.read_text())))
        if valid:
            problems.extend(f"{path.name}: {error.json_path}: {error.message[:200]}" for error in errors)
        elif not errors:
            problems.append(f"{path.name}: the schema accepts an invalid example")


check(topics / "examples", True)
check(topics / "examples" / "invalid", False)
check(records, True)
for kind in validators:
    if not list((topics / "examples").glob(f"{kind}.*.json")):
        problems.append(f"{kind}: there is no example")

document = yaml.safe_load((topics / "asyncapi.yaml").read_text())
definitions = yaml.safe_load((topics / "definitions.yaml").read_text())
if not str(document["asyncapi"]).startswith("3."):
    problems.append("asyncapi.yaml: not AsyncAPI 3")


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


for reference in references(document):
    if reference.startswith("#/"):
        node = document
        for part in reference[2:].split("/"):
            node = node.get(part) if isinstance(node, dict) else None
        if node is None:
            problems.append(f"asyncapi.yaml: {reference} leads nowhere")
    elif not (topics / reference).is_file():
        problems.append(f"asyncapi.yaml: there is no file {reference}")

channels = {channel["address"]: channel for channel in document["channels"].values()}
defined = {topic["name"]: topic for topic in definitions["topics"]}
if set(channels) != set(defined):
    problems.append(f"asyncapi.yaml and definitions.yaml differ in {sorted(set(channels) ^ set(defined))}")
for name, topic in defined.items():
    named = {"".join(part.title() for part in record.split("-")) for record in topic["records"]} or {"DeadLetter"}
    if name in channels and set(channels[name]["messages"]) != named:
        problems.append(f"{name}: the messages of asyncapi.yaml are not the records of definitions.yaml")
    problems.extend(f"{name}: no schema for {record}" for record in topic["records"] if record not in validators)

layout = json.loads((records / "layout").read_text())
mine = {name: {"partitions": definitions["partitions"], "config": topic["config"]} for name, topic in defined.items()}
if layout != mine:
    problems.append(f"definitions.yaml and TopicLayout differ: {mine} and {layout}")

print("\n".join(problems))
sys.exit(1 if problems else 0)
