/// Turns the refspecs of a push, or what git uses in their place, into what they change.
struct PushRefspecs {
    let reader: PushReader
    let remote: String
    let isForced: Bool
    private(set) var updates: [Push.Update] = []

    private var facts: RepositoryFacts? { reader.facts }
    private var configuration: GitConfiguration { reader.configuration }

    init(reader: PushReader, remote: String, isForced: Bool) {
        self.reader = reader
        self.remote = remote
        self.isForced = isForced
    }

    mutating func read(_ options: GitOptions) {
        let refspecs = options.operands.dropFirst()
        if options.has("mirror") { mirror() }
        if options.has("all") || options.has("branches") { pushBranches(prunes: options.has("prune")) }
        if options.has("tags") { updates += Self.tags(facts, isForced) }
        if !refspecs.isEmpty {
            readGiven(Array(refspecs), deletes: options.has("delete"), prunes: options.has("prune"))
        } else if !options.has("mirror"), !options.has("all"), !options.has("branches"), !options.has("tags") {
            pushDefault(prunes: options.has("prune"))
        }
    }

    // MARK: Refspecs on the command line

    private mutating func readGiven(_ texts: [String], deletes: Bool, prunes: Bool) {
        var rest = texts[...]
        while let text = rest.popFirst() {
            if text == "tag", let tag = rest.popFirst() {
                apply(deletes ? ":refs/tags/\(tag)" : "refs/tags/\(tag)", isMapped: true, prunes: prunes)
            } else if deletes {
                apply(":\(text)", isMapped: true, prunes: prunes)
            } else {
                apply(text, isMapped: text.contains(":"), prunes: prunes)
            }
        }
    }

    /// - Parameter isMapped: whether the configuration has nothing more to say to it.
    mutating func apply(_ text: String, isMapped: Bool, prunes: Bool = false) {
        let refspec = Refspec(text)
        guard !refspec.isNegative else { return }
        if refspec.isMatching { return pushMatching(refspec.isForced, prunes: prunes) }
        if refspec.isPattern { return expand(refspec, prunes: prunes) }
        if let destination = refspec.destination {
            guard !destination.isEmpty else { return }
            add(refspec.source, .oneOf(Push.candidates(destination)), refspec.isForced)
        } else if let facts, let references = facts.references, configuration.isComplete {
            pushByName(refspec, text, references, isMapped: isMapped)
        } else {
            // HEAD stands for a branch that nobody knows, and not for the remote's HEAD.
            let names = refspec.source == "HEAD" ? [] : Push.candidates(refspec.source)
            add(refspec.source, .likely(names), refspec.isForced)
        }
    }

    /// A name without a destination goes where the configuration says, or to the same name.
    private mutating func pushByName(
        _ refspec: Refspec, _ text: String, _ references: [RepositoryFacts.Reference], isMapped: Bool
    ) {
        if text == "@", !Self.references(text, references).isEmpty {
            return add(text, .unknown("a reference has the name @"), refspec.isForced)
        }
        let found = Self.references(refspec.source, references)
        guard found.count <= 1 else { return }
        guard let reference = found.first else {
            if refspec.source == "HEAD" { pushHead(refspec.isForced) }
            return
        }
        // A plus before the name hides it from the configuration.
        if !isMapped, text == refspec.source {
            guard reader.isConfigured(remote) else {
                return add(refspec.source, .unknown("the remote is not in the configuration"), refspec.isForced)
            }
            if let mapped = mapped(reference.name) {
                return add(refspec.source, mapped.destination, refspec.isForced || mapped.isForced)
            }
        }
        add(refspec.source, .oneOf([resolved(reference.name)]), refspec.isForced)
    }

    /// Where `remote.*.push` or an upstream put a reference.
    private func mapped(_ reference: String) -> (destination: Push.Destination, isForced: Bool)? {
        let configured = configuration.values("remote.\(remote).push")
        for text in configured {
            let refspec = Refspec(text)
            guard !refspec.isNegative, !text.isEmpty else {
                return (.unknown("the remote's configuration leaves references out"), false)
            }
            if let destination = refspec.mapped(reference), refspec.destination != nil {
                return (.oneOf(Push.candidates(destination)), refspec.isForced)
            }
        }
        let mode = configuration.value("push.default")?.lowercased()
        guard ["upstream", "tracking"].contains(mode), reference.hasPrefix("refs/heads/") else { return nil }
        let merges = configuration.values("branch.\(reference.dropFirst(11)).merge")
        guard merges.count == 1 else { return nil }
        return (.oneOf(Push.candidates(merges[0])), false)
    }

    // MARK: Sets of references

    private mutating func expand(_ refspec: Refspec, prunes: Bool) {
        let pattern = refspec.destination ?? refspec.source
        if prunes { add(nil, .pattern(pattern), refspec.isForced, deletes: true) }
        guard let references = facts?.references else {
            return add(refspec.source, .pattern(pattern), refspec.isForced)
        }
        for reference in references {
            guard let destination = refspec.mapped(reference.name) else { continue }
            add(reference.name, .oneOf([destination]), refspec.isForced)
        }
    }

    private mutating func pushMatching(_ forced: Bool, prunes: Bool) {
        var refspec = Refspec("refs/heads/*")
        refspec.isForced = forced
        expand(refspec, prunes: prunes)
    }

    private mutating func pushBranches(prunes: Bool) { pushMatching(false, prunes: prunes) }

    /// All references become the same there: what is not here is deleted.
    private mutating func mirror() {
        updates.append(.init(source: "refs/*", destination: .pattern("refs/*"), forced: true, deletes: true))
    }

    static func tags(_ facts: RepositoryFacts?, _ isForced: Bool = false) -> [Push.Update] {
        guard let references = facts?.references else {
            return [.init(source: "refs/tags/*", destination: .pattern("refs/tags/*"), forced: isForced)]
        }
        return references.filter { $0.name.hasPrefix("refs/tags/") }.map {
            .init(source: $0.name, destination: .oneOf([$0.name]), forced: isForced)
        }
    }

    // MARK: Without refspecs

    private mutating func pushDefault(prunes: Bool) {
        guard let facts, reader.isConfigured(remote) else {
            return add(nil, .unknown("nothing is known of the remote's configuration"), false)
        }
        if configuration.flag("remote.\(remote).mirror") == true { return mirror() }
        let configured = configuration.values("remote.\(remote).push")
        guard !configured.contains("") else {
            return add(nil, .unknown("an empty value stands in the remote's configuration"), false)
        }
        guard configured.isEmpty else {
            for text in configured { apply(text, isMapped: true, prunes: prunes) }
            return
        }
        let mode = configuration.value("push.default")?.lowercased() ?? "simple"
        if mode == "nothing" { return }
        if mode == "matching" { return pushMatching(false, prunes: prunes) }
        guard let branch = facts.currentBranch else { return }
        let reference = "refs/heads/\(branch)"
        switch mode {
        case "current": add(reference, .oneOf([reference]), false)
        case "simple":
            // Elsewhere than where it fetches from, or to a name that is the same: git refuses any other.
            let merges = configuration.values("branch.\(branch).merge")
            let hasOtherName = remote == reader.fetchRemote && !merges.isEmpty && merges != [reference]
            if !hasOtherName { add(reference, .oneOf([reference]), false) }
        case "upstream", "tracking":
            guard remote == reader.fetchRemote else { return }
            let merges = configuration.values("branch.\(branch).merge")
            if merges.isEmpty, configuration.flag("push.autosetupremote") == true {
                add(reference, .oneOf([reference]), false)
            } else if merges.count == 1 {
                add(reference, .oneOf(Push.candidates(merges[0])), false)
            }
        default: add(reference, .unknown("push.default has a value that is not known"), false)
        }
    }

    private mutating func pushHead(_ forced: Bool) {
        guard let branch = facts?.currentBranch else { return }
        add("HEAD", .oneOf([resolved("refs/heads/\(branch)")]), forced)
    }

    // MARK: Names

    /// The reference that a symbolic one stands for in the end.
    private func resolved(_ name: String) -> String {
        var name = name
        for _ in 0..<10 {
            guard let target = facts?.references?.first(where: { $0.name == name })?.target else { return name }
            name = target
        }
        return name
    }

    /// The local references that a name stands for: those outside of branches and tags only if there are no others.
    private static func references(
        _ name: String, _ references: [RepositoryFacts.Reference]
    ) -> [RepositoryFacts.Reference] {
        let candidates = Set(Push.candidates(name) + [name])
        let found = references.filter { candidates.contains($0.name) }
        let strong = found.filter {
            $0.name == name || $0.name == "refs/\(name)" || $0.name.hasPrefix("refs/heads/")
                || $0.name.hasPrefix("refs/tags/")
        }
        return strong.isEmpty ? found : strong
    }

    private mutating func add(
        _ source: String?, _ destination: Push.Destination, _ forced: Bool, deletes: Bool = false
    ) {
        let isDeletion = source?.isEmpty == true
        updates.append(
            .init(
                source: isDeletion ? nil : source, destination: destination, forced: forced || isForced,
                deletes: deletes || isDeletion))
    }
}
