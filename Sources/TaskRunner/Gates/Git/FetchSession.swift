internal import Gates
internal import TaskModel

/// A fetch, clone or `ls-remote` of an attempt: answered from the mirror, which is brought up to date first.
struct FetchSession {
    let gate: AttemptGate
    let wire: GateWire
    let gateway: RepositoryGateway
    let session: GateSession

    func run() {
        let question = GateQuestion(argv: ["git", "fetch", PushQuestion.remote])
        switch gate.rules.decision(on: question) {
        case .ask(let hits):
            guard let ids = session.granted(hits, action: { $0.action.json.objectValue ?? .init() }) else { return }
            let failure = serve()
            session.tell(ids, exitCode: failure == nil ? 0 : 1, failure ?? "fetched from \(gateway.shownLocation)")
        case .noted, .free: _ = serve()
        }
    }

    /// Why it could not be done.
    private func serve() -> String? {
        do throws(GitCommand.Failure) {
            try gate.inTurn { () throws(GitCommand.Failure) in
                // Not more often than about once a second, however often it asks.
                try gateway.refresh(seconds: 1)
                guard (try? wire.send(.stream)) != nil else { return }
                // First, for the attempt may end with the last byte that it gets.
                gate.note("git looked at \(gateway.shownLocation), from outside the sandbox")
                try gateway.serveFetch(to: wire.descriptor) { gate.isOpen }
            }
            return nil
        } catch {
            wire.refuse("\(gateway.shownLocation): \(error.sentence)")
            return error.sentence
        }
    }
}
