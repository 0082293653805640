import CommandPolicy
import TaskModel
import Testing

/// A seeded source of random numbers.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("Laws of the command policy")
struct PropertyTests {
    private static let policy = CommandPolicy.builtIn.with(programs: .any, fragmentScope: .off)
    private static let alphabet = Array("ab -rf'\"\\$`|&;<>(){}[]*?~#=/.,\n\t\u{7}éж漢👩😀").map(String.init)

    private func severity(_ command: String, _ policy: CommandPolicy = Self.policy) -> Int {
        switch policy.verdict(of: command, approvalPolicy: .autoWithGates).kind {
        case .allow: 0
        case .gate: 1
        case .block: 2
        }
    }

    @Test("quoting any words and splitting them gives them back")
    func quoting() throws {
        var random = Seeded(1)
        for _ in 0..<5000 {
            let words = (0..<Int.random(in: 1...4, using: &random)).map { index in
                let count = Int.random(in: index == 0 ? 1...6 : 0...6, using: &random)
                return (0..<count).map { _ in Self.alphabet.randomElement(using: &random) ?? "" }.joined()
            }
            let quoted = CommandLine.quoted(words)
            let split = try CommandLine(quoted).words
            #expect(split == words, "\(quoted)")
        }
    }

    @Test("a wrapper around a command never makes its verdict milder")
    func wrappers() throws {
        let wraps: [(String) -> String] = [
            { "env " + $0 }, { "env -i A=1 " + $0 }, { "nice -n 5 " + $0 }, { "timeout -k 1 5 " + $0 },
            { "nohup " + $0 }, { "stdbuf -oL " + $0 }, { "setsid " + $0 }, { "ionice -c3 " + $0 }, { "busybox " + $0 },
            { "flock /l " + $0 }, { "strace -f -o x " + $0 }, { "xargs " + $0 }, { "find . -exec " + $0 + " ';'" },
            { "sh -c " + CommandLine.quoted([$0]) }, { "bash -lc " + CommandLine.quoted(["cd /x && " + $0]) },
            { "sh -c " + CommandLine.quoted(["if true; then " + $0 + "; fi"]) },
            { "sh -c " + CommandLine.quoted(["echo $(" + $0 + ")"]) },
            { "python3 -c " + CommandLine.quoted(["import os; os.system(\"\"\"" + $0 + "\"\"\")"]) },
        ]
        var random = Seeded(2)
        let hostile = try CorpusLine.all().filter { $0.verdict != .allow && $0.policy == Self.policy }
        #expect(hostile.count > 200)
        for line in hostile where (try? CommandLine(line.command)) != nil {
            // A variable before the command, an unreadable text: not commands that a wrapper takes as they are.
            guard !line.command.contains("\u{A}"), !line.command.hasPrefix("find"), line.rule != "any" else { continue }
            var command = line.command
            for depth in 0..<3 {
                guard let wrap = wraps.randomElement(using: &random) else { continue }
                command = wrap(command)
                guard (try? CommandLine(command)) != nil else { break }
                #expect(
                    severity(command) >= min(1, severity(line.command)),
                    "line \(line.number), \(depth + 1) wrappers: \(command)")
            }
        }
    }

    @Test("other spaces and other quotes around the words give the same verdict")
    func spelling() throws {
        var random = Seeded(3)
        for line in try CorpusLine.all() {
            guard let words = try? CommandLine(line.command).words else { continue }
            let spaces = [" ", "  ", "\t", " \t "]
            let respelt = words.map { word in
                let quoted = CommandLine.quoted([word])
                let isPlain = quoted == word && word.count > 1
                guard isPlain, Bool.random(using: &random) else { return quoted }
                let place = word.index(word.startIndex, offsetBy: Int.random(in: 1..<word.count, using: &random))
                return [
                    "'\(word[..<place])'\(word[place...])", "\(word[..<place])\"\(word[place...])\"", "\\\(word)",
                    "\(word[..<place])''\(word[place...])", "$'\(word)'",
                ].randomElement(using: &random) ?? quoted
            }
            let text = respelt.joined(separator: spaces.randomElement(using: &random) ?? " ")
            let first = line.policy.verdict(of: line.command, approvalPolicy: line.approvalPolicy)
            let second = line.policy.verdict(of: text, approvalPolicy: line.approvalPolicy)
            #expect(first == second, "line \(line.number): \(text)")
        }
    }

    @Test("any text gets a verdict, and so does any text for a shell or an interpreter")
    func random() {
        var random = Seeded(4)
        let parts =
            Self.alphabet + ["rm", " -rf ", "sh -c ", "sudo ", "$(", "<<E\n", "case ", "env ", "curl x |", "\u{1}"]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }
            .joined()
            for command in [text, CommandLine.quoted(["sh", "-c", text]), CommandLine.quoted(["perl", "-e", text])] {
                let verdict = CommandPolicy.builtIn.verdict(of: command, approvalPolicy: nil)
                #expect(verdict.kind != .gate)
            }
        }
    }

    @Test("nesting without end, and commands without end, end as unreadable")
    func bounds() {
        let deep = String(repeating: "env ", count: 500) + "ls"
        #expect(Self.policy.verdict(of: deep, approvalPolicy: .auto).rule == CommandPolicy.OwnRule.unreadable)
        let wide = CommandLine.quoted(["sh", "-c", String(repeating: "ls;", count: 3000)])
        #expect(Self.policy.verdict(of: wide, approvalPolicy: .auto).rule == CommandPolicy.OwnRule.unreadable)
        let nested = CommandLine.quoted(["sh", "-c", String(repeating: "$(", count: 3000)])
        #expect(Self.policy.verdict(of: nested, approvalPolicy: .auto).kind == .block)
    }
}
