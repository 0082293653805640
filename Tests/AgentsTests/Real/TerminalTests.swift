import Agents
import Foundation
import TaskModel
import TestKit
import Testing

/// Commands on a real terminal, behind the driver.
@Suite("The driver with a command on a terminal")
struct TerminalTests {
    private func order(_ run: DriverRun, _ script: String, shell: String = "bash") throws -> AgentOrder {
        AgentOrder(
            adapter: .exec, program: [shell, try run.write("command", script)],
            environment: ["PATH": run.path, "HOME": run.home.path()], prompt: "Do the task.",
            directory: run.work.path(), graceSeconds: 2)
    }

    @Test("has one, and its end is the driver's")
    func end() async throws {
        let run = try DriverRun()
        let script = "test -t 0 && test -t 1 && test -t 2 && tty -s </dev/tty && echo yes; pwd; echo err >&2; exit 3"
        let end = try await run.run(try order(run, script))
        #expect(end.status == 3)
        #expect(end.output.hasPrefix("yes\n\(run.work.path())\nerr\n".replacing("//", with: "/")), "\(end.output)")
        #expect(end.code == "program_ended")
        #expect(end.values("result", "message") == ["it ended with exit code 3: err"])
        let killed = try await run.run(try order(run, "kill -9 $$"))
        #expect(killed.status == 9)
        let temporary = try await run.run(try order(run, "exit 75"))
        #expect(temporary.values("result", "cause") == ["transient"] && temporary.status == 75)
        let good = try await run.run(try order(run, "echo done"))
        #expect(good.status == 0 && good.percentages == [5, 10, 95, 100] && good.values("result", "text") == ["done"])
    }

    @Test("what it asks is answered by the proxy agent, and typed")
    func asks() async throws {
        let run = try DriverRun()
        var order = try order(run, "read -p 'Proceed? [y/N] ' answer; echo \"got $answer\"")
        order.proxy = try run.standInProxy(#"{"text": "{\"answer\": \"yes\"}"}"#)
        let end = try await run.run(order)
        #expect(end.status == 0, "\(end.output)")
        #expect(end.output == "Proceed? [y/N] y\ngot y\n")
        #expect(end.values("answer", "by") == ["proxy"])
        #expect(run.read("proxy.log")?.contains("Proceed? [y/N]") == true)
        #expect(end.percentages == end.percentages.sorted())
    }

    @Test("where nobody can answer it is ended, and the error says what was asked")
    func nobody() async throws {
        let run = try DriverRun()
        let end = try await run.run(try order(run, "read -p 'Proceed? [y/N] ' answer; touch went-on"))
        #expect(end.status == 1 && end.code == "unanswered")
        #expect(end.values("result", "message").first?.stringValue?.contains("Proceed? [y/N]") == true)
        #expect(run.read("went-on", in: run.work) == nil)
    }

    @Test("a credential is asked of no agent")
    func credential() async throws {
        let run = try DriverRun()
        for script in ["read -s -p 'Say it: ' word; touch went-on", "read -p 'Password: ' word; touch went-on"] {
            var order = try order(run, script)
            order.proxy = try run.standInProxy(#"{"text": "{\"answer\": \"hunter2\"}"}"#)
            let end = try await run.run(order)
            #expect(end.status == 77 && end.code == "credentials", "\(end.output)")
            #expect(run.read("proxy.log") == nil && run.read("went-on", in: run.work) == nil)
        }
    }

    @Test("a secret that is meant for a prompt is typed, and told to no other agent")
    func secret() async throws {
        let run = try DriverRun()
        try run.write("bin/pandar-secret", "#!/bin/sh\necho asked >&2\necho \"s3cret-$1\"", executable: true)
        var order = try order(
            run, "read -p 'Password for bot: ' word; test $word = s3cret-REGISTRY && read -p 'Go on? [y/N] ' x; echo $x"
        )
        order.prompts = [PromptRule(try LinePattern("Password for"), .secret("REGISTRY"))]
        order.proxy = try run.standInProxy(#"{"text": "{\"answer\": \"no\"}"}"#)
        let end = try await run.run(order)
        #expect(end.status == 0 && end.output.hasSuffix("\nn\n"), "\(end.output)")
        #expect(end.values("answer", "by") == ["gate", "proxy"])
        #expect(
            end.reports.allSatisfy {
                !String(decoding: JSONWriter.bytes(of: .object($0)), as: UTF8.self).contains("s3cret")
            })
        #expect(run.read("proxy.log")?.contains("Go on?") == true && run.read("proxy.log")?.contains("s3cret") == false)

        try run.write("bin/pandar-secret", "#!/bin/sh\necho no >&2\nexit 77", executable: true)
        let refused = try await run.run(order)
        #expect(refused.status == 77 && refused.code == "credentials")
    }

    @Test("a menu is answered by the arrow keys")
    func menu() async throws {
        let run = try DriverRun()
        let script = """
            import os, sys, termios, tty
            before = termios.tcgetattr(0)
            tty.setraw(0, termios.TCSANOW)
            os.write(1, "? Which colour? (Use arrow keys)\\n❯ red\\n  green\\n  blue\\x1b[3A\\x1b[33G".encode())
            keys = b""
            while not keys.endswith(b"\\r"):
                keys += os.read(0, 100)
            termios.tcsetattr(0, termios.TCSANOW, before)
            print("\\n\\n\\n\\n", keys)
            """
        var order = try order(run, script, shell: "python3")
        order.proxy = try run.standInProxy(#"{"text": "{\"answer\": \"Blue\"}"}"#)
        let end = try await run.run(order)
        #expect(end.output.contains(#"b'\x1b[B\x1b[B\r'"#), "\(end.output)")
    }

    @Test("lines tell its progress")
    func progress() async throws {
        let run = try DriverRun()
        var order = try order(run, "echo '[1/2] compile'; echo '[2/2] link'; echo finishing")
        order.progress = [
            ProgressRule(try LinePattern("[{done}/{total}] {step}")),
            ProgressRule(try LinePattern("finishing"), phase: .finalizing),
        ]
        let end = try await run.run(order)
        #expect(end.percentages == end.percentages.sorted() && end.percentages.contains(95), "\(end.percentages)")
        #expect(end.values("progress", "step").last == "link")
    }

    @Test("stopped, it leaves no process, whatever it ignores")
    func stopped() async throws {
        let run = try DriverRun()
        let fifo = try run.fifo("started")
        let script =
            "trap '' TERM HUP; (trap '' TERM HUP; setsid sleep 1000 & echo $! > '\(fifo)'); sleep 1000; sleep 1000"
        let (end, tool) = try await run.stopped(try order(run, script), at: fifo)
        #expect(end.status == 9, "\(end.output)")
        #expect(end.values("result", "status") == ["interrupted"])
        #expect(kill(tool, 0) == -1 && errno == ESRCH)
    }

    @Test("stopped in the middle of a flood, it ends")
    func stoppedInFlood() async throws {
        let run = try DriverRun()
        let fifo = try run.fifo("started")
        let script = "trap '' TERM; echo $$ > '\(fifo)'; while :; do echo y; done"
        let (end, _) = try await run.stopped(try order(run, script), at: fifo)
        #expect(end.status == 9 && end.values("result", "status") == ["interrupted"])
    }

    @Test("a flood passes whole")
    func flood() async throws {
        let run = try DriverRun()
        let end = try await run.run(try order(run, "yes 0123456789abcde | head -c 8000000"))
        #expect(end.status == 0 && end.output.utf8.count == 8_000_000)
    }

    @Test("a command that fails is helped by the proxy agent, and run again")
    func recovery() async throws {
        let run = try DriverRun()
        var order = try order(run, "test -e mended.txt || { echo 'no mended.txt'; exit 1; }; echo good")
        order.proxy = try run.standInProxy(#"{"shell": "echo mended > mended.txt"}, {"text": "I mended it."}"#)
        let end = try await run.run(order)
        #expect(end.status == 0, "\(end.output)")
        #expect(end.values("recovery", "state") == ["began", "succeeded"])
        #expect(end.output.hasSuffix("good\n"))
    }
}
