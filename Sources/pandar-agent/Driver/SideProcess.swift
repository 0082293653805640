internal import Agents
internal import Glibc

/// What is asked beside the agent before a question of it is answered.
struct SideProcess {
    /// How much of its output is kept: the last of it.
    private static let limit = 64 << 10

    enum Purpose {
        /// A push is asked about before the agent does it.
        case push(AgentQuestion.ID)
        /// A secret that is to be typed.
        case secret(AgentQuestion.ID)

        var question: AgentQuestion.ID {
            switch self {
            case .push(let id), .secret(let id): id
            }
        }
    }

    private let purpose: Purpose
    var child: Child
    private var output: [UInt8] = []

    init(
        _ purpose: Purpose, _ words: [String], directory: String, variables: [String: String]
    ) throws(Child.Failure) {
        self.purpose = purpose
        // What is said about a secret is no part of it.
        let streams = if case .push = purpose { Child.Streams.pipesWithErrors } else { Child.Streams.pipes }
        child = try Child(words, directory: directory, variables: variables, streams: streams)
        child.closeInput()
    }

    var question: AgentQuestion.ID { purpose.question }

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
        let said = String(decoding: output, as: UTF8.self)
        switch purpose {
        case .push:
            guard child.exitCode != 0 else { return .accept }
            if said.contains("hung up unexpectedly") || said.contains("pandar: no runner answers") { return nil }
            let text = said.split { $0.isNewline }.suffix(8).joined(separator: "\n")
            return .decline(reason: text.isEmpty ? "The push was not approved." : text)
        case .secret:
            guard child.exitCode == 0 else { return .decline(reason: "The secret for it was not given.") }
            return .secret(said.last?.isNewline == true ? String(said.dropLast()) : said)
        }
    }
}
