import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Instances {
    @Suite struct TwoInstances {
        @Test("a rebalance restarts nothing, and what a killed instance ran is restarted once")
        func embedded() async throws {
            try await TestBed.with { bed in try await joining(bed, try await .embedded(bed, partitions: 4)) }
        }

        @Test("the same on a real broker, exactly once")
        func external() async throws {
            guard let bootstrap = Programs.externalBootstrap else { return EndToEnd.notRun("two instances") }
            try await TestBed.with { bed in try await joining(bed, try await .external(bed, bootstrap, partitions: 4)) }
        }

        private func joining(_ bed: TestBed, _ cluster: Cluster) async throws {
            let settings = ServiceSettings([
                // Longer than a busy machine may starve a process.
                "runner.slots": "60", "runner.lease_seconds": "10", "runner.lease_margin_seconds": "3",
            ])
            let alpha = Service(bed, cluster, name: "alpha", settings: settings)
            let beta = Service(bed, cluster, name: "beta", settings: settings)
            let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
            let publisher = try Publisher(bed, cluster)
            let marks = try Marks(bed)
            let gate = try Gate(bed)
            let command = marks.command(gate.command)

            try await alpha.start()
            try await alpha.untilReady()
            let first = (0..<40).map { "first-\($0)" }
            try await publisher.submit(first, command)
            try await status.count(40, of: first, are: "running")
            #expect(Set(runners(status, first).values) == ["alpha"])

            try await beta.start()
            try await bothOwn(alpha, beta)
            let second = (0..<10).map { "second-\($0)" }
            try await publisher.submit(second, command)
            try await status.count(10, of: second, are: "running")
            let owners = runners(status, second)
            #expect(Set(owners.values) == ["alpha", "beta"], "the ids are spread over all partitions")

            // All 50 outlive a lease after the rebalance: those that alpha runs for beta live on its heartbeats.
            let heartbeats = try Follower<Heartbeats>(bed, cluster, cluster.layout.progress)
            let before = heartbeats.state.read(\.counts)
            try await heartbeats.state.until("as many heartbeats more of each as take a lease") { state in
                first.allSatisfy { state.counts[$0] ?? 0 >= (before[$0] ?? 0) + 14 } ? true : nil
            }
            #expect(marks.starts.values.allSatisfy { $0 == [1] }, "\(marks.starts.filter { $0.value != [1] })")

            let all = first + second
            let killed = runners(status, all).filter { $0.value == "alpha" }.keys
            try await alpha.process.kill()
            try await status.state.until("what alpha ran runs again", seconds: 180) { state in
                killed.allSatisfy { state.tasks[$0]?.attempt == 2 && state.tasks[$0]?.status == "running" } ? true : nil
            }
            try await alpha.start()
            try await bothOwn(alpha, beta)
            gate.open()
            let ended = try await status.ended(all)

            marks.check()
            let starts = marks.starts
            for (id, task) in zip(all, ended) {
                #expect(task.status == "completed", "\(id): \(task.steps)")
                #expect(task.problem == nil, "\(id)")
                let expected = killed.contains(id) ? [1, 2] : [1]
                #expect(starts[id] == expected, "\(id): \(task.steps)")
                let outcomes = task.attempts.map { $0["outcome"]?.stringValue ?? "" }
                #expect(outcomes == (killed.contains(id) ? ["lost", "completed"] : ["completed"]), "\(id)")
            }
        }

        private func runners(_ status: Follower<StatusTopic>, _ ids: [String]) -> [String: String] {
            status.state.read { state in
                Dictionary(
                    uniqueKeysWithValues: ids.map {
                        ($0, state.tasks[$0]?.snapshot["lease"]?.objectValue?["runner"]?.stringValue ?? "")
                    })
            }
        }

        /// Waits until both have partitions.
        private func bothOwn(_ alpha: Service, _ beta: Service) async throws {
            try await eventually("both instances have partitions", seconds: 180) {
                for service in [alpha, beta] {
                    let answer = try await service.get("/readyz")
                    guard answer.status == 200, !answer.text.contains("this instance: none") else { return false }
                }
                return true
            }
        }
    }
}

/// How many progress events each task has sent; a running attempt sends one with every heartbeat.
private struct Heartbeats: Fold {
    var counts: [String: Int] = [:]

    mutating func take(_ record: KafkaRecord) {
        guard let key = record.key else { return }
        counts[String(decoding: key, as: UTF8.self), default: 0] += 1
    }
}
