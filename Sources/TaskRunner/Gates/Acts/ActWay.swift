internal import Gates

/// Why nothing is done, for whoever has asked.
struct ActRefusal: Error {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

/// Whether somebody must agree before a command runs outside.
enum ActWay: Equatable {
    /// No gate of the task is hit.
    case reading
    /// These are, and the task's policy asks nobody.
    case noted([GateHit])
    case ask([GateHit])

    /// `nil`: it runs in the attempt's sandbox.
    init?(_ command: ActQuestion, _ act: ProjectAct, _ rules: GateRules) {
        switch rules.decision(on: command.question) {
        case .noted(let hits): self = .noted(hits)
        case .ask(let hits): self = .ask(hits)
        case .free:
            if act.handling == .inside { return nil }
            guard let gate = rules.gate(naming: act.program), let (rule, reason) = Self.doubt(command, act, rules)
            else {
                self = .reading
                return
            }
            self = .ask([GateHit(gate: gate, rule: rule, reason: reason, action: GateAction(argv: command.words))])
        }
    }

    /// Why a command asks that no gate of the task is hit by.
    private static func doubt(
        _ command: ActQuestion, _ act: ProjectAct, _ rules: GateRules
    ) -> (rule: String, reason: String)? {
        if act.handling == .ask { return ("act", "It may run code of the workspace with the project's credentials.") }
        // A task that names this gate and not another has not given that one's acts free.
        if let other = rules.catalog.hits(command.question).first { return (other.rule, other.reason) }
        return ActHazards.find(command.words).map { ("act", "\($0) may lead the project's credentials elsewhere.") }
    }
}
