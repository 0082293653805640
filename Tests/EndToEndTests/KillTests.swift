import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Instances {
    @Suite struct Killed {
        private static let rounds = 20
        private static let seed: UInt64 = 20_261_123

        @Test("killed 20 times at random moments under load, it loses, repeats and overlaps nothing")
        func embedded() async throws {
            try await TestBed.with { bed in try await killing(bed, try await .embedded(bed)) }
        }

        @Test("the same on a real broker, exactly once")
        func external() async throws {
            guard let bootstrap = Programs.externalBootstrap else { return EndToEnd.notRun("kill -9, 20 times") }
            try await TestBed.with { bed in try await killing(bed, try await .external(bed, bootstrap)) }
        }

        private func killing(_ bed: TestBed, _ cluster: Cluster) async throws {
            var generator = SeededGenerator(seed: Self.seed)
            let service = Service(bed, cluster)
            let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
            let publisher = try Publisher(bed, cluster)
            let marks = try Marks(bed)
            var ids: [String] = []
            for round in 0..<Self.rounds {
                try await service.start()
                let before = status.state.read(\.steps)
                let new = (0..<10).map { "kill-\(round)-\($0)" }
                ids += new
                try await publisher.submit(new, marks.command("sleep 0.\(Int.random(in: 0...9, using: &generator))"))
                // The moment is counted in what has happened, so that a seed means the same on every machine. Ten tasks
                // tell at least 30 things: pending, running, completed.
                let moment = Int.random(in: 0...29, using: &generator)
                try await status.state.until("\(moment) things more have happened, round \(round)", seconds: 180) {
                    $0.steps >= before + moment ? true : nil
                }
                try await service.process.kill()
            }
            try await service.start()
            let tasks = try await status.ended(ids, seconds: 120)
            for task in tasks {
                #expect(task.problem == nil, "\(task.snapshot["task_id"] ?? .null)")
                #expect(task.status == "completed", "\(task.steps)")
            }
            marks.check()
            let starts = marks.starts
            let ends = Set(marks.all.filter { $0.kind == "end" }.map(\.task))
            #expect(ends == Set(ids))
            for (id, task) in zip(ids, tasks) {
                let known = Set(task.attempts.compactMap { $0["attempt"]?.integerValue }.map(Int.init))
                #expect(Set(starts[id] ?? []).isSubset(of: known), "\(id)")
            }
            // Otherwise the kills hit nothing, and the test says nothing. A slow machine sees late what has happened, and
            // its kills hit fewer than the 20 and more of a fast one.
            let lost = tasks.flatMap(\.attempts).count { $0["outcome"] == "lost" }
            #expect(lost >= 3, "of \(ids.count) tasks \(lost) attempts were lost")
            try await service.untilReady()
            try await eventually("the cache counts them") {
                try await service.get("/api/v1/tasks/stats").json()["completed_tasks"]?.integerValue == Int64(ids.count)
            }
            let letters = try await service.pandar("dead-letters", "list", "--json").expecting()
            #expect(letters.lines == [])
        }
    }
}
