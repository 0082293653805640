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

    /// What its end says.
    func answer() -> AgentAnswer {
        guard child.exitCode != 0 else { return .accept }
        let lines = String(decoding: output, as: UTF8.self).split { $0.isNewline }.suffix(8)
        let text = lines.joined(separator: "\n")
        return .decline(reason: text.isEmpty ? "The push was not approved." : text)
    }
}
