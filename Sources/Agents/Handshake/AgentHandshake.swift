internal import TaskModel

/// The first exchange with an agent's program, by the adapter that its attempts use: enough to know that both sides
/// speak the same protocol. Nothing is asked of a model. No I/O: a line out, lines in.
public struct AgentHandshake: Sendable {
    /// What the program made of the request.
    public enum Answer: Hashable, Sendable {
        /// It speaks the protocol; how it names itself, where it tells, else the protocol's name.
        case accepted(String)
        case refused(String)
    }

    /// What is said first, without the line's end.
    public let request: String
    private let kind: AdapterKind
    /// As it is after its first words.
    private let adapter: any AgentAdapter

    /// `nil` where there is no protocol to try.
    public init?(_ kind: AdapterKind) {
        guard var adapter = kind.adapter(for: AgentTask(prompt: "", directory: "/")) else { return nil }
        var bytes: [UInt8] = []
        for case .write(let line) in adapter.start() { bytes += line }
        request = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        self.kind = kind
        self.adapter = adapter
    }

    /// What a line of the program's output says to the request; `nil` where it is about something else.
    public func answer(in line: some Sequence<UInt8>) -> Answer? {
        let line = Array(line)
        guard line.first == UInt8(ascii: "{") else { return nil }
        var adapter = adapter
        for case .finished(.failed(let failure)) in adapter.receive(line: line) { return .refused(failure.message) }
        guard adapter.isReady else { return nil }
        let result = (try? JSONParser.parse(line))?.objectValue?["result"]?.objectValue
        return .accepted(result?["userAgent"]?.stringValue ?? kind.rawValue)
    }
}
