#!/usr/bin/env python3
"""Runs the tests that are built, and ends with what failed.

    Tests/run.py [what else `swift test` takes]

A run prints thousands of lines; whoever sees only its end, as a CI shows it, is told there which tests failed, where and with
what. Everything printed stands in .build/tests.log as well.

Tests of real processes wait for real time: on a machine that stops for some seconds one may fail that found nothing. When one
or two such tests failed, each is repeated alone, three times: if a repetition fails, so does the run; if none does, the run
passes and ends with their names and what they said. Tests without processes are never repeated: they have no excuse.
"""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as xml

# The modules whose tests start processes, brokers or sandboxes.
WITH_PROCESSES = {"EndToEndTests", "TaskRunnerTests", "AgentsTests", "KafkaTests", "EgressProxyTests", "CommandLineTests",
                  "TaskServiceTests", "TaskAPITests"}
REPEATED_AT_MOST = 2
REPETITIONS = 3
LOG = ".build/tests.log"
RESULTS = ".build/tests.xml"
# Where swift-testing's results are put, beside those of XCTest.
TESTING_RESULTS = ".build/tests-swift-testing.xml"


def run(arguments, log):
    """Runs `swift test` and passes on what it prints. Returns its exit code, whether tests ran, and what tells of failures."""
    process = subprocess.Popen(["swift", "test", "--skip-build", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    told, telling, ran = [], False, False
    for raw in process.stdout:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        log.write(raw)
        line = re.sub(r"\x1b\[[0-9;]*m", "", raw.decode(errors="replace")).rstrip("\n")
        ran = ran or re.search(r"Test run with [1-9]", line) is not None
        # What a failure says beyond its first line begins with an arrow; a program's own words may follow it.
        telling = line.startswith("✘") or (telling and not re.match(r"[✔◇➜]", line))
        if telling:
            told.append(line)
    return process.wait(), ran, told


def failed_tests():
    """The failed tests by swift-testing's account, as (module, expression of --filter); none where it could not write one."""
    try:
        cases = xml.parse(TESTING_RESULTS).iter("testcase")
    except (OSError, xml.ParseError):
        return []
    failed = []
    for case in cases:
        if case.find("failure") is not None:
            name = f'{case.get("classname")}.{case.get("name")}'
            # The filter takes a regular expression; its names have slashes where the results have dots.
            failed.append((name.split(".")[0], "^" + re.sub(r"\\\.|/", "[./]", re.escape(name))))
    return failed


def say(title):
    print(f"\n== {title}", flush=True)


def tell(lines, limit=200):
    for line in lines[:limit]:
        print(line[:2000])
    if len(lines) > limit:
        print(f"… and {len(lines) - limit} lines more: see {LOG}")


def main():
    if os.path.exists(TESTING_RESULTS):
        os.remove(TESTING_RESULTS)
    with open(LOG, "wb") as log:
        code, _, told = run(["--xunit-output", RESULTS, *sys.argv[1:]], log)
        if code == 0:
            return 0
        failed = failed_tests()
        repeatable = 0 < len(failed) <= REPEATED_AT_MOST and all(module in WITH_PROCESSES for module, _ in failed)
        for _, name in failed if repeatable else []:
            for repetition in range(REPETITIONS):
                say(f"Repeating what failed, alone, {repetition + 1} of {REPETITIONS}: {name}")
                again, ran, words = run(["--filter", name], log)
                if again != 0 or not ran:
                    say("What failed failed again, or could not be repeated")
                    tell(told + words)
                    return again or 1
    if repeatable:
        say(f"Disturbed: failed once among the others, then passed {REPETITIONS} times alone. Please report it with these lines")
        tell(told)
        return 0
    say(f"The tests failed (exit code {code})")
    tell(told)
    return code


if __name__ == "__main__":
    sys.exit(main())
