internal import Gates
internal import TaskModel

/// A push as it is judged and shown: exactly what would change, by ids, computed outside of the sandbox.
struct PushQuestion: Sendable {
    /// What one update comes to.
    struct Change: Equatable, Sendable {
        let update: PushUpdate
        /// Commits that the reference has now would be lost, or nobody knows.
        var isForced = false
        var commits: [String] = []
        var commitCount = 0
        var lostCount = 0
        var diffstat = ""
    }

    /// The project's repository, without a password.
    let location: String
    let changes: [Change]

    static let remote = "origin"

    /// The command that would do it.
    var argv: [String] {
        ["git", "push", Self.remote]
            + changes.map { change in
                "\(change.isForced && change.update.new != nil ? "+" : "")\(change.update.new ?? ""):\(change.update.reference)"
            }
    }

    var question: GateQuestion {
        let configuration = [RepositoryFacts.Entry("remote.\(Self.remote).url", location)]
        return GateQuestion(
            argv: argv, repository: RepositoryFacts(configuration: configuration, references: []))
    }

    /// What an approver is shown.
    var action: JSONObject {
        JSONObject([
            .init(name: "argv", value: .array(argv.map(JSONValue.string))),
            .init(name: "remote", value: .string(Self.remote)),
            .init(name: "url", value: .string(location)),
            .init(name: "updates", value: .array(changes.map(\.json))),
        ])
    }

    /// What an approval of it is for.
    var identity: PushApprovals.Push {
        PushApprovals.Push(location: location, updates: Set(changes.map(\.update)))
    }

    /// One line for a log.
    var summary: String {
        changes.map { change in
            let name = change.update.reference
            guard let new = change.update.new else { return "\(name) removed" }
            return "\(new.prefix(12)) to \(name)\(change.isForced ? " (forced)" : "")"
        }.joined(separator: ", ")
    }
}

extension PushQuestion.Change {
    var json: JSONValue {
        [
            "source": update.new.map(JSONValue.string) ?? .null, "destination": .string(update.reference),
            "old": update.old.map(JSONValue.string) ?? .null, "new": update.new.map(JSONValue.string) ?? .null,
            "forced": .bool(isForced), "deletes": .bool(update.new == nil),
            "commits": .array(commits.map(JSONValue.string)), "commit_count": .integer(Int64(commitCount)),
            "lost_commit_count": .integer(Int64(lostCount)), "diffstat": .string(diffstat),
        ]
    }
}
