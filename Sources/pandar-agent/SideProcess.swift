internal import Agents
internal import Glibc

/// A program that runs beside the agent to find the answer to one question.
struct SideProcess {
    enum Purpose {
        case preflight
        case answerer([AgentQuestion.Words])
    }

    /// How much of its output is kept: the last of it.
    private static let limit = 64 << 10

    let question: AgentQuestion.ID
    let purpose: Purpose
    var child: Child
    /// What it has not read yet.
    var input: [UInt8]
    private(set) var output: [UInt8] = []

    init(_ question: AgentQuestion.ID, _ purpose: Purpose, _ child: Child, input: [UInt8] = []) {
        self.question = question
        self.purpose = purpose
        self.child = child
        self.input = input
        feed()
    }

    /// Gives it what it takes, and then the end.
    mutating func feed() {
        guard child.input >= 0 else { return }
        if !Descriptor.write(child.input, &input) || input.isEmpty { child.closeInput() }
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
        switch purpose {
        case .preflight:
            guard child.exitCode != 0 else { return .accept }
            let lines = String(decoding: output, as: UTF8.self).split { $0.isNewline }.suffix(8)
            let text = lines.joined(separator: "\n")
            return .decline(reason: text.isEmpty ? "The push was not approved." : text)
        case .answerer(let parts):
            return AnswererTalk.answer(output, to: parts) ?? .decline(reason: QuestionPolicy.nobody)
        }
    }
}
