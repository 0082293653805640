/// Approvals of pushes that were asked about beforehand and have not been done yet. Each is for exactly one push, once.
struct PushApprovals: Sendable {
    /// What an approval is for. What else is shown of a push (its commits, its differences) follows from this.
    struct Push: Hashable, Sendable {
        let location: String
        let updates: Set<PushUpdate>
    }

    private var kept: [Push: [String]] = [:]

    /// Keeps confirmations for a push.
    ///
    /// - Returns: those that stood there before and are of no more use.
    mutating func keep(_ confirmations: [String], for push: Push) -> [String] {
        kept.updateValue(confirmations, forKey: push) ?? []
    }

    func contains(_ push: Push) -> Bool { kept[push] != nil }

    /// Takes the confirmations of a push, to use them.
    mutating func take(_ push: Push) -> [String]? { kept.removeValue(forKey: push) }

    /// Takes all, for none of them is used any more.
    mutating func takeAll() -> [String] {
        defer { kept = [:] }
        return kept.values.flatMap(\.self).sorted()
    }
}
