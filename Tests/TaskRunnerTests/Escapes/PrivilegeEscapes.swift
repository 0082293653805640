import Foundation
import TaskModel
import TaskRunner
import Testing

@Suite("Hostile programs that want privileges")
struct PrivilegeEscapes {
    @Test("No capability, no way to one, no group of the service's, and a user namespace that owns nothing")
    func status() async throws {
        let status = try await Attack.sandboxed("cat /proc/self/status").output
        for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            #expect(status.contains("\(set):\t0000000000000000"), "\(set)")
        }
        #expect(status.contains("NoNewPrivs:\t1"))
        #expect(status.contains("Seccomp:\t2"))
        if geteuid() == 0 {
            #expect(status.contains("Groups:\t \n"))
            #expect(status.contains("Uid:\t1900000000\t1900000000\t1900000000\t1900000000"))
        }
        let map = try await Attack.sandboxed("cat /proc/self/uid_map").output.split(whereSeparator: \.isWhitespace)
        #expect(map.count == 3 && map[2] == "1", "one user: \(map)")
    }

    @Test("setuid programs: su, mount, passwd, and one of root's that lies in the workspace")
    func setuid() async throws {
        let fixture = try RunnerFixture(isolation: RunnerFixture.sandbox())
        let ref = try fixture.start(
            RunnerFixture.shell(
                "echo ready; until [ -e go ]; do sleep 0.05; done; ls -ln root-id; "
                    // Busy while a process that another test is just starting still holds the copy open for writing.
                    + "for try in 1 2 3 4 5 6 7 8 9; do ./root-id id && break; sleep 0.2; done; "
                    + "for program in 'su -c id' 'mount -t tmpfs none /tmp' 'chsh -s /bin/sh root' 'newgrp root'; do "
                    + "$program < /dev/null && echo WORKED $program; done; true"))
        try await fixture.printed("ready", by: ref)
        // The test puts it there from outside, as a careless service would. While another thread of the tests starts a
        // program, a copy of the descriptor that wrote it keeps it busy.
        let workspace = "\(fixture.directory)/task-1/workspace"
        let copy = "\(workspace)/root-id"
        try FileManager.default.copyItem(atPath: try Attack.hostile(), toPath: copy)
        try #require(chmod(copy, 0o6755) == 0)
        try "".write(toFile: "\(workspace)/go", atomically: false, encoding: .utf8)
        _ = try await fixture.finished(ref)
        let output = try fixture.output()
        let identity = geteuid() == 0 ? SandboxHost.standardIdentity.uid : getuid()
        #expect(output.contains("rwsr-sr-x"))
        #expect(output.contains("uid=\(identity) euid=\(identity)"), "\(output)")
        #expect(!output.contains("WORKED"), "\(output)")
    }

    @Test("A program with capabilities in its file")
    func fileCapabilities() async throws {
        guard geteuid() == 0 else { return print("not run: only root can give a file capabilities") }
        let fixture = try RunnerFixture(isolation: RunnerFixture.sandbox())
        let ref = try fixture.start(
            RunnerFixture.shell(
                "echo ready; until [ -e go ]; do sleep 0.05; done; "
                    + "for try in 1 2 3 4 5 6 7 8 9; do ./cat /proc/self/status && break; sleep 0.2; done"))
        try await fixture.printed("ready", by: ref)
        let workspace = "\(fixture.directory)/task-1/workspace"
        try FileManager.default.copyItem(atPath: "/usr/bin/cat", toPath: "\(workspace)/cat")
        chmod("\(workspace)/cat", 0o755)
        // Version 2, effective, everything permitted: what `setcap all=ep` writes.
        _ = try await Attack.unconfined(
            Attack.python(
                ["file": "\(workspace)/cat"],
                """
                value = struct.pack('<IIIII', 0x02000001, 0xffffffff, 0, 0x1ff, 0)
                os.setxattr(values['file'], 'security.capability', value)
                """))
        try "".write(toFile: "\(workspace)/go", atomically: false, encoding: .utf8)
        _ = try await fixture.finished(ref)
        #expect(try fixture.output().contains("CapEff:\t0000000000000000"))
        #expect(try fixture.output().contains("CapPrm:\t0000000000000000"))
    }

    @Test("Becoming somebody else, in every way that the kernel has for it")
    func identity() async throws {
        let attack = try await Attack.sandboxed(
            Attack.python(
                """
                attempt('setuid', lambda: os.setuid(0))
                attempt('setreuid', lambda: os.setreuid(0, 0))
                attempt('setresuid', lambda: os.setresuid(0, 0, 0))
                attempt('setgid', lambda: os.setgid(0))
                attempt('setgroups', lambda: os.setgroups([0]))
                attempt('chown', lambda: (open('own', 'w'), os.chown('own', 0, 0)))
                attempt('nice', lambda: os.setpriority(os.PRIO_PROCESS, 0, -10))
                attempt('realtime', lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)))
                attempt('limit', lambda: __import__('resource').setrlimit(6, (1000000, 1000000)))
                attempt('oom', lambda: open('/proc/self/oom_score_adj', 'wb', 0).write(b'-1000'))
                """))
        #expect(attack.told.count == 10)
        #expect(!attack.output.contains("=done"), "\(attack.output)")
    }

    @Test(
        "Words that look like options of bubblewrap's or init's",
        arguments: [
            "-- --bind / /workspace sh", "--uid 0 -- sh", "--", "--permissive 1 -- id", "-c id", "--ro-bind / / id",
        ])
    func injectedOptions(command: String) async throws {
        let attack = try await Attack.sandboxed(command)
        #expect(attack.report.outcome == .failed)
        #expect(attack.report.result.error?.hasPrefix("the program was not found in the sandbox") == true)
        #expect(attack.output.isEmpty)
    }

    @Test("A program in the workspace that is called as bubblewrap's or init's is not taken for it")
    func shadowed() async throws {
        let attack = try await Attack.sandboxed(
            RunnerFixture.shell("echo false > bwrap; chmod +x bwrap; PATH=.:$PATH; ls -l /run/pandar/init; id -u"))
        #expect(attack.report.outcome == .completed)
    }
}
