internal import TaskModel

/// Sums up what one agent says that it has used. Its accounts replace each other; one that is smaller than the one before
/// is of a new session, and counts on top.
struct UsageMeter: Hashable, Sendable {
    private var before = TokenUsage()
    private var latest = TokenUsage()

    var total: TokenUsage { before + latest }

    mutating func take(_ usage: TokenUsage) {
        if usage.total < latest.total { before = before + latest }
        var usage = usage
        // Not every account tells the cost.
        if usage.total >= latest.total { usage.costMicros = usage.costMicros ?? latest.costMicros }
        latest = usage
    }
}
