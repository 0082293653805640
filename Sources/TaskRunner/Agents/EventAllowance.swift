/// How many events an agent may cause: a few at once, and then one a second. What is beyond that is left out.
struct EventAllowance: Sendable {
    static let most = 10.0
    static let perSecond = 1.0

    private var left = EventAllowance.most
    private var since: Double

    init(now: Double) { since = now }

    /// Whether there may be one more now (monotonic seconds).
    mutating func take(now: Double) -> Bool {
        left = min(Self.most, left + max(0, now - since) * Self.perSecond)
        since = max(since, now)
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
