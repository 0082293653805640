"""Checks what became of the demo's tasks. Usage: check.py PANDAR REFERENCE_TASK_ID REPOSITORY REAL_AGENTS(yes|no)."""

import json
import subprocess
import sys

pandar, reference, repository, real = sys.argv[1:]
problems = []


def ask(*arguments):
    return subprocess.run([pandar, *arguments], check=True, capture_output=True, text=True).stdout


def check(condition, text):
    print(("ok    " if condition else "WRONG ") + text)
    if not condition:
        problems.append(text)


def task(name):
    return json.loads(ask("show", name, "--json"))


for name in [
    reference, "hold-1", "hold-2", "urgent", "low-1", "low-2", "low-3", "medium-1", "medium-2", "flaky", "scheduled",
    "keyed-1", "keyed-2", "approved", "looks", "wizard",
]:
    status = task(name)["status"]
    check(status == "completed", f"{name} is {status}")

urgent = task("urgent")["started_at"]
backlog = [task(name)["started_at"] for name in ["low-1", "low-2", "low-3", "medium-1", "medium-2"]]
check(all(urgent <= start for start in backlog), "urgent overtook the backlog")
check(task("flaky")["attempt"] == 2, "flaky needed two attempts")
scheduled = task("scheduled")
check(scheduled["started_at"] >= scheduled["scheduled_at"], "scheduled did not start early")
check(task("too-long")["status"] == "failed", "too-long failed")
first, second = sorted((task("keyed-1"), task("keyed-2")), key=lambda each: each["started_at"])
check(first["completed_at"] <= second["started_at"], "the tasks with one concurrency key did not overlap")
deciders = [each["actor"] for each in task("approved")["confirmations"][0]["decisions"]]
check(deciders == ["ben"], "approved was approved by ben")
check(task("cancelled")["status"] == "cancelled", "cancelled is cancelled")

pushed = subprocess.run(
    ["git", "-C", repository, "log", "--format=%s", "main"], check=True, capture_output=True, text=True
).stdout.splitlines()
check(
    pushed
    == ["push-by-client", "push-approved", *(["Take left-pad 1.3.0"] if real == "yes" else []), "The website begins"],
    f"main has the approved commits and no other: {pushed}")
check(task("push-approved")["status"] == "completed", "push-approved is completed")
client = task("push-by-client")
deciders = [each["actor"] for each in client["confirmations"][0]["decisions"]]
check(client["status"] == "completed" and deciders == ["cleo"], "push-by-client was approved by cleo")
check(task("push-rejected")["status"] == "cancelled", "push-rejected is cancelled")

if real == "yes":
    audit = task(reference)
    attempt = audit["attempts"][-1]
    check(len(audit["confirmations"]) == 1, "codex was asked about its push once")
    check(attempt.get("answers") == 1, "codex asked in words once, and claude answered")
    check([each["status"] for each in audit["agent_plan"]] == ["completed"] * 3, "codex told its plan, and did it")
    check(audit["token_usage"]["input_tokens"] > 4000, "codex told what tokens it used")

wizard = task("wizard")["output"]
check("Publish version 2.0? [y/N] y\n" in wizard and "[2/2]" in wizard, "wizard was answered on its terminal")
looks = task("looks")
check(looks["sandbox"] == "strict" and "root:" not in looks["output"], "every task ran in a sandbox")

letters = [json.loads(line) for line in ask("dead-letters", "list", "--json").splitlines()]
malformed = [each["value"] for each in letters if each["reason"] == "missing_field"]
check(malformed == ['{"name":"no command","project_id":"one"}'], "the malformed record is a dead letter, byte for byte")
refused = [json.loads(each["value"])["task_id"] for each in letters if each["reason"] == "command_refused"]
check(refused == ["refused"] and len(letters) == 2, "the command with sudo in it is the other, refused by the policy")

stats = json.loads(ask("stats", "--json"))
check(stats["total_tasks"] == 21, f"the stats count {stats['total_tasks']} tasks of 21")
check(stats["completed_tasks"] == 18, f"the stats count {stats['completed_tasks']} completed tasks of 18")

sys.exit(1 if problems else 0)
