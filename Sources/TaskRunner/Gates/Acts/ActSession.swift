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

    var gate: AttemptGate { session.gate }
    var wire: GateWire { session.wire }

    /// Bytes of standard input.
    static let inputLimit = 1 << 20

    func run() {
        let environment = ActEnvironment.split(hello.environment)
        do throws(ActRefusal) {
            let command = ActQuestion(
                words: [act.program] + hello.words.dropFirst(), directory: try directory(),
                environment: environment.passed)
            guard let way = ActWay(command, act, gate.rules) else {
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

    /// Where the program was called, beneath the workspace.
    private func directory() throws(ActRefusal) -> String {
        let parts = hello.directory.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard hello.directory.hasPrefix("/"), let first = parts.first, "/\(first)" == Mount.workspace,
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else { throw ActRefusal("it runs outside, on a copy of \(Mount.workspace); call it there") }
        return parts.dropFirst().joined(separator: "/")
    }

    // MARK: Preparing

    private func go(_ command: ActQuestion, _ way: ActWay) throws(ActRefusal) {
        guard gate.beginAct() else { throw ActRefusal("too much of this attempt runs or waits outside already") }
        defer { gate.endAct() }
        var command = command
        let profile: SandboxProfile
        do throws(SpawnError) {
            profile = try place.profile(of: act, gate.project)
        } catch {
            throw ActRefusal(error.description)
        }
        guard place.has(act.program) else { throw ActRefusal("it is not installed on the runner's machine") }
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
            throw ActRefusal(error.message)
        }
        defer { copy.discard() }
        do {
            let manifest = try gate.inTurn {
                try TreeManifest(Directory(path: copy.directory), removesEscapes: true, point: Mount.workspace)
            }
            command.manifest = manifest
            guard command.directory.isEmpty || manifest.isDirectory(command.directory) else {
                throw ActRefusal("the directory that it was called in is not there")
            }
        } catch let refusal as ActRefusal {
            throw refusal
        } catch {
            throw ActRefusal("the workspace cannot be read: \(error)")
        }
        let file = try lay(input, copy, owner)
        defer { if file >= 0 { close(file) } }
        perform(command, way, profile, copy, input: file)
    }

    func credentials() throws(ActRefusal) -> ActCredentials {
        do throws(SecretError) {
            return try ActCredentials(act, of: gate.project)
        } catch {
            gate.services.logger.error("\(error)", metadata: ["attempt": "\(gate.order.ref)"])
            throw ActRefusal("its credentials cannot be read on the runner's machine")
        }
    }

    /// What is asked about goes into records, where no secret may stand.
    private func check(_ command: ActQuestion, _ mask: SecretMask) throws(ActRefusal) {
        guard command.size <= ActQuestion.sizeLimit else {
            throw ActRefusal("its words are longer than the \(ActQuestion.sizeLimit) bytes that can be shown")
        }
        let texts = command.words + command.environment.map { "\($0.key)=\($0.value)" } + [command.directory]
        guard texts.allSatisfy({ mask.mask($0) == $0 }) else {
            throw ActRefusal(
                "a secret of the project stands in its words or variables; they would be shown and recorded")
        }
    }

    private func readInput() throws(ActRefusal) -> [UInt8] {
        var input: [UInt8] = []
        var size = 0
        do {
            try wire.send(.wanted, GateFrame.number(UInt32(Self.inputLimit)))
            while true {
                let (kind, payload) = try wire.readFrame()
                guard kind == .input else { throw GateWire.Broken() }
                if payload.isEmpty { break }
                // What is too much is read to its end as well: who is still writing would not see the answer. The shim
                // ends a byte behind the limit; others are not waited for.
                guard size <= 2 * Self.inputLimit else { break }
                size += payload.count
                if size <= Self.inputLimit { input += payload }
            }
        } catch {
            throw ActRefusal("its standard input did not come to an end")
        }
        guard size <= Self.inputLimit else {
            throw ActRefusal("its standard input is larger than \(Self.inputLimit) bytes; put it into a file")
        }
        return input
    }

    /// Standard input as a file that is open; -1 for none.
    private func lay(_ input: [UInt8], _ copy: WorkspaceCopy, _ owner: FileOwner?) throws(ActRefusal) -> Int32 {
        if input.isEmpty { return -1 }
        let path = copy.path + "/input"
        guard FileManager.default.createFile(atPath: path, contents: Data(input)),
            owner.map({ chown(path, $0.user, $0.group) == 0 }) ?? true
        else { throw ActRefusal("its standard input cannot be kept") }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw ActRefusal("its standard input cannot be kept") }
        return file
    }

    func say(_ text: String) {
        try? wire.send(.error, "pandar: \(act.program): \(PushInspection.plain(text))\n".utf8)
    }
}

extension TreeManifest {
    func isDirectory(_ path: String) -> Bool {
        if case .directory? = entries[Array(path.utf8)] { true } else { false }
    }
}
