internal import Foundation
internal import Gates
internal import Logging
internal import TaskModel

/// What is done, once it may be.
extension ActSession {
    func perform(
        _ command: ActQuestion, _ way: ActWay, _ profile: SandboxProfile, _ copy: WorkspaceCopy, input: Int32
    ) {
        var granted: [String] = []
        switch way {
        case .reading: break
        case .noted(let hits): session.record(hits, "\(act.program) runs outside; the task's policy asks nobody")
        case .ask(let hits):
            say("this waits for a decision (\(hits.map(\.gate).joined(separator: ", ")))")
            let action = command.action
            guard let ids = session.granted(hits, action: { _ in action }) else { return }
            granted = ids
        }
        guard gate.isOpen else {
            return session.tell(granted, exitCode: nil, "nothing was done: the attempt had ended")
        }
        do throws(ActRefusal) {
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
                throw ActRefusal(credentials.mask.mask(error.description))
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
