import Foundation
import TaskModel
import TestKit
import Testing

/// Settings of a service under test: short leases, so that what depends on them is seen soon.
struct ServiceSettings: Sendable {
    var values: [String: String] = [
        "runner.slots": "4", "runner.lease_seconds": "6", "runner.lease_margin_seconds": "2",
        "runner.heartbeat_seconds": "1", "runner.kill_grace_seconds": "1", "runner.max_lost_attempts": "100",
        "shutdown.drain_seconds": "5", "retry.base_seconds": "1",
        // The tests run commands of every kind; those of the command policy set another file.
        "policy.file": Programs.folder.appendingPathComponent("Policies/open.yaml").path,
    ]

    init(_ changes: [String: String] = [:]) {
        values.merge(changes) { $1 }
    }

    static func flags(_ values: [String: String]) -> [String] {
        values.sorted { $0.key < $1.key }.flatMap { ["--set", "\($0.key)=\($0.value)"] }
    }
}

/// A `pandar serve`, which can be ended and started again with the same name and data.
final class Service: Sendable {
    let cluster: Cluster
    let name: String
    let dataDirectory: String
    private let settings: ServiceSettings
    private let bed: TestBed
    private let current: Observed<Run?>

    struct Run: Sendable {
        let process: ChildProcess
        let http: String
        let ready: JSONObject
    }

    init(_ bed: TestBed, _ cluster: Cluster, name: String = "alpha", settings: ServiceSettings = ServiceSettings()) {
        self.bed = bed
        self.cluster = cluster
        self.name = name
        self.settings = settings
        dataDirectory = bed.path("data-\(name)")
        current = Observed(nil)
    }

    var run: Run {
        get throws { try #require(current.read { $0 }, "\(name) was not started") }
    }

    var process: ChildProcess { get throws { try run.process } }
    var cachePath: String { dataDirectory + "/cache.sqlite" }

    /// The flags by which other commands find this service's data and broker.
    var clientFlags: [String] { cluster.flags + ["--data-dir", dataDirectory] }

    var arguments: [String] {
        var values = settings.values.merging(cluster.settings) { $1 }
        values["instance.id"] = name
        // These tests are about delivery, and their programs leave marks in the machine's own directories.
        values["sandbox.mode"] = values["sandbox.mode"] ?? "none"
        values["kafka.session_timeout_ms"] = cluster.isEmbedded ? "4000" : "6000"
        if cluster.isEmbedded {
            // What the mock cluster does not have.
            values["delivery.guarantee"] = "at_least_once"
            values["kafka.static_membership"] = "false"
        }
        return [
            "serve", "--bootstrap", cluster.bootstrap, "--data-dir", dataDirectory, "--http", "127.0.0.1:0",
        ] + ServiceSettings.flags(values)
    }

    /// Starts it and waits for its ready line; not for the group, which `untilReady` waits for.
    @discardableResult
    func start(environment: [String: String] = [:]) async throws -> Service {
        let process = try bed.start(name, Programs.pandar, arguments, environment: environment)
        let ready = try await process.ready()
        let http = try #require(ready["http"]?.stringValue)
        current.change { $0 = Run(process: process, http: http, ready: ready) }
        return self
    }

    /// Waits until it has partitions and has read the status topic.
    @discardableResult
    func untilReady(seconds: Double = 120) async throws -> Service {
        try await eventually("\(name) is ready", seconds: seconds) { try await get("/readyz").status == 200 }
        return self
    }

    /// Runs a command of the same build against this service.
    func pandar(_ arguments: String..., input: String = "") async throws -> CommandResult {
        try await pandar(list: arguments, input: input)
    }

    func pandar(list arguments: [String], input: String = "") async throws -> CommandResult {
        try await bed.run(Programs.pandar, arguments + clientFlags, input: Data(input.utf8))
    }

    func get(_ path: String) async throws -> HTTPAnswer {
        try await HTTPAnswer.get(try run.http + path)
    }

    /// Ends it in order: SIGTERM, and waits.
    @discardableResult
    func stop(seconds: Double = 120) async throws -> Int32 {
        try process.signal(SIGTERM)
        return try await process.ended(seconds: seconds)
    }
}
