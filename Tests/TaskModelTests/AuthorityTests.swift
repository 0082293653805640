import TaskModel
import Testing

@Suite("Who a message is from")
struct AuthorityTests {
    private static let user = Principal(
        subject: "ann", issuer: "https://id.example", keyID: "main", roles: ["user"],
        permissions: [.writeTasks, .executeTasks])

    private func decode(
        _ json: String, _ channel: InboundRecord.Channel = .requests, by authority: Authority = .verified(user)
    ) throws -> InboundMessage {
        var record = InboundRecord(
            channel: channel, topic: "t", partition: 0, offset: 0, key: nil, value: Array(json.utf8),
            timestamp: Timestamp(milliseconds: 0))
        record.authority = authority
        return try InboundMessage.decode(record)
    }

    private func reason(
        _ json: String, _ channel: InboundRecord.Channel = .requests, by principal: Principal = user
    ) -> ContractViolation.Reason? {
        do {
            _ = try decode(json, channel, by: .verified(principal))
            return nil
        } catch let error as ContractViolation {
            return error.reason
        } catch {
            return .invalidJSON
        }
    }

    private let request = #"{"name":"n","command":"true","project_id":1"#
    private let action = #"{"task_id":"t","action":"cancel""#
    private let decision = #"{"task_id":"t","confirmation_id":"t/1","decision":"approve""#

    @Test("a sender who is proven is filled in where the record is silent")
    func filled() throws {
        guard case .request(let request) = try decode(request + "}"),
            case .action(let action) = try decode(action + "}"),
            case .decision(let decision) = try decode(decision + "}", .confirmations)
        else {
            Issue.record("of another kind")
            return
        }
        #expect(request.createdBy == "ann" && action.actor == "ann" && decision.actor == "ann")
    }

    @Test("a record may name its sender, as text or number, and nobody else")
    func named() throws {
        #expect(reason(request + #","created_by":"ann"}"#) == nil)
        #expect(reason(request + #","created_by":"ben"}"#) == .forbidden)
        #expect(reason(action + #","actor":"ann"}"#) == nil)
        #expect(reason(action + #","actor":"Ann"}"#) == .forbidden)
        #expect(reason(decision + #","actor":"ben"}"#, .confirmations) == .forbidden)
        let number = Principal(subject: "42", permissions: Self.user.permissions)
        #expect(reason(request + #","created_by":42}"#, by: number) == nil)
        #expect(reason(decision + #","actor":42}"#, .confirmations, by: number) == nil)
        #expect(reason(decision + #","actor":43}"#, .confirmations, by: number) == .forbidden)
    }

    @Test("each kind of record needs its permission")
    func permissions() throws {
        func with(_ permissions: Permission...) -> Principal {
            Principal(subject: "ann", roles: ["x"], permissions: Set(permissions))
        }
        #expect(reason(request + "}", by: with(.writeTasks)) == nil)
        #expect(reason(request + "}", by: with(.executeTasks, .readTasks)) == .forbidden)
        for verb in TaskVerb.allCases {
            let json = #"{"task_id":"t","action":"\#(verb.rawValue)"}"#
            #expect(reason(json, by: with(.executeTasks)) == nil)
            #expect(reason(json, by: with(.writeTasks, .manageTasks)) == .forbidden)
        }
        #expect(reason(decision + "}", .confirmations, by: with(.executeTasks)) == nil)
        #expect(reason(decision + "}", .confirmations, by: with(.writeTasks)) == .forbidden)
    }

    @Test("a task is asked for in one's own projects only, unless one manages tasks")
    func projects() {
        func with(_ projects: Set<Int64>?, _ further: Permission...) -> Principal {
            Principal(
                subject: "ann", permissions: Self.user.permissions.union(further), projects: projects)
        }
        #expect(reason(request + "}", by: with(nil)) == nil)
        #expect(reason(request + "}", by: with([1, 2])) == nil)
        #expect(reason(request + "}", by: with([2])) == .forbidden)
        #expect(reason(request + "}", by: with([])) == .forbidden)
        #expect(reason(request + "}", by: with([2], .manageTasks)) == nil)
        #expect(with([2]).mayTouch(project: 1, requester: "ann"), "one's own task")
        #expect(!with([2]).mayTouch(project: 1, requester: "ben"))
    }

    @Test("trusted changes nothing: the actor is believed, and needed for a decision")
    func trusted() throws {
        guard case .action(let action) = try decode(action + #","actor":"ben"}"#, by: .trusted),
            case .request(let request) = try decode(request + "}", by: .trusted)
        else {
            Issue.record("of another kind")
            return
        }
        #expect(action.actor == "ben" && request.createdBy == nil)
        #expect(throws: ContractViolation.self) { try decode(decision + "}", .confirmations, by: .trusted) }
    }
}
