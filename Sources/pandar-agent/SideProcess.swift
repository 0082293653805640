internal import Agents
internal import Glibc

/// A push that is asked about beside the agent, before the agent does it.
struct SideProcess {
    /// How much of its output is kept: the last of it.
    private static let limit = 64 << 10

    let question: AgentQuestion.ID
    var child: Child
    private var output: [UInt8] = []

    init(_ question: AgentQuestion.ID, _ child: Child) {
        self.question = question
        self.child = child
        self.child.closeInput()
    }

    mutating func read() {
        while child.output >= 0 {
            guard let piece = Descriptor.read(child.output) else { return child.closeOutput() }
            guard !piece.isEmpty else { return }
            output += piece
            if output.count > Self.limit { output.removeFirst(output.count - Self.limit) }
        }
    }

    /// What its end says; `nil` where nobody has decided: the broker went away in the middle, as it does when the attempt is
    /// being stopped. The agent must not take that for a no, for it may be asked to go on after a yes.
    func answer() -> AgentAnswer? {
        guard child.exitCode != 0 else { return .accept }
        let said = String(decoding: output, as: UTF8.self)
        if said.contains("hung up unexpectedly") || said.contains("pandar: no runner answers") { return nil }
        let text = said.split { $0.isNewline }.suffix(8).joined(separator: "\n")
        return .decline(reason: text.isEmpty ? "The push was not approved." : text)
    }
}
