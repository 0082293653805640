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
            lines += askedBy(entry) + used(entry)
            return lines + ["  hash      \(entry.hash)"]
        }
    }

    private static func askedBy(_ entry: Confirmation) -> [String] {
        var lines: [String] = []
        if let asker = entry.asker {
            lines.append("  asked by  attempt \(asker.attempt), question \(asker.question)")
        }
        if let warning = entry.warning { lines.append("  warning   \(warning)".printable) }
        return lines
    }

    /// An approval of what an attempt asked for is good for one use; of the others there is nothing to tell.
    private static func used(_ entry: Confirmation) -> [String] {
        guard entry.status == .approved, entry.asker != nil else { return [] }
        guard let use = entry.use else { return ["  used      not yet"] }
        let outcome =
            use.act.map { act in
                "\(act.at)  acted: " + (act.exitCode.map { "exit code \($0)" } ?? "could not be run")
                    + (act.summary.isEmpty ? "" : ", \(act.summary)")
            } ?? "acted: not known"
        return [
            "  used      by attempt \(use.by.attempt), question \(use.by.question), at \(use.at)",
            "  \(outcome)".printable,
        ]
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
