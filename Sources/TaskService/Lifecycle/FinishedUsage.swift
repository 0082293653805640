internal import TaskEngine
internal import TaskModel

/// What the agents of an attempt have used that has just come to its end.
struct FinishedUsage: Hashable {
    let agent: String
    let usage: TokenUsage

    /// Of the attempts that end with these effects and have used anything.
    static func all(in effects: [Effect]) -> [FinishedUsage] {
        var used: [AttemptRef: FinishedUsage] = [:]
        for case .publish(let snapshot) in effects {
            guard let attempt = snapshot.state.attempts.last, !attempt.usage.isEmpty else { continue }
            used[AttemptRef(taskID: snapshot.id, attempt: attempt.attempt)] = FinishedUsage(
                agent: snapshot.spec.agent ?? snapshot.state.session?.agent ?? "-", usage: attempt.usage)
        }
        guard !used.isEmpty else { return [] }
        return effects.compactMap { effect in
            guard case .note(.finished(let ref, _)) = effect else { return nil }
            return used.removeValue(forKey: ref)
        }
    }
}
