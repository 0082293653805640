internal import CommandPolicy

/// Finds what a push changes that is protected.
struct ProtectedReferences: Sendable {
    private let globs: [Glob]
    private let patterns: [String]

    init(_ trigger: PushTrigger) {
        patterns =
            trigger.branches.map { $0.hasPrefix("refs/") ? $0 : "refs/heads/\($0)" }
            + trigger.tags.map { $0.hasPrefix("refs/") ? $0 : "refs/tags/\($0)" }
        globs = patterns.map { Glob($0) }
    }

    /// Why a push hits; `nil` where nothing protected is changed.
    func finding(_ push: Push) -> (reason: String, isCertain: Bool)? {
        var first: (String, Bool)?
        for update in push.updates {
            guard let found = finding(update) else { continue }
            if found.isCertain { return found }
            first = first ?? found
        }
        return first
    }

    private func finding(_ update: Push.Update) -> (reason: String, isCertain: Bool)? {
        switch update.destination {
        case .unknown(let why): return ("It cannot be told what it pushes to: \(why).", false)
        case .likely(let names) where !names.contains(where: isProtected):
            return ("It cannot be told what it pushes to: nothing is known of the repository's configuration.", false)
        case .oneOf(let names), .likely(let names):
            guard let name = names.first(where: isProtected) else { return nil }
            let verb = update.deletes ? "It deletes" : update.forced ? "It forces a push to" : "It pushes to"
            return ("\(verb) \(name), which is protected.", true)
        case .pattern(let pattern):
            guard patterns.contains(where: { PatternOverlap.exists($0, pattern) }) else { return nil }
            let verb = update.deletes ? "deletes or changes" : "pushes to"
            return ("It \(verb) all of \(pattern), of which some are protected.", false)
        }
    }

    /// The name that is shown of those that an update can mean.
    func likeliest(_ names: [String]) -> String? { names.first(where: isProtected) ?? names.first }

    func isProtected(_ name: String) -> Bool {
        // The remote's default branch; and a review that Gerrit is told to submit at once.
        if name == "HEAD" || (name.contains("%") && name.lowercased().contains("submit")) { return true }
        return globs.contains { $0.matches(name) }
    }
}
