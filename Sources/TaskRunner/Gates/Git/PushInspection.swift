internal import Foundation

/// Looks at what has come in for a push, outside, in its own repository.
struct PushInspection {
    let repository: PushRepository

    /// Lines of commits and bytes of a diff stat that are shown of one reference; references that are shown so closely.
    static let commitLines = 50
    static let statBytes = 4000
    static let closeLooks = 10

    /// - Throws: when an object is missing or broken.
    func changes(_ updates: [PushUpdate]) throws(GitCommand.Failure) -> [PushQuestion.Change] {
        var changes: [PushQuestion.Change] = []
        for (place, update) in updates.enumerated() {
            changes.append(try change(update, isClose: place < Self.closeLooks))
        }
        return changes
    }

    private func change(_ update: PushUpdate, isClose: Bool) throws(GitCommand.Failure) -> PushQuestion.Change {
        var change = PushQuestion.Change(update: update)
        guard let new = update.new else {
            change.isForced = true
            return change
        }
        // Whole: every object that is not in the project's repository yet must be here.
        _ = try run(["rev-list", "--objects", "--quiet", new, "--not", "--all"])
        if let old = update.old { change.isForced = !isAncestor(old, of: new) }
        guard isClose, let tip = commit(new) else { return change }
        let known = update.old.flatMap(commit).map { "^\($0)" } ?? "--not"
        let others = known == "--not" ? [known, "--all"] : [known]
        let log = try run(["log", "--format=%h %s", "--max-count=\(Self.commitLines)", tip] + others)
        change.commits = log.split(separator: "\n").map { Self.plain(String($0.prefix(200))) }
        change.commitCount = Int(try run(["rev-list", "--count", tip] + others)) ?? 0
        if change.isForced, let old = update.old.flatMap(commit) {
            change.lostCount = Int(try run(["rev-list", "--count", old, "^\(tip)"])) ?? 0
        }
        let base = update.old.flatMap(commit) ?? mergeBase(tip) ?? Self.emptyTree
        let stat = try run([
            "diff", "--stat=100", "--stat-count=50", "--no-ext-diff", "--no-textconv", "--no-renames", base, tip,
        ])
        change.diffstat = Self.plain(String(stat.prefix(Self.statBytes)), keepsLines: true)
        return change
    }

    private static let emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

    private func run(_ arguments: [String]) throws(GitCommand.Failure) -> String {
        let text = try repository.ask(arguments)
        return text.trimmingCharacters(in: .newlines)
    }

    private func isAncestor(_ old: String, of new: String) -> Bool {
        guard commit(old) == old, commit(new) == new else { return false }
        return (try? repository.ask(["merge-base", "--is-ancestor", old, new])) != nil
    }

    /// The commit that an id names or, as a tag, stands for.
    private func commit(_ id: String) -> String? {
        try? run(["rev-parse", "--verify", "--quiet", "--end-of-options", "\(id)^{commit}"])
    }

    /// Where a new branch left what was known.
    private func mergeBase(_ tip: String) -> String? {
        guard let first = try? run(["rev-list", "--boundary", "--max-count=1000", tip, "--not", "--all"]) else {
            return nil
        }
        return first.split(separator: "\n").first { $0.hasPrefix("-") }.map { String($0.dropFirst()) }
    }

    /// Without what would change a terminal, or the order of letters in it.
    static func plain(_ text: String, keepsLines: Bool = false) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    if keepsLines, scalar == "\n" { return scalar }
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: return "\u{FFFD}"
                    default: return scalar
                    }
                }))
    }
}
