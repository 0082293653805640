import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("A client of the gate broker that means harm")
struct HostileClientTests {
    /// Python with the socket's talk.
    private static let kit = """
        import os, socket, struct, sys, threading, time
        def connect():
            s = socket.socket(socket.AF_UNIX); s.settimeout(100); s.connect('/run/pandar/gate.sock'); return s
        def frame(kind, payload): return struct.pack('<I', len(payload)) + kind + payload
        def text(t): return struct.pack('<I', len(t)) + t
        def listed(l): return struct.pack('<I', len(l)) + b''.join(map(text, l))
        def hello(kind, words): return frame(b'H', b'\\x01' + kind + text(b'/') + listed(words) + listed([]))
        def rest(s):
            data = b''
            try:
                while True:
                    got = s.recv(65536)
                    if not got: return data
                    data += got
            except OSError as error: return data + repr(error).encode()
        def pkt(b): return b'%04x' % (len(b) + 4) + b
        remote = os.environ['REMOTE'].encode()
        def push():
            s = connect(); s.sendall(hello(b'R', [b'git-receive-pack', remote]))
            head = s.recv(5); assert head[4:] == b'C', head
            while not s.recv(65536).endswith(b'0000'): pass
            return s

        """

    private func run(_ fixture: GateFixture, _ script: String, gates: [String] = ["git_push_protected"]) throws
        -> AttemptRef
    {
        try fixture.start(
            "export REMOTE=\(fixture.remote)\ncat > hostile.py <<'E'\n\(Self.kit)\(script)\nE\npython3 hostile.py\n",
            gates: gates)
    }

    /// After whatever was tried the broker still serves.
    private func stillServes(_ fixture: GateFixture) async throws {
        let order = try fixture.start("git ls-remote --quiet origin main | wc -l", id: "after")
        _ = try await fixture.runner.finished(order)
        #expect(
            fixture.runner.sink.recorded.text(order, .stdout).trimmingCharacters(in: .whitespacesAndNewlines) == "1")
    }

    @Test("Garbage, huge lengths and cut frames get no answer but an end")
    func garbage() async throws {
        let fixture = try GateFixture()
        let ref = try run(
            fixture,
            """
            for data in (b'\\xff' * 100000, b'\\xff\\xff\\xff\\x7fH', frame(b'?', b''), frame(b'X', b'abc'), os.urandom(5000),
                         b'GET / HTTP/1.0\\r\\n\\r\\n', frame(b'H', b'')[:3]):
                s = connect()
                try:
                    s.sendall(data); s.shutdown(socket.SHUT_WR)
                except OSError: pass
                answer = rest(s)
                assert not answer or answer.startswith((b'ConnectionReset', b'BrokenPipe')), answer
            for data in (frame(b'H', b''), frame(b'H', b'\\x02C'), frame(b'H', os.urandom(1000)),
                         hello(b'R', [b'git-receive-pack']), hello(b'R', [b'git-receive-pack', remote + b'x']),
                         hello(b'R', [b'x' * 100000, remote]), hello(b'S', [b'x' * 200000]), hello(b'C', [b'\\xff'])):
                s = connect(); s.sendall(data); answer = rest(s)
                assert answer[4:5] == b'R', (data[:50], answer)
            print('done')
            """)
        _ = try await fixture.runner.finished(ref)
        let errors = try fixture.runner.output("task", .stderr)
        #expect(try fixture.runner.output() == "done\n", "\(errors)")
        try await stillServes(fixture)
    }

    @Test("Pushes that lie: bad lines, bad names, no pack, a broken one, missing objects, stale ids")
    func lyingPushes() async throws {
        let fixture = try GateFixture()
        let main = try fixture.tip("refs/heads/main")
        let ref = try run(
            fixture,
            """
            zero, old, new = b'0' * 40, b'\(main)', b'1' * 40
            caps = b'\\0report-status'
            for line in (b'zzzz', b'0003', pkt(b'x'), pkt(zero + b' ' + new + b' --exec=x' + caps),
                         pkt(old + b' ' + new + b' refs/heads/../../x' + caps), pkt(old + b' ' + new + b' refs/heads/*' + caps),
                         b'fff0' + b'x' * 65516, b'ffff'):
                s = push(); s.sendall(line + b'0000'); answer = rest(s)
                assert b'ERR' in answer or b'Reset' in answer, (line[:60], answer)
            for pack in (b'', b'PACK', os.urandom(5000), b'PACK\\0\\0\\0\\2\\0\\0\\0\\0' + b'x' * 20):
                s = push(); s.sendall(pkt(old + b' ' + new + b' refs/heads/main' + caps) + b'0000' + pack)
                s.settimeout(100)
                if len(pack) < 5: s.shutdown(socket.SHUT_WR)
                answer = rest(s); assert b'ng refs/heads/main' in answer or b'Reset' in answer, (pack[:20], answer)
            import hashlib
            empty = b'PACK\\0\\0\\0\\2\\0\\0\\0\\0'; empty += hashlib.sha1(empty).digest()
            for a, b, name in ((old, new, b'refs/heads/main'), (zero, new, b'refs/heads/x'), (new, old, b'refs/heads/main'),
                               (zero, old, b'refs/heads/main')):
                s = push(); s.sendall(pkt(a + b' ' + b + b' ' + name + caps) + b'0000' + empty)
                answer = rest(s); assert b'ng ' + name in answer, answer
            s = push(); s.sendall(b''.join(pkt(zero + b' ' + old + b' refs/heads/x%d' % i) for i in range(300)) + b'0000')
            assert b'ERR' in rest(s)
            print('done')
            """)
        _ = try await fixture.runner.finished(ref)
        let errors = try fixture.runner.output("task", .stderr)
        #expect(try fixture.runner.output() == "done\n", "\(errors)")
        #expect(fixture.questions.isEmpty)
        #expect(try fixture.tip("refs/heads/main") == main)
        try await stillServes(fixture)
    }

    @Test("Many connections that say nothing hold up nobody else, and leave with the attempt")
    func manyConnections() async throws {
        let fixture = try GateFixture()
        let ref = try run(
            fixture,
            """
            held = []
            for _ in range(500):
                try: held.append(connect())
                except OSError: break
            print('held', flush=True)
            time.sleep(600)
            """)
        try await fixture.runner.printed("held", by: ref)
        try await stillServes(fixture)
        fixture.runner.executor.stop(ref, reason: .cancelled)
        #expect(try await fixture.runner.finished(ref).outcome == .cancelled)
        try await eventually("the workspace is gone") {
            !FileManager.default.fileExists(atPath: fixture.runner.directory + "/task-1")
        }
    }

    @Test("More questions than a human can have are not asked")
    func flood() async throws {
        let fixture = try GateFixture(secrets: ["KEY": "correct-horse-battery"])
        let ref = try run(
            fixture,
            """
            held = [connect() for _ in range(20)]
            for s in held: s.sendall(hello(b'S', [b'KEY']))
            refused = 0
            import select
            while refused < 4:
                for s in select.select(held, [], [], 100)[0]:
                    assert s.recv(5)[4:] == b'R'; refused += 1; held.remove(s)
            print('refused', refused, flush=True)
            time.sleep(600)
            """, gates: ["secrets_access"])
        try await fixture.runner.printed("refused 4", by: ref)
        // Who has ended asks nothing more: so it stays until the others have been asked.
        try await eventually("the others are asked") { Set(fixture.questions.map(\.number)).count >= 16 }
        fixture.runner.executor.stop(ref, reason: .cancelled)
        #expect(try await fixture.runner.finished(ref).outcome == .cancelled)
        #expect(Set(fixture.questions.map(\.number)).count == 16)
    }
}
