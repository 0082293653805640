import Testing

/// Looks again and again until `isMet`, for things of the system that give no signal.
func eventually(
    _ what: String, seconds: Int = 180, sourceLocation: SourceLocation = #_sourceLocation,
    _ isMet: () throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while try !isMet() {
        guard clock.now < deadline else {
            Issue.record("not within \(seconds) s: \(what)", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
