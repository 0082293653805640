internal import Crypto

extension Confirmation {
    /// The fingerprint of an act at a gate.
    public static func fingerprint(gate: String, action: JSONValue) -> String {
        var hash = SHA256()
        hash.update(data: Array(gate.utf8) + [0])
        hash.update(data: JSONWriter.bytes(of: action))
        return hash.finalize().hexadecimal
    }

    /// Writes the confirmation as an object.
    public func write(to writer: inout JSONWriter) {
        write(to: &writer, use: use)
    }

    /// - Parameter use: `nil` for the hash: an entry is used after it has come into the history.
    func write(to writer: inout JSONWriter, use: Use?) {
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
            if !approvers.isAnybody {
                $0.name("approvers")
                $0.object {
                    $0.optional("roles", approvers.roles)
                    $0.optional("users", approvers.users)
                }
            }
            reminder?.write("reminder", to: &$0)
            escalation?.write("escalation", to: &$0)
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
            if let asker {
                $0.name("asked_by")
                asker.write(to: &$0)
            }
            $0.optional("warning", warning)
            $0.optional("previous_hash", previousHash)
            if let use {
                $0.name("used")
                use.write(to: &$0)
            }
        }
    }

    /// Reads what `write` has written.
    public init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "confirmation.")
        self.init(
            id: try fields.string("confirmation_id") ?? "", gate: try fields.string("gate") ?? "",
            action: fields.take("action") ?? .null, fingerprint: try fields.string("fingerprint") ?? "",
            requestedAt: try fields.time("requested_at") ?? Timestamp(milliseconds: 0),
            expiresAt: try fields.time("expires_at") ?? Timestamp(milliseconds: .max),
            requiredApprovals: Int(try fields.integer("required_approvals", 1...1000) ?? 1),
            allowsRequester: fields.take("allows_requester")?.boolValue ?? false,
            onReject: try fields.choice("on_reject", Fallback.self) ?? .cancel,
            onExpiry: try fields.choice("on_expiry", Fallback.self) ?? .cancel,
            approvers: Approvers(try fields.object("approvers") ?? JSONObject()),
            reminder: try fields.object("reminder").map { object throws(ContractViolation) in try Notice(object) },
            escalation: try fields.object("escalation").map { object throws(ContractViolation) in try Notice(object) })
        asker = try fields.object("asked_by").map { object throws(ContractViolation) in try Asker(object) }
        warning = try fields.string("warning")
        previousHash = try fields.string("previous_hash")
        use = try fields.object("used").map { object throws(ContractViolation) in try Use(object) }
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

extension Confirmation.Approvers {
    fileprivate init(_ object: JSONObject) {
        var fields = FieldReader(object)
        self.init(roles: fields.takeTexts("roles"), users: fields.takeTexts("users"))
    }
}

extension Confirmation.Notice {
    fileprivate init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "confirmation.notice.")
        guard let at = try fields.time("at") else { throw fields.missing("at") }
        self.init(
            at: at, channels: fields.takeTexts("channels"),
            isSent: fields.take("sent")?.boolValue ?? false)
    }

    fileprivate func write(_ name: StaticString, to writer: inout JSONWriter) {
        writer.name(name)
        writer.object {
            $0.optional("at", at)
            $0.optional("channels", channels)
            $0.name("sent")
            $0.bool(isSent)
        }
    }
}
