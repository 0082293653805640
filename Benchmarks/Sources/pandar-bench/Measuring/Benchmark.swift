/// Something that is measured.
protocol Benchmark: Sendable {
    /// What `--only` names it by.
    var name: String { get }
    /// One sentence that is printed while it runs.
    var summary: String { get }
    func run(_ options: BenchOptions) async throws -> [Figure]
}

/// A benchmark that did not measure what it says.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
