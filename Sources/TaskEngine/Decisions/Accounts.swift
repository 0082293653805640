internal import TaskModel

/// What runners tell of attempts' agents.
extension PartitionEngine {
    /// Takes what was told into the state, and says whether it must not wait: a session that a crash would lose, help that
    /// was called.
    static func take(_ account: AgentAccount, into state: inout TaskState) -> Bool {
        var isUrgent = false
        if let session = account.session, session != state.session {
            state.session = session
            isUrgent = true
        }
        if !account.plan.isEmpty { state.plan = account.plan }
        if let helper = account.recoveredBy, helper != state.recoveredBy {
            state.recoveredBy = helper
            isUrgent = true
        }
        guard let last = state.attempts.indices.last else { return isUrgent }
        state.attempts[last].usage = greatest(state.attempts[last].usage, account.usage)
        state.attempts[last].answers = max(state.attempts[last].answers, account.answers)
        state.attempts[last].recoveredBy = state.recoveredBy
        return isUrgent
    }

    /// What was used once stays used: an account that says less came late, or was made up.
    private static func greatest(_ known: TokenUsage, _ told: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: max(known.input, told.input), cached: max(known.cached, told.cached),
            output: max(known.output, told.output),
            costMicros: [known.costMicros, told.costMicros].compactMap(\.self).max())
    }

    /// Notes what the end of an attempt tells, in the record that the end is about to close.
    mutating func note(_ account: AgentAccount?, _ failure: AttemptFailure?, of id: TaskID) {
        guard account != nil || failure != nil else { return }
        tasks.update(id) { entry in
            if let account { _ = Self.take(account, into: &entry.snapshot.state) }
            if let failure, let last = entry.snapshot.state.attempts.indices.last {
                entry.snapshot.state.attempts[last].failure = failure.code
            }
        }
    }
}
