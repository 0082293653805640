internal import CProcess
internal import Crypto
internal import Foundation
internal import Gates
internal import Logging
internal import TaskModel

/// A command of a program that the project has an act for: is judged, asked about where a gate says so, and then runs
/// outside, on the copy of the workspace that was made when it was asked about.
struct ActSession {
    let act: ProjectAct
    let place: ActHost
    let session: GateSession
    let hello: GateHello

    private var gate: AttemptGate { session.gate }
    private var wire: GateWire { session.wire }

    /// Bytes of standard input.
    static let inputLimit = 1 << 20

    /// Why nothing is done.
    private struct Refusal: Error {
        let sentence: String
        init(_ sentence: String) { self.sentence = sentence }
    }

    /// Whether somebody must agree, and whom it is told.
    private enum Way {
        case reading
        case noted([GateHit])
        case ask([GateHit])
    }

    func run() {
        let environment = ActEnvironment.split(hello.environment)
        do throws(Refusal) {
            let command = ActQuestion(
                words: [act.program] + hello.words.dropFirst(), directory: try directory(),
                environment: environment.passed)
            guard let way = way(of: command) else {
                try? wire.send(.inside)
                return
            }
            if !environment.dropped.isEmpty {
                say("\(environment.dropped.prefix(20).joined(separator: ", ")): not handed on")
            }
            try go(command, way)
        } catch {
            gate.note("\(act.program): refused: \(PushInspection.plain(error.sentence))")
            wire.refuse("\(act.program): \(error.sentence)")
        }
    }

    // MARK: Judging

    /// `nil`: it runs in the attempt's sandbox.
    private func way(of command: ActQuestion) -> Way? {
        switch gate.rules.decision(on: command.question) {
        case .noted(let hits): return .noted(hits)
        case .ask(let hits): return .ask(hits)
        case .free: break
        }
        if act.handling == .inside { return nil }
        guard let name = gate.rules.gate(naming: act.program) else { return .reading }
        func hit(_ rule: String, _ reason: String) -> Way {
            .ask([GateHit(gate: name, rule: rule, reason: reason, action: GateAction(argv: command.words))])
        }
        if act.handling == .ask {
            return hit("act", "It may run code of the workspace with the project's credentials.")
        }
        // A task that names this gate and not another has not given that one's acts free.
        if let other = gate.rules.catalog.hits(command.question).first { return hit(other.rule, other.reason) }
        if let word = ActHazards.find(command.words) {
            return hit("act", "\(word) may lead the project's credentials elsewhere.")
        }
        return .reading
    }

    /// Where the program was called, beneath the workspace.
    private func directory() throws(Refusal) -> String {
        let parts = hello.directory.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard hello.directory.hasPrefix("/"), let first = parts.first, "/\(first)" == Mount.workspace,
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else { throw Refusal("it runs outside, on a copy of \(Mount.workspace); call it there") }
        return parts.dropFirst().joined(separator: "/")
    }

    // MARK: Preparing

    private func go(_ command: ActQuestion, _ way: Way) throws(Refusal) {
        guard gate.beginAct() else { throw Refusal("too much of this attempt runs or waits outside already") }
        defer { gate.endAct() }
        var command = command
        let profile: SandboxProfile
        do throws(SpawnError) {
            profile = try place.profile(of: act, gate.project)
        } catch {
            throw Refusal(error.description)
        }
        guard place.has(act.program) else { throw Refusal("it is not installed on the runner's machine") }
        // Nobody is asked for what could not be done then.
        try check(command, try credentials().mask)
        let input = command.wantsInput ? try readInput() : []
        if command.wantsInput { command.input = (Array(SHA256.hash(data: input)), input.count) }
        let owner = place.identity(of: gate.label).map { FileOwner(user: $0.uid, group: $0.gid) }
        let copy: WorkspaceCopy
        do throws(WorkspaceError) {
            copy = try gate.inTurn { () throws(WorkspaceError) in
                try gate.services.workspaces.copy(gate.workspace, owner: owner)
            }
        } catch {
            throw Refusal(error.message)
        }
        defer { copy.discard() }
        do {
            let manifest = try gate.inTurn {
                try TreeManifest(Directory(path: copy.directory), removesEscapes: true, point: Mount.workspace)
            }
            command.manifest = manifest
            guard command.directory.isEmpty || manifest.isDirectory(command.directory) else {
                throw Refusal("the directory that it was called in is not there")
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal("the workspace cannot be read: \(error)")
        }
        let file = try lay(input, copy, owner)
        defer { if file >= 0 { close(file) } }
        perform(command, way, profile, copy, input: file)
    }

    private func credentials() throws(Refusal) -> ActCredentials {
        do throws(SecretError) {
            return try ActCredentials(act, of: gate.project)
        } catch {
            gate.services.logger.error("\(error)", metadata: ["attempt": "\(gate.order.ref)"])
            throw Refusal("its credentials cannot be read on the runner's machine")
        }
    }

    /// What is asked about goes into records, where no secret may stand.
    private func check(_ command: ActQuestion, _ mask: SecretMask) throws(Refusal) {
        guard command.size <= ActQuestion.sizeLimit else {
            throw Refusal("its words are longer than the \(ActQuestion.sizeLimit) bytes that can be shown")
        }
        let texts = command.words + command.environment.map { "\($0.key)=\($0.value)" } + [command.directory]
        guard texts.allSatisfy({ mask.mask($0) == $0 }) else {
            throw Refusal("a secret of the project stands in its words or variables; they would be shown and recorded")
        }
    }

    private func readInput() throws(Refusal) -> [UInt8] {
        var input: [UInt8] = []
        do {
            try wire.send(.wanted, GateFrame.number(UInt32(Self.inputLimit)))
            while true {
                let (kind, payload) = try wire.readFrame()
                guard kind == .input else { throw GateWire.Broken() }
                if payload.isEmpty { break }
                input += payload
                if input.count > Self.inputLimit { break }
            }
        } catch {
            throw Refusal("its standard input did not come to an end")
        }
        guard input.count <= Self.inputLimit else {
            throw Refusal("its standard input is larger than \(Self.inputLimit) bytes; put it into a file")
        }
        return input
    }

    /// Standard input as a file that is open; -1 for none.
    private func lay(_ input: [UInt8], _ copy: WorkspaceCopy, _ owner: FileOwner?) throws(Refusal) -> Int32 {
        if input.isEmpty { return -1 }
        let path = copy.path + "/input"
        guard FileManager.default.createFile(atPath: path, contents: Data(input)),
            owner.map({ chown(path, $0.user, $0.group) == 0 }) ?? true
        else { throw Refusal("its standard input cannot be kept") }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Refusal("its standard input cannot be kept") }
        return file
    }

    // MARK: Doing

    private func perform(
        _ command: ActQuestion, _ way: Way, _ profile: SandboxProfile, _ copy: WorkspaceCopy, input: Int32
    ) {
        var granted: [String] = []
        switch way {
        case .reading: break
        case .noted(let hits): session.record(hits, "\(act.program) runs outside; the task's policy asks nobody")
        case .ask(let hits):
            say("this waits for a decision (\(hits.map(\.gate).joined(separator: ", ")))")
            guard let ids = session.granted(hits, action: { _ in command.action }) else { return }
            granted = ids
        }
        guard gate.isOpen else {
            return session.tell(granted, exitCode: nil, "nothing was done: the attempt had ended")
        }
        do throws(Refusal) {
            // Read again: a decision may have taken days.
            let credentials = try credentials()
            let run = ActRun(
                act: act, place: place, profile: profile, credentials: credentials, copy: copy, command: command,
                input: input, label: gate.label)
            var isReading = false
            if case .reading = way { isReading = true }
            let end: ActProcess.End
            do throws(SpawnError) {
                // What changes something goes on to its end, as a push does: half of it would be worse.
                end = try run.run({ relay($0, $1) }) { !isReading || (gate.isOpen && !wire.isHungUp) }
            } catch {
                throw Refusal(credentials.mask.mask(error.description))
            }
            finish(command, end, granted, bringBack(command, copy, credentials.mask))
        } catch {
            session.tell(granted, exitCode: nil, "nothing was done: \(error.sentence)")
            gate.note("\(act.program): \(error.sentence)")
            wire.refuse("\(act.program): \(error.sentence)")
        }
    }

    /// Whoever asked may have gone: that is no reason to stop what was agreed to.
    private func relay(_ kind: GateFrame, _ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(GateFrame.largest / 2)
            guard (try? wire.send(kind, part)) != nil else { return }
            rest = rest.dropFirst(part.count)
        }
    }

    private func finish(_ command: ActQuestion, _ end: ActProcess.End, _ granted: [String], _ returned: String) {
        let name = PushInspection.plain(String(command.words.joined(separator: " ").prefix(300)))
        let code: Int32
        let summary: String
        switch end {
        case .exited(let status):
            code = status
            summary = "\(name): exit code \(status)\(returned)"
            session.tell(granted, exitCode: status, summary)
        case .ended(let sentence):
            code = 124
            summary = "\(name): \(sentence); what it had done by then is not known\(returned)"
            say(sentence)
            session.tell(granted, exitCode: nil, summary)
        }
        gate.note("ran outside: \(summary)")
        gate.services.logger.notice("\(summary)", metadata: ["attempt": "\(gate.order.ref)"])
        if !returned.isEmpty { say(String(returned.dropFirst(2))) }
        try? wire.send(.exit, GateFrame.number(UInt32(bitPattern: code)))
    }

    /// Files that it has made or changed come back into the workspace.
    private func bringBack(_ command: ActQuestion, _ copy: WorkspaceCopy, _ mask: SecretMask) -> String {
        guard gate.isOpen, let before = command.manifest else { return "" }
        do {
            let result = try gate.inTurn {
                let directory = try Directory(path: copy.directory)
                let after = try TreeManifest(directory, since: before)
                let owner = place.host.identity(of: gate.label).map { FileOwner(user: $0.uid, group: $0.gid) }
                return TreeReturn(
                    before: before, after: after, copy: directory,
                    target: try Directory(path: gate.workspace.directory), owner: owner, mask: mask
                ).run()
            }
            return result.sentence.map { "; \($0)" } ?? ""
        } catch {
            return "; its files could not be brought back: \(error)"
        }
    }

    private func say(_ text: String) {
        try? wire.send(.error, "pandar: \(act.program): \(PushInspection.plain(text))\n".utf8)
    }
}

extension TreeManifest {
    func isDirectory(_ path: String) -> Bool {
        if case .directory? = entries[Array(path.utf8)] { true } else { false }
    }
}

extension TreeReturn.Result {
    /// What a human should know; `nil` where everything came back, or nothing was to.
    var sentence: String? {
        var parts: [String] = []
        if kept > 0 { parts.append("\(kept) changed meanwhile in the workspace") }
        if secret > 0 { parts.append("\(secret) with a credential in them") }
        if failed > 0 { parts.append("\(failed) that could not be written") }
        return parts.isEmpty ? nil : "files not brought back: " + parts.joined(separator: ", ")
    }
}
