internal import Crypto

extension Confirmation {
    /// The fingerprint of an act at a gate.
    public static func fingerprint(gate: String, action: JSONValue) -> String {
        var hash = SHA256()
        hash.update(data: Array(gate.utf8) + [0])
        hash.update(data: JSONWriter.bytes(of: action))
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Writes the confirmation as an object.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.name("confirmation_id")
            $0.string(id)
            $0.name("gate")
            $0.string(gate)
            $0.name("action")
            $0.value(action)
            $0.name("fingerprint")
            $0.string(fingerprint)
            $0.optional("requested_at", requestedAt)
            $0.optional("expires_at", expiresAt)
            $0.name("required_approvals")
            $0.integer(requiredApprovals)
            $0.name("allows_requester")
            $0.bool(allowsRequester)
            $0.name("on_reject")
            $0.string(onReject.rawValue)
            $0.name("on_expiry")
            $0.string(onExpiry.rawValue)
            $0.name("status")
            $0.string(status.rawValue)
            $0.name("decisions")
            $0.array { writer in
                for decision in decisions {
                    writer.object {
                        $0.name("decision")
                        $0.string(decision.verdict.rawValue)
                        $0.name("actor")
                        $0.string(decision.actor)
                        $0.optional("reason", decision.reason)
                        $0.optional("decided_at", decision.decidedAt)
                        if let authority = decision.authority {
                            $0.name("authority")
                            authority.write(to: &$0)
                        }
                    }
                }
            }
        }
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "confirmation.")
        self.init(
            id: try fields.string("confirmation_id") ?? "", gate: try fields.string("gate") ?? "",
            action: fields.take("action") ?? .null, fingerprint: try fields.string("fingerprint") ?? "",
            requestedAt: try fields.time("requested_at") ?? Timestamp(milliseconds: 0),
            expiresAt: try fields.time("expires_at") ?? Timestamp(milliseconds: .max),
            requiredApprovals: Int(try fields.integer("required_approvals", 1...1000) ?? 1),
            allowsRequester: fields.take("allows_requester")?.boolValue ?? false,
            onReject: try fields.choice("on_reject", Fallback.self) ?? .cancel,
            onExpiry: try fields.choice("on_expiry", Fallback.self) ?? .cancel)
        status = try fields.choice("status", Status.self) ?? .pending
        for value in fields.take("decisions")?.arrayValue ?? [] {
            var fields = FieldReader(value.objectValue ?? JSONObject(), path: "confirmation.decisions.")
            guard let verdict = try fields.choice("decision", Verdict.self) else { throw fields.missing("decision") }
            decisions.append(
                Decision(
                    verdict: verdict, actor: try fields.string("actor") ?? "", reason: try fields.string("reason"),
                    decidedAt: try fields.time("decided_at") ?? requestedAt,
                    authority: try Self.authority(&fields)))
        }
    }

    private static func authority(_ fields: inout FieldReader) throws(ContractViolation) -> DecisionAuthority? {
        guard let object = try fields.object("authority") else { return nil }
        return try DecisionAuthority(object)
    }
}
