/// Collects the bytes of a head until its empty line. It never holds more than its limit and never scans a byte twice.
struct HeadCollector: Sendable {
    enum Progress: Equatable, Sendable {
        case incomplete
        /// The head without its empty line, and what followed.
        case complete(head: [UInt8], rest: [UInt8])
        case tooLarge
    }

    private var bytes: [UInt8] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { bytes.isEmpty }
    var first: UInt8? { bytes.first }

    mutating func append(_ new: some Collection<UInt8>) -> Progress {
        let scanFrom = max(bytes.count - 3, 0)
        bytes.append(contentsOf: new)
        var at = scanFrom
        while at + 4 <= min(bytes.count, limit) {
            if bytes[at] == 0x0D, bytes[at + 1] == 0x0A, bytes[at + 2] == 0x0D, bytes[at + 3] == 0x0A {
                let result = Progress.complete(head: Array(bytes[..<at]), rest: Array(bytes[(at + 4)...]))
                bytes = []
                return result
            }
            at += 1
        }
        guard bytes.count >= limit else { return .incomplete }
        bytes = []
        return .tooLarge
    }
}
