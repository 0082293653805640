internal import Gates
internal import Logging
internal import TaskModel

/// A push of an attempt. Its git talks with this as with a server; what it sends goes into a repository of its own, is
/// looked at and, where a gate is hit, shown to whoever decides; then exactly those ids are pushed.
struct PushSession {
    let gate: AttemptGate
    let wire: GateWire
    let gateway: RepositoryGateway
    let session: GateSession
    /// The push is looked at and asked about, and not done: that follows in a push of its own.
    var isPreflight = false

    func run() {
        let references: [RepositoryGateway.Reference]
        let repository: PushRepository
        do throws(GitCommand.Failure) {
            (references, repository) = try gate.inTurn { () throws(GitCommand.Failure) in
                try gateway.refresh(seconds: 1)
                let references = try gateway.references()
                return (references, try PushRepository(gateway, references: references))
            }
        } catch {
            return wire.refuse("\(gateway.shownLocation): \(error.sentence)")
        }
        defer { repository.discard() }
        do {
            try wire.send(.stream)
            try wire.write(PushRequest.advertisement(references, isPreflight: isPreflight))
            let request = try read()
            if request.updates.isEmpty { return }
            try take(request, repository, references)
        } catch let refusal as PushRefusal {
            // Before the request was read there is nothing that git would understand as an answer.
            try? wire.write(PacketLine.bytes("ERR pandar: \(refusal)\n"))
        } catch {
            // The other side is gone.
        }
    }

    private func read() throws -> PushRequest {
        var request = PushRequest()
        while let size = try PacketLine.size(try wire.readExactly(4)) {
            try request.take(try wire.readExactly(size))
        }
        return request
    }

    private func take(
        _ request: PushRequest, _ repository: PushRepository, _ references: [RepositoryGateway.Reference]
    ) throws {
        let current = Dictionary(references.map { ($0.name, $0.id) }) { $1 }
        let changes: [PushQuestion.Change]
        do throws(GitCommand.Failure) {
            changes = try gate.inTurn { () throws(GitCommand.Failure) in
                if request.hasPack { try repository.receive(from: wire.descriptor) { gate.isOpen } }
                for update in request.updates where update.old != current[update.reference] {
                    throw GitCommand.Failure(
                        kind: .failed, sentence: "\(update.reference) has changed since; fetch, and push again")
                }
                return try PushInspection(repository: repository).changes(request.updates)
            }
        } catch {
            return refuse(request, error.sentence, unpacked: error.sentence)
        }
        let push = PushQuestion(location: gateway.shownLocation, changes: changes)
        switch gate.rules.decision(on: push.question) {
        case .free where isPreflight, .noted where isPreflight: approve(request, "This needs no decision")
        case .free: act(push, request, repository, granted: [])
        case .noted(let hits):
            for hit in hits { gate.note("gate \(hit.gate) (\(hit.rule)) was hit; the task's policy asks nobody") }
            act(push, request, repository, granted: [])
        case .ask(let hits) where isPreflight:
            if gate.hasApproval(of: push.identity) { return approve(request, "This is approved already") }
            guard let ids = ask(push, hits, request) else { return }
            guard gate.keep(ids, for: push.identity) else {
                return session.tell(ids, exitCode: nil, "nothing was done: the attempt had ended")
            }
            approve(request, "Approved")
        case .ask(let hits):
            let ids = gate.takeApproval(of: push.identity) ?? ask(push, hits, request)
            if let ids { act(push, request, repository, granted: ids) }
        }
    }

    private func ask(_ push: PushQuestion, _ hits: [GateHit], _ request: PushRequest) -> [String]? {
        say(request, "This waits for a decision (\(hits.map(\.gate).joined(separator: ", "))).")
        return session.granted(hits, action: { _ in push.action }, refuse: { refuse(request, $0) })
    }

    /// The answer to a preflight that found no obstacle.
    private func approve(_ request: PushRequest, _ what: String) {
        guard request.canBeRenamed else { return refuse(request, "\(what); nothing has been pushed yet, push again") }
        say(request, "\(what); nothing has been pushed yet.")
        try? wire.write(request.preflightReport())
    }

    private func act(
        _ push: PushQuestion, _ request: PushRequest, _ repository: PushRepository, granted: [String]
    ) {
        guard gate.isOpen else {
            return session.tell(granted, exitCode: nil, "nothing was done: the attempt had ended")
        }
        let refused: [String: String]
        do throws(GitCommand.Failure) {
            refused = try repository.push(request.updates, isAtomic: request.isAtomic)
        } catch {
            // Ended in the middle: what the remote has done with it is not known.
            session.tell(
                granted, exitCode: nil,
                "the push to \(push.location) was ended, it is not known where: \(error.sentence)")
            return refuse(request, error.sentence)
        }
        // The attempt shall see what it has done when it fetches.
        try? gateway.refresh(seconds: 0)
        let failures = refused.sorted { $0.key < $1.key }.map { "\($0.key) was refused: \($0.value)" }
        let summary = (["pushed to \(push.location): \(push.summary)"] + failures).joined(separator: "; ")
        session.tell(granted, exitCode: refused.isEmpty ? 0 : 1, PushInspection.plain(String(summary.prefix(1000))))
        gate.note(PushInspection.plain(String(summary.prefix(1000))))
        gate.services.logger.notice("\(summary)", metadata: ["attempt": "\(gate.order.ref)"])
        try? wire.write(request.report(unpacked: "ok", refused: refused))
    }

    private func refuse(_ request: PushRequest, _ reason: String, unpacked: String = "ok") {
        let refused = Dictionary(request.updates.map { ($0.reference, reason) }) { $1 }
        try? wire.write(request.report(unpacked: unpacked, refused: refused))
    }

    /// Shows something to git's user.
    private func say(_ request: PushRequest, _ text: String) {
        if request.hasBands { try? wire.write(PacketLine.banded(2, "pandar: \(text)\n".utf8)) }
    }
}
