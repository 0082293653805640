import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    @Suite struct SignedDecisions {
        @Test("with auth.kafka: signed only who proves who he is, and may, asks for tasks and decides about them")
        func decisions() async throws {
            try await TestBed.with { bed in
                let scene = try await SignedScene(bed)
                #expect(try scene.service.process.logText.contains("signed, 1 key (1 ES256)"))
                let ana = try await scene.issuer.token("ana", "user", key: "one")
                let ben = try await scene.issuer.token("ben", "user", "release-managers", key: "one")
                let viewer = try await scene.issuer.token("vic", "viewer", key: "one")

                try await scene.request("t", token: nil)
                #expect(try await scene.reason() == "unauthorized")
                try await scene.request("t", token: viewer)
                #expect(try await scene.reason() == "forbidden")
                try await scene.request("t", token: ana, by: "ben")
                #expect(try await scene.reason() == "forbidden")
                try await scene.request("t", token: ana)
                let asked = try await scene.status.task("t", is: "waiting_confirmation")
                #expect(asked.snapshot["created_by"] == "ana", "filled in")
                let id = try #require(
                    asked.snapshot["confirmation"]?.objectValue?["confirmation_id"]?.stringValue)

                let expired = try await scene.issuer.token("ben", "user", key: "one", seconds: -60).text
                for (token, actor, reason) in [
                    (nil, "ben", "unauthorized"), ("garbage", "ben", "unauthorized"), (expired, "ben", "unauthorized"),
                    (viewer, nil, "forbidden"), (ben, "cleo", "forbidden"), (ana, nil, "decision_refused"),
                ] as [(String?, String?, String)] {
                    try await scene.decide("t", id, token: token, actor: actor)
                    #expect(try await scene.reason() == reason, "\(actor ?? "nobody"): \(reason)")
                }
                for letter in scene.letters.records {
                    let message = letter.header("__dlq.errors.message") ?? ""
                    #expect(!message.contains("eyJ") && !message.contains("garbage"), "no token in \(message)")
                }
                #expect(scene.status.task("t").steps.count == asked.steps.count, "nothing has changed")

                try await scene.pandar("confirm", "t", token: ben).expecting()
                let done = try await scene.status.task("t", is: "completed")
                let decision = done.snapshot["confirmations"]?.arrayValue?.first?.objectValue?["decisions"]?
                    .arrayValue?.first?.objectValue
                #expect(decision?["actor"] == "ben")
                let authority = decision?["authority"]?.objectValue
                #expect(authority?["kind"] == "jwt" && authority?["kid"] == "one")
                #expect(authority?["issuer"] == .string(TokenIssuer.name))
                #expect(done.problem == nil)
                let trail = try await scene.service.pandar("audit", "t").expecting()
                #expect(trail.text.contains("approve by ben  (proven by a token of https://id.example, key one)"))
                let whole = try await scene.service.pandar("audit", "verify")
                #expect(whole.status == 0, "\(whole)")
            }
        }

        @Test("a new key counts at once, and a record that is forwarded is believed on the other partition, too")
        func rotation() async throws {
            try await TestBed.with { bed in
                let scene = try await SignedScene(bed)
                try await scene.issuer.add(key: "two")
                let ana = try await scene.issuer.token("ana", "user", key: "two")
                try await scene.pandar(
                    "submit", "--name", "t", "--id", "t", "--command", "true", "--project", "1", "--policy", "manual",
                    token: ana
                ).expecting()
                let asked = try await scene.status.task("t", is: "waiting_confirmation")
                #expect(asked.snapshot["created_by"] == "ana")
                // One of them stands on the task's own partition; the others go there.
                let ben = try await scene.issuer.token("ben", "user", key: "one")
                let cancel = Array(#"{"task_id":"t","action":"cancel"}"#.utf8)
                try await scene.publisher.send(
                    (0..<scene.cluster.layout.partitions).map {
                        OutgoingRecord(
                            topic: scene.cluster.layout.requests, partition: $0, key: nil, value: cancel,
                            headers: TokenIssuer.headers(ben))
                    })
                try await scene.status.task("t", is: "cancelled")
                try await scene.letters.count(2)
                #expect(
                    scene.letters.records.map { $0.header("__dlq.errors.reason") } == [
                        "action_refused", "action_refused",
                    ])
                #expect(scene.letters.records.contains { $0.header(InboundRecord.routedHeader) != nil })
                try await scene.pandar("retry", "t", token: ana, inEnvironment: true).expecting()
                try await scene.status.task("t", is: "waiting_confirmation")
            }
        }

        @Test("where the time of a record is its producer's word, a token that ended during an outage counts no more")
        func outage() async throws {
            try await TestBed.with { bed in
                let scene = try await SignedScene(bed)
                try await scene.decideDuringOutage()
                #expect(try await scene.reason() == "unauthorized")
                #expect(scene.status.task("t").status == "waiting_confirmation")
            }
        }

        @Test("on a real broker a decision that was made in time counts after the outage, its token ended or not")
        func externalOutage() async throws {
            guard let bootstrap = Programs.externalBootstrap else { return EndToEnd.notRun("a signed decision") }
            try await TestBed.with { bed in
                let scene = try await SignedScene(bed, try await .external(bed, bootstrap))
                try await scene.decideDuringOutage()
                try await scene.status.task("t", is: "completed")
                #expect(scene.letters.records.isEmpty)
            }
        }

        @Test("a service that shall ask for tokens does not start without a key, and doctor says so")
        func noKey() async throws {
            try await TestBed.with { bed in
                let cluster = try await Cluster.embedded(bed)
                let missing = ["auth.kafka": "signed", "auth.public_keys": bed.path("nothing.pem")]
                let service = Service(bed, cluster, settings: ServiceSettings(missing))
                let result = try await bed.run(Programs.pandar, service.arguments)
                #expect(result.status == 78 && result.error.contains("nothing.pem cannot be read"), "\(result)")
                let doctor = try await service.pandar(list: ["doctor", "--json"] + ServiceSettings.flags(missing))
                let finding = try doctor.jsonLines().first { $0["subject"] == "authority" }
                #expect(finding?["verdict"] == "fail")
                let trusted = try await service.pandar("doctor", "--json").jsonLines()
                #expect(
                    trusted.first { $0["subject"] == "authority" }?["detail"]
                        == "decisions are believed as the topics' ACLs let them through")
            }
        }
    }
}

private final class SignedScene {
    let bed: TestBed
    let cluster: Cluster
    let issuer: TokenIssuer
    let service: Service
    let status: Follower<StatusTopic>
    let letters: Follower<RecordList>
    let publisher: Publisher
    private var seen = 0

    init(_ bed: TestBed, _ given: Cluster? = nil) async throws {
        self.bed = bed
        if let given { cluster = given } else { cluster = try await .embedded(bed) }
        issuer = try await TokenIssuer(bed, key: "one")
        service = try await Service(
            bed, cluster,
            settings: ServiceSettings([
                "auth.kafka": "signed", "auth.public_keys": issuer.directory, "auth.issuer": TokenIssuer.name,
                "auth.audience": "pandar", "auth.clock_tolerance_seconds": "0",
            ])
        ).start()
        status = try Follower(bed, cluster, cluster.layout.status)
        letters = try Follower(bed, cluster, cluster.layout.deadLetters)
        publisher = try Publisher(bed, cluster)
    }

    /// The reason of the next dead letter.
    func reason() async throws -> String {
        seen += 1
        return try await letters.count(seen)[seen - 1].header("__dlq.errors.reason") ?? ""
    }

    func request(_ id: String, token: String?, by requester: String? = nil) async throws {
        var record = publisher.request(
            id, "true", metadata: JSONObject([.init(name: "approval_policy", value: "manual")]),
            further: requester.map { ["created_by": .string($0)] } ?? [:])
        record.headers += TokenIssuer.headers(token)
        try await publisher.send([record])
    }

    func decide(_ task: String, _ confirmation: String, token: String?, actor: String?) async throws {
        var object = JSONObject()
        object["task_id"] = .string(task)
        object["confirmation_id"] = .string(confirmation)
        object["decision"] = "approve"
        object["actor"] = actor.map(JSONValue.string)
        try await publisher.send([
            OutgoingRecord(
                topic: cluster.layout.confirmations, key: Array(task.utf8),
                value: JSONWriter.bytes(of: .object(object)), headers: TokenIssuer.headers(token))
        ])
    }

    /// A decision is made while nobody reads, with a token that has ended when somebody does.
    func decideDuringOutage() async throws {
        try await request("t", token: issuer.token("ana", "user", key: "one"))
        let asked = try await status.task("t", is: "waiting_confirmation")
        let id = try #require(asked.snapshot["confirmation"]?.objectValue?["confirmation_id"]?.stringValue)
        try await service.stop()
        let (token, end) = try await issuer.token("ben", "user", key: "one", seconds: 8)
        try await decide("t", id, token: token, actor: nil)
        try await eventually("the token has ended") { Date() > end }
        try await service.start()
    }

    /// Runs a command that proves who acts, by a file or by the environment.
    func pandar(_ arguments: String..., token: String, inEnvironment: Bool = false) async throws -> CommandResult {
        guard !inEnvironment else {
            return try await bed.run(
                Programs.pandar, arguments + service.clientFlags, environment: ["PANDAR_TOKEN": token])
        }
        let file = bed.path("token-\(UUID().uuidString)")
        try Data(token.utf8).write(to: URL(fileURLWithPath: file))
        return try await service.pandar(list: arguments + ["--token-file", file])
    }
}
