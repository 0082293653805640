import Testing

/// Real processes, talked to over Kafka and HTTP. One after the other: they compete for the processor, and several of them
/// wait for the timings of consumer groups.
@Suite("End to end", .serialized)
enum EndToEnd {
    /// Tells that a test needs a broker that is not here.
    static func notRun(_ what: String) {
        print("not run: \(what) on a real broker; set PANDAR_TEST_BOOTSTRAP=HOST:PORT to run it there")
    }
}
