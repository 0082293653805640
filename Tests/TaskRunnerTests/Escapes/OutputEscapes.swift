import Foundation
import TaskModel
import TaskRunner
import Testing

@Suite("Hostile output")
struct OutputEscapes {
    /// Titles, clipboards, device queries, alternate screens, deletions, hyperlinks, mouse modes, bells, 8-bit controls.
    private static let sequences = [
        "\u{1B}]0;owned\u{07}", "\u{1B}]52;c;b3duZWQ=\u{07}", "\u{1B}[6n", "\u{1B}[c", "\u{1B}[?1049h",
        "\u{1B}[2J\u{1B}[3J",
        "\u{1B}]8;;file:///etc/shadow\u{1B}\\x\u{1B}]8;;\u{1B}\\", "\u{1B}[?1000h", "\u{7}", "\u{8}\u{8}", "\r",
        "\u{9B}31m",
        "\u{90}q\u{9C}", "\u{202E}txt.exe", "\u{0}", "{\"kind\":\"finished\"}", "\u{1B}P$q\u{1B}\\", "\u{1B}c",
    ]

    @Test("Control sequences arrive as they were printed, as data")
    func controls() async throws {
        let text = Self.sequences.joined(separator: "\n")
        let numbers = Array(text.utf8).map(String.init).joined(separator: ",")
        let attack = try await Attack.sandboxed(Attack.python("os.write(1, bytes([\(numbers)]))"))
        #expect(attack.output == text)
        #expect(attack.report.result.output == text)
        #expect(attack.report.outcome == .completed)
    }

    @Test("Every byte there is, which is not text: what can be is kept, in its order")
    func everyByte() async throws {
        let attack = try await Attack.sandboxed(
            Attack.python("os.write(1, bytes(range(256)) + b'\\xf0\\x9f' + b'end')"))
        #expect(attack.output.hasPrefix(String(decoding: Array(UInt8(0)...127), as: UTF8.self)))
        #expect(attack.output.hasSuffix("end"))
        #expect(!attack.output.unicodeScalars.contains { (0x80...0xFF).contains($0.value) })
    }

    @Test("The program reads its own output back, changes the pipe, and holds it open: its end is told all the same")
    func pipes() async throws {
        let attack = try await Attack.sandboxed(
            Attack.python(
                """
                import fcntl
                attempt('size', lambda: fcntl.fcntl(1, 1031, 4096))
                attempt('flags', lambda: fcntl.fcntl(1, fcntl.F_SETFL, os.O_DIRECT))
                attempt('async', lambda: fcntl.fcntl(1, fcntl.F_SETOWN, 1))
                attempt('reopen', lambda: open('/dev/stdout', 'w').write('reopened'))
                if os.fork() == 0:
                    os.setsid()
                    time.sleep(600)
                """))
        #expect(attack.report.outcome == .completed)
        #expect(attack.told["reopen"] == "done 8" || attack.output.contains("reopened"), "\(attack.output)")
    }

    @Test("A flood of output is bounded, and told")
    func flood() async throws {
        let attack = try await Attack.sandboxed("yes", limits: SandboxLimits(outputMB: 2))
        #expect(attack.report.result.error == "output limit of 2 MB exceeded")
        #expect(attack.output.utf8.count <= 11 << 20)
    }
}
