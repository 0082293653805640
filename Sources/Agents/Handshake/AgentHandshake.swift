internal import TaskModel

/// The first exchange with an agent's program: enough to know that both sides speak the same protocol. Nothing is asked
/// of a model. No I/O: a line out, lines in.
public struct AgentHandshake: Hashable, Sendable {
    /// What the program made of the request.
    public enum Answer: Hashable, Sendable {
        /// It speaks the protocol; how it names itself or the protocol's version, where it tells.
        case accepted(String)
        case refused(String)
    }

    private let adapter: AdapterKind

    /// `nil` where there is no protocol to try.
    public init?(_ adapter: AdapterKind) {
        if adapter == .exec { return nil }
        self.adapter = adapter
    }

    /// What is said first, without the line's end.
    public var request: String {
        String(decoding: JSONWriter.bytes(of: message), as: UTF8.self)
    }

    private var message: JSONValue {
        switch adapter {
        case .codexAppServer, .exec:
            let client: JSONValue = ["name": "pandar", "title": "Pandar", "version": "1"]
            return ["id": 0, "method": "initialize", "params": ["clientInfo": client]]
        case .claudeStreamJSON:
            let request: JSONValue = ["subtype": "initialize", "hooks": .object(JSONObject())]
            return ["type": "control_request", "request_id": "0", "request": request]
        case .acp:
            let params: JSONValue = ["protocolVersion": 1, "clientCapabilities": .object(JSONObject())]
            return ["jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params]
        }
    }

    /// What a line of the program's output says to the request; `nil` where it is about something else.
    public func answer(in line: some Sequence<UInt8>) -> Answer? {
        guard let message = try? JSONParser.parse(Array(line)).objectValue else { return nil }
        if adapter == .claudeStreamJSON {
            guard message["type"]?.stringValue == "control_response", let response = message["response"]?.objectValue,
                response["request_id"]?.stringValue == "0"
            else { return nil }
            if response["subtype"]?.stringValue == "success" { return .accepted("stream-json") }
            return .refused(response["error"]?.stringValue ?? "it gave no reason")
        }
        guard message["id"] == 0, message["method"] == nil else { return nil }
        if let error = message["error"]?.objectValue {
            return .refused(error["message"]?.stringValue ?? "it gave no reason")
        }
        guard let result = message["result"]?.objectValue else { return .refused("its answer has no result") }
        guard adapter == .acp else { return .accepted(result["userAgent"]?.stringValue ?? "app-server") }
        guard case .integer(let version)? = result["protocolVersion"], version == 1 else {
            return .refused("it does not speak version 1 of the Agent Client Protocol")
        }
        return .accepted("Agent Client Protocol, version 1")
    }
}
