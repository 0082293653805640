internal import Gates
internal import TaskModel

/// What the gates say of something that an attempt is about to have done.
struct GateRules: Sendable {
    enum Decision: Equatable, Sendable {
        /// No gate of the task is hit.
        case free
        /// These are, but the task's policy asks nobody: it is recorded.
        case noted([GateHit])
        /// Somebody must agree to each of them first.
        case ask([GateHit])
    }

    let catalog: GateCatalog
    /// The task's gates.
    let names: [String]
    let policy: ApprovalPolicy

    func decision(on question: GateQuestion) -> Decision {
        let hits = catalog.hits(question, among: names)
        if hits.isEmpty { return .free }
        return policy == .autoWithGates ? .ask(hits) : .noted(hits)
    }

    /// Whether a secret waits for a decision, so that it is no variable of the attempt.
    func withholds(secret name: String) -> Bool {
        if case .ask = decision(on: GateQuestion(secret: name)) { true } else { false }
    }

    /// The first gate of the task that looks at a program, where the task's gates ask.
    func gate(naming program: String) -> String? {
        guard policy == .autoWithGates else { return nil }
        return names.first { name in
            catalog[name]?.triggers.contains { trigger in
                guard case .command(let command) = trigger else { return false }
                return command.programs.contains { $0.lowercased() == program.lowercased() }
            } ?? false
        }
    }

    /// The programs that the task's gates look at, without git: what leaves the sandbox by git is looked at where it
    /// arrives, whatever program speaks git's protocol.
    var programs: [String] {
        guard policy == .autoWithGates else { return [] }
        let triggers = names.compactMap { catalog[$0] }.flatMap(\.triggers)
        let programs = triggers.flatMap { trigger -> [String] in
            if case .command(let command) = trigger { command.programs.map { $0.lowercased() } } else { [] }
        }
        return Set(programs).filter { $0 != "git" && Self.isPlain($0) }.sorted()
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && name.utf8.count < 100
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }
}
