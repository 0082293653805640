"""Checks what became of the demo's tasks. Usage: check.py PANDAR REFERENCE_TASK_ID."""

import json
import subprocess
import sys

pandar, reference = sys.argv[1:]
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
    "keyed-1", "keyed-2", "approved",
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

letters = [json.loads(line) for line in ask("dead-letters", "list", "--json").splitlines()]
check([each["value"] for each in letters] == ['{"name":"no command","project_id":"one"}'], "one dead letter, byte for byte")

stats = json.loads(ask("stats", "--json"))
check(stats["total_tasks"] == 16, f"the stats count {stats['total_tasks']} tasks of 16")
check(stats["completed_tasks"] == 14, f"the stats count {stats['completed_tasks']} completed tasks of 14")

sys.exit(1 if problems else 0)
