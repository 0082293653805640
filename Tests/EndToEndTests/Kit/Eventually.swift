import TestKit

/// Waits for a condition that nobody signals, such as what HTTP answers.
func eventually(
    _ what: String, seconds: Double = 120, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw NotInTime(description: "not within \(seconds) s: \(what)") }
        try await Task.sleep(for: .milliseconds(50))
    }
}
