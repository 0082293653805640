import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    @Suite struct Approval {
        @Test("a manual task is asked for, and a foreign approver's decision counts; no other does")
        func decisions() async throws {
            try await TestBed.with { bed in
                let scene = try await ApprovalScene(bed)
                let asked = try await scene.ask("approve-me")
                #expect(asked["gate"] == "manual")
                let id = try #require(asked["confirmation_id"]?.stringValue)

                try await scene.decide("approve-me", id, #""decision":"approve","actor":"ana""#)
                try await scene.letters.count(1)
                try await scene.decide("approve-me", "another", #""decision":"approve","actor":"ben""#)
                try await scene.letters.count(2)
                #expect(scene.reasons == ["decision_refused", "unknown_confirmation"])
                #expect(scene.status.task("approve-me").status == "waiting_confirmation")
                #expect(scene.marks.starts == [:])

                try await scene.decide("approve-me", id, #""decision":"approve","actor":"ben","reason":"green""#)
                let done = try await scene.status.task("approve-me", is: "completed")
                let history = done.snapshot["confirmations"]?.arrayValue?.first?.objectValue
                #expect(history?["status"] == "approved")
                #expect(history?["decisions"]?.arrayValue?.first?.objectValue?["actor"] == "ben")
                #expect(done.problem == nil)

                try await scene.decide("approve-me", id, #""decision":"reject","actor":"cleo""#)
                try await scene.letters.count(3)
                #expect(scene.reasons.last == "decision_refused")
                #expect(scene.status.task("approve-me").steps.count == done.steps.count)

                let second = try await scene.ask("reject-me")
                let secondID = try #require(second["confirmation_id"]?.stringValue)
                let no = #""confirmed":false,"actor":"ben","reason":"not tonight""#
                try await scene.decide("reject-me", secondID, no)
                let rejected = try await scene.status.task("reject-me", is: "cancelled")
                #expect(rejected.snapshot["reason"] == "not tonight")
                #expect(scene.marks.starts == ["approve-me": [1]])
                try await checkAudit(scene, done)
            }
        }

        /// The topics prove who decided, until somebody tells it otherwise.
        private func checkAudit(_ scene: ApprovalScene, _ done: TaskHistory) async throws {
            let trail = try await scene.service.pandar("audit", "approve-me").expecting()
            #expect(trail.text.contains("approve by ben: green"), "\(trail)")
            let verified = try await scene.service.pandar("audit", "verify").expecting()
            #expect(verified.text.hasPrefix("2 tasks, 2 entries, 0 tasks with findings"), "\(verified)")
            let told = String(decoding: done.record?.value ?? [], as: UTF8.self)
            try await scene.foreign.produce(
                scene.cluster.layout.status, key: "approve-me",
                value: told.replacing("\"actor\":\"ben\"", with: "\"actor\":\"eve\""))
            let found = try await scene.service.pandar("audit", "verify", "--json")
            #expect(found.status == 1, "\(found)")
            #expect(found.error.contains("approve-me: ") && found.error.contains("otherwise"), "\(found)")
        }

        @Test("the command line confirms and rejects, and finds the question by itself")
        func commands() async throws {
            try await TestBed.with { bed in
                let scene = try await ApprovalScene(bed)
                _ = try await scene.ask("by-command")
                try await scene.service.pandar("confirm", "by-command", "--actor", "ben").expecting()
                try await scene.status.task("by-command", is: "completed")
                _ = try await scene.ask("not-by-command")
                try await scene.service.pandar("reject", "not-by-command", "--actor", "ben").expecting()
                try await scene.status.task("not-by-command", is: "cancelled")
                let nothing = try await scene.service.pandar("confirm", "by-command", "--actor", "ben")
                #expect(nothing.status == 66, "\(nothing)")
                _ = try await scene.ask("by-action")
                let action = #"{"task_id":"by-action","action":"confirm","actor":"ben"}"#
                try await scene.foreign.produce(scene.cluster.layout.requests, key: "by-action", value: action)
                try await scene.status.task("by-action", is: "completed")
            }
        }

        @Test("a question that nobody answers is rejected when its time is up, and an approval then comes too late")
        func expiry() async throws {
            try await TestBed.with { bed in
                let scene = try await ApprovalScene(bed, ["confirmation.expires_seconds": "1"])
                let asked = try await scene.ask("expires")
                let id = try #require(asked["confirmation_id"]?.stringValue)
                let expired = try await scene.status.task("expires", is: "cancelled")
                let history = expired.snapshot["confirmations"]?.arrayValue?.first?.objectValue
                #expect(history?["status"] == "expired")
                try await scene.decide("expires", id, #""decision":"approve","actor":"ben""#)
                try await scene.letters.count(1)
                #expect(scene.reasons == ["decision_refused"])
                #expect(scene.status.task("expires").status == "cancelled")
                #expect(scene.marks.starts == [:])
            }
        }
    }
}

private struct ApprovalScene {
    let cluster: Cluster
    let service: Service
    let status: Follower<StatusTopic>
    let notifications: Follower<RecordList>
    let letters: Follower<RecordList>
    let foreign: ForeignClient
    let marks: Marks

    init(_ bed: TestBed, _ settings: [String: String] = [:]) async throws {
        cluster = try await Cluster.embedded(bed)
        service = try await Service(bed, cluster, settings: ServiceSettings(settings)).start()
        status = try Follower(bed, cluster, cluster.layout.status)
        notifications = try Follower(bed, cluster, cluster.layout.notifications)
        letters = try Follower(bed, cluster, cluster.layout.deadLetters)
        foreign = ForeignClient(bed, cluster)
        marks = try Marks(bed)
    }

    var reasons: [String] { letters.records.map { $0.header("__dlq.errors.reason") ?? "" } }

    /// Publishes a task of the policy `manual` and returns the question as an approver gets it.
    func ask(_ id: String) async throws -> JSONObject {
        let request: JSONValue = [
            "task_id": .string(id), "name": .string(id), "command": .string(marks.command("true")), "project_id": 1,
            "created_by": "ana", "metadata": ["approval_policy": "manual"],
        ]
        try await foreign.produce(
            cluster.layout.requests, key: id, value: String(decoding: JSONWriter.bytes(of: request), as: UTF8.self))
        let notification = try await notifications.state.until("\(id) is asked for") { state in
            state.records.compactMap { $0.value.flatMap { try? JSONParser.parse($0).objectValue } }
                .first { $0["type"] == "confirmation_required" && $0["task_id"] == .string(id) }
        }
        return try #require(notification["confirmation"]?.objectValue)
    }

    func decide(_ task: String, _ confirmation: String, _ rest: String) async throws {
        try await foreign.produce(
            cluster.layout.confirmations, key: task,
            value: #"{"task_id":"\#(task)","confirmation_id":"\#(confirmation)",\#(rest)}"#)
    }
}
