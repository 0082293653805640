public import TaskModel

/// How a turn ended.
public enum AgentResult: Hashable, Sendable {
    /// With the agent's last words.
    case success(String)
    case failed(AgentFailure)
    case interrupted
}

/// Why a turn failed, and what can be done about it.
public struct AgentFailure: Error, Hashable, Sendable {
    public typealias Cause = AttemptFailure.Cause

    public enum Code: String, Hashable, Sendable {
        /// The model's servers are down, slow or too busy, or cannot be reached.
        case modelUnavailable = "model_unavailable"
        case rateLimited = "rate_limited"
        case credentials
        /// The account or its budget does not allow it.
        case notPermitted = "not_permitted"
        /// The model refused the request itself: its size, its form, its name.
        case badRequest = "bad_request"
        /// The agent stopped at a limit of turns, tokens or cost.
        case limitReached = "limit_reached"
        /// The session to resume is not there any more.
        case sessionLost = "session_lost"
        /// It asked something that nobody could answer, and can do nothing without.
        case unanswered
        /// The program spoke otherwise than its protocol says, or never answered.
        case protocolBroken = "protocol_broken"
        /// The program ended before its turn did.
        case programEnded = "program_ended"
        case other
    }

    public var cause: Cause
    public var code: Code
    /// For people: what the agent said.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
        cause =
            switch code {
            case .modelUnavailable, .rateLimited, .protocolBroken: .transient
            case .credentials, .notPermitted: .final
            case .badRequest, .limitReached, .sessionLost, .unanswered, .programEnded, .other: .recovery
            }
    }

    /// By the status that the model's server gave, where it is known.
    public init(status: Int64?, otherwise code: Code = .other, _ message: String) {
        switch status {
        case 401: self.init(.credentials, message)
        case 402, 403: self.init(.notPermitted, message)
        case 429: self.init(.rateLimited, message)
        case 408, 409, 425: self.init(.modelUnavailable, message)
        case .some(let status) where (500...599).contains(status): self.init(.modelUnavailable, message)
        case .some(let status) where (400...499).contains(status): self.init(.badRequest, message)
        default: self.init(code, message)
        }
    }
}
