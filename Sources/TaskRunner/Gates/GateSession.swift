internal import Foundation
internal import Gates
internal import TaskModel

/// One connection of an attempt, from its greeting to its end.
struct GateSession {
    let gate: AttemptGate
    let wire: GateWire

    func run() {
        guard let (kind, payload) = try? wire.readFrame(), kind == .hello else { return }
        guard let hello = GateHello(payload) else {
            return wire.refuse("what was asked could not be read; words must be UTF-8")
        }
        switch hello.kind {
        case .command: answer(command: hello)
        case .secret: answer(secret: hello.words[0])
        case .remote: answer(service: hello.words, isPreflight: hello.isPreflight)
        }
    }

    // MARK: Commands

    private func answer(command hello: GateHello) {
        let program = hello.words[0].split(separator: "/").last.map(String.init) ?? hello.words[0]
        if let place = gate.services.acts, let act = gate.project.acts.first(where: { $0.program == program }) {
            return ActSession(act: act, place: place, session: self, hello: hello).run()
        }
        let question = GateQuestion(
            argv: hello.words, workingDirectory: hello.directory, environment: hello.environment)
        switch gate.rules.decision(on: question) {
        case .free: try? wire.send(.inside)
        case .noted(let hits):
            record(hits, "it runs in the sandbox")
            try? wire.send(.inside)
        case .ask(let hits):
            // Nobody is asked for what nobody could do then.
            record(hits, "refused: the project gives no credentials for \(program)")
            wire.refuse(
                "\(program): \(hits.map(\.reason).joined(separator: " ")) This needs a decision "
                    + "(\(hits.map(\.gate).joined(separator: ", "))), and the project gives no credentials for it.")
        }
    }

    func record(_ hits: [GateHit], _ what: String) {
        for hit in hits { gate.note("gate \(hit.gate) (\(hit.rule)) was hit; \(what)") }
    }

    // MARK: Secrets

    private func answer(secret name: String) {
        guard let secret = gate.project.secrets.first(where: { $0.name == name }) else {
            return wire.refuse("the project has no secret of that name")
        }
        let given: [String]
        switch gate.rules.decision(on: GateQuestion(secret: name)) {
        case .free: given = []
        case .noted(let hits):
            record(hits, "the secret \(name) is given")
            given = []
        case .ask(let hits):
            guard let granted = granted(hits, action: { $0.action.json.objectValue ?? JSONObject() }) else { return }
            given = granted
        }
        let value: SecretValue
        do {
            value = try secret.source.resolve()
        } catch {
            tell(given, exitCode: nil, "the secret \(name) could not be given: \(error)")
            return wire.refuse("the secret \(name) cannot be read on the runner's machine")
        }
        do {
            try wire.send(.output, value.bytes)
            try wire.send(.exit, GateFrame.number(0))
            tell(given, exitCode: 0, "the secret \(name) was given")
            gate.note("the secret \(name) was given")
        } catch {
            tell(given, exitCode: nil, "the secret \(name) was not given: the program that asked had gone")
        }
    }

    // MARK: git

    private func answer(service words: [String], isPreflight: Bool) {
        guard words.count == 2, let url = words.last else { return wire.refuse("git asks what is not known here") }
        guard case .repository(let repository) = gate.project.source, url == repository.location else {
            return wire.refuse(
                "\(PushInspection.plain(GitLocation.shown(String(url.prefix(300))))) is not the project's repository; "
                    + "there are neither credentials nor a way to it")
        }
        do throws(WorkspaceError) {
            guard let gateway = try gate.services.workspaces.gateway(gate.project) else { return }
            switch words[0] {
            case "git-upload-pack": FetchSession(gate: gate, wire: wire, gateway: gateway, session: self).run()
            case "git-receive-pack":
                PushSession(gate: gate, wire: wire, gateway: gateway, session: self, isPreflight: isPreflight).run()
            default: wire.refuse("\(PushInspection.plain(String(words[0].prefix(100)))) is not offered")
            }
        } catch {
            wire.refuse(error.message)
        }
    }

    // MARK: Asking

    /// Asks for each hit in turn. The confirmations, where all were given; otherwise `nil`, and the other side knows.
    ///
    /// - Parameters:
    ///   - action: what is shown.
    ///   - refuse: tells the other side of a refusal.
    func granted(
        _ hits: [GateHit], action: (GateHit) -> JSONObject, refuse: ((String) -> Void)? = nil
    ) -> [String]? {
        var confirmations: [String] = []
        for hit in hits {
            let verdict = gate.ask(
                gate: hit.gate, rule: hit.rule, reason: hit.reason, action: action(hit), for: wire.descriptor)
            if case .granted(let id) = verdict, gate.isOpen {
                confirmations.append(id)
                continue
            }
            if case .granted(let id) = verdict { confirmations.append(id) }
            tell(confirmations, exitCode: nil, "nothing was done: not everything that it needs was approved")
            if case .refused(let reason) = verdict {
                (refuse ?? wire.refuse)("refused (\(hit.gate)): \(reason)")
            }
            return nil
        }
        return confirmations
    }

    func tell(_ confirmations: [String], exitCode: Int32?, _ summary: String) {
        for id in confirmations {
            gate.tell(AttemptAct(confirmationID: id, exitCode: exitCode, summary: summary))
        }
    }
}
