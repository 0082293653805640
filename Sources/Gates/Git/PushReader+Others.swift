/// Pushes by other commands than `git push`.
extension PushReader {
    /// `git send-pack REMOTE REFSPEC…`, which knows nothing of `push.default` and `remote.*`.
    func sendPack(_ options: GitOptions) -> Push? {
        guard !options.asksForHelp else { return nil }
        guard !options.isUnsure else { return .unknown("only a shell knows some of its words, or git refuses them") }
        guard !options.has("dry-run") else { return nil }
        guard !options.has("stdin"), let remote = options.operands.first else {
            return .unknown("git send-pack gets it on its input")
        }
        var push = Push(remote: remote)
        var refspecs = PushRefspecs(reader: self, remote: remote, isForced: options.has("force"))
        if options.has("mirror") || options.has("all") {
            refspecs.read(options)
        } else if options.operands.count == 1 {
            refspecs.apply(":", isMapped: true)
        } else {
            for refspec in options.operands.dropFirst() { refspecs.apply(refspec, isMapped: true) }
        }
        push.updates = refspecs.updates
        if !options.values("receive-pack").isEmpty || !options.values("exec").isEmpty {
            push.updates.append(.init(destination: .unknown("it names another program for the remote's side")))
        }
        return push
    }

    /// `git subtree push --prefix=DIRECTORY REMOTE [SOURCE:]BRANCH`.
    func subtree(_ options: GitOptions) -> Push? {
        guard !options.asksForHelp else { return nil }
        let operands = options.operands.drop { $0 != "push" }.dropFirst()
        guard !options.isUnsure, operands.count == 2, let remote = operands.first, let last = operands.last else {
            return .unknown("only a shell knows some of its words")
        }
        let branch = String(last.split(separator: ":").last ?? "")
        let name = branch.hasPrefix("+") ? String(branch.dropFirst()) : branch
        return Push(remote: remote, updates: [.init(source: "HEAD", destination: .oneOf(Push.candidates(name)))])
    }
}
