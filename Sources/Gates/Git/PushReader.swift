/// Tells what a push changes, by the rules of `git push` with the configuration as far as it is known.
struct PushReader {
    let configuration: GitConfiguration
    /// `nil` where nothing is known of the repository.
    let facts: RepositoryFacts?

    /// - Returns: `nil` where nothing would be pushed.
    func push(_ options: GitOptions) -> Push? {
        guard !options.asksForHelp else { return nil }
        guard !options.isUnsure else { return .unknown("only a shell knows some of its words, or git refuses them") }
        guard !options.has("dry-run") else { return nil }
        let given = options.operands.first ?? options.value("repo")
        guard let remote = given ?? defaultRemote else {
            return .unknown("nothing is known of the repository's remotes")
        }
        var push = Push(remote: shown([remote]), url: url(of: remote))
        var refspecs = PushRefspecs(reader: self, remote: remote, isForced: options.has("force"))
        refspecs.read(options)
        push.updates = refspecs.updates + extras(options, remote)
        return push.updates.isEmpty ? nil : push
    }

    // MARK: The remote

    /// Where a push without a repository goes; `nil` where that is not known.
    private var defaultRemote: String? {
        guard configuration.isComplete, let facts else { return nil }
        if let branch = facts.currentBranch, let remote = configuration.value("branch.\(branch).pushremote") {
            return remote
        }
        return configuration.value("remote.pushdefault") ?? fetchRemote
    }

    /// The remote that the current branch fetches from.
    var fetchRemote: String {
        if let branch = facts?.currentBranch, let remote = configuration.value("branch.\(branch).remote") {
            return remote
        }
        let remotes = configuration.subsections("remote", "url")
        return remotes.count == 1 ? remotes[0] : "origin"
    }

    /// Whether all that the repository says about the remote stands in the configuration. A name without a URL there
    /// may have a file in `.git/remotes` or `.git/branches`.
    func isConfigured(_ remote: String) -> Bool {
        guard configuration.isComplete else { return false }
        return remote.contains("/") || remote == "." || remote == ".."
            || configuration.value("remote.\(remote).url") != nil
    }

    /// Where it is pushed to, without a password. Several with spaces.
    private func url(of remote: String) -> String? {
        let pushURLs = configuration.values("remote.\(remote).pushurl")
        let urls = configuration.values("remote.\(remote).url")
        if !pushURLs.isEmpty { return shown(pushURLs.map { rewritten($0, "insteadof") ?? $0 }) }
        if !urls.isEmpty {
            return shown(urls.map { rewritten($0, "pushinsteadof") ?? rewritten($0, "insteadof") ?? $0 })
        }
        guard remote.contains("/") || remote.contains(":") else { return nil }
        return shown([rewritten(remote, "pushinsteadof") ?? rewritten(remote, "insteadof") ?? remote])
    }

    private func rewritten(_ url: String, _ variable: String) -> String? {
        var best: (length: Int, url: String)?
        for base in configuration.subsections("url", variable) {
            for prefix in configuration.values("url.\(base).\(variable)")
            where url.hasPrefix(prefix) && prefix.count > best?.length ?? -1 {
                best = (prefix.count, base + url.dropFirst(prefix.count))
            }
        }
        return best?.url
    }

    private func shown(_ urls: [String]) -> String {
        urls.map { url in
            guard let scheme = url.firstRange(of: "://") else { return url }
            let rest = url[scheme.upperBound...]
            let host = rest.prefix { $0 != "/" }
            guard let at = host.lastIndex(of: "@") else { return url }
            return "\(url[..<scheme.upperBound])…\(rest[at...])"
        }.joined(separator: " ")
    }

    // MARK: What comes besides

    private func extras(_ options: GitOptions, _ remote: String) -> [Push.Update] {
        var updates: [Push.Update] = []
        let unknown = { (why: String) in updates.append(.init(destination: .unknown(why))) }
        let programs =
            options.values("receive-pack") + options.values("exec")
            + configuration.values("remote.\(remote).receivepack")
        if programs.contains(where: { $0.split(separator: "/").last != "git-receive-pack" }) {
            unknown("it names another program for the remote's side")
        }
        if remote.contains("::") || url(of: remote)?.contains("::") == true
            || configuration.value("remote.\(remote).vcs") != nil
        {
            unknown("a helper program does the pushing")
        }
        if recursesIntoSubmodules(options) { unknown("it pushes submodules too") }
        let wishes = options.values("push-option") + configuration.values("push.pushoption")
        if wishes.contains(where: Self.mergesByOption) { unknown("a push option asks the remote to merge") }
        let follows =
            options.has("follow-tags")
            || (!options.isNegated("follow-tags") && configuration.flag("push.followtags") == true)
        if follows, !options.has("mirror") {
            updates.append(contentsOf: PushRefspecs.tags(facts))
        }
        return updates
    }

    private func recursesIntoSubmodules(_ options: GitOptions) -> Bool {
        if options.isNegated("recurse-submodules") { return false }
        let value =
            options.value("recurse-submodules") ?? configuration.value("push.recursesubmodules")
            ?? (configuration.flag("submodule.recurse") == true ? "on-demand" : "no")
        return !["check", "no", "false", "off", "0"].contains(value.lowercased())
    }

    /// `merge_request.merge_when_pipeline_succeeds` of GitLab, `submit` of Gerrit.
    private static func mergesByOption(_ option: String) -> Bool {
        let option = option.lowercased()
        return option == "submit" || option.hasPrefix("submit=") || option.contains("merge_when_pipeline")
            || option.contains("auto_merge") || option.contains("automerge")
    }
}
