/// The last lines of what happened; or all of them.
struct Trace {
    private let limit: Int
    private let keepsAll: Bool
    private(set) var lines: [String] = []
    var step = 0

    init(limit: Int, keepsAll: Bool) {
        self.limit = limit
        self.keepsAll = keepsAll
    }

    /// A run without a trace costs no text: a violation is replayed from its seed to show its lines.
    mutating func add(_ now: Int64, _ text: @autoclosure () -> String) {
        guard keepsAll || limit > 0 else { return }
        lines.append("step \(step) t=\(now) ms: \(text())")
        if !keepsAll, lines.count > 2 * limit { lines.removeFirst(lines.count - limit) }
    }

    var tail: [String] { Array(lines.suffix(max(limit, 0))) }
}
