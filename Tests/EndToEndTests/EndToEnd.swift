import Testing

/// Real processes, talked to over Kafka and HTTP. Four lanes, each one test after the other: more at once would compete
/// for the processor, and one lane alone would mostly wait for the timings of consumer groups.
@Suite("End to end") enum EndToEnd {
    /// What waits for many joins.
    @Suite("End to end, instances", .serialized) enum Instances {}

    /// What waits for a broker to be missed.
    @Suite("End to end, outages", .serialized) enum Outages {}

    /// What waits for agents' programs.
    @Suite("End to end, agents", .serialized) enum AgentPrograms {}

    /// Everything else.
    @Suite("End to end, interfaces", .serialized) enum Interfaces {}

    /// Tells that a test needs a broker that is not here.
    static func notRun(_ what: String) {
        print("not run: \(what) on a real broker; set PANDAR_TEST_BOOTSTRAP=HOST:PORT to run it there")
    }
}
