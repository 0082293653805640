internal import TaskModel

/// A trail in words.
enum AuditText {
    static func lines(_ trail: AuditTrail, style: Style) -> [String] {
        trail.history.flatMap { entry -> [String] in
            var lines = [
                style("\(entry.id)  \(entry.gate)  \(entry.status.rawValue)", .bold),
                "  asked     \(entry.requestedAt), until \(entry.expiresAt)",
                "  act       \(String(decoding: JSONWriter.bytes(of: entry.action), as: UTF8.self).printable)",
                "  evidence  fingerprint \(entry.fingerprint)",
            ]
            for decision in entry.decisions {
                let reason = decision.reason.map { ": \($0)" } ?? ""
                let authority = decision.authority.map { "  (\($0))" } ?? ""
                lines.append(
                    "  \(decision.decidedAt)  \(decision.verdict.rawValue) by \(decision.actor)\(reason)\(authority)"
                        .printable)
            }
            return lines + ["  hash      \(entry.hash)"]
        }
    }

    static func json(_ trail: AuditTrail) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.object {
            $0.name("task_id")
            $0.string(trail.task.text)
            $0.name("confirmations")
            $0.array { for entry in trail.history { entry.write(to: &$0) } }
            $0.name("findings")
            $0.array { for finding in trail.findings { $0.string(finding) } }
        }
        return writer.bytes
    }
}
