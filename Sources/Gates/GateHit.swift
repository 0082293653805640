public import TaskModel

/// A gate that a question hits.
public struct GateHit: Hashable, Sendable {
    public let gate: String
    /// The name of the trigger that found it.
    public let rule: String
    /// Why, in one sentence. Repeats no argument: they can hold secrets.
    public let reason: String
    /// What would be done.
    public let action: GateAction
    /// Whether it is known that a human must decide; `false` where it could not be told and is asked to be safe.
    public let isCertain: Bool

    public init(gate: String, rule: String, reason: String, action: GateAction, isCertain: Bool = true) {
        self.gate = gate
        self.rule = rule
        self.reason = reason
        self.action = action
        self.isCertain = isCertain
    }
}

/// What would be done, in parts.
public struct GateAction: Hashable, Sendable {
    /// One reference of a remote that a push changes.
    public struct Update: Hashable, Sendable {
        /// What is pushed, as it is named; `nil` for a deletion.
        public var source: String?
        /// The whole name (`refs/heads/main`); `nil` where it cannot be told.
        public var destination: String?
        public var forced: Bool
        public var deletes: Bool

        public init(source: String?, destination: String?, forced: Bool = false, deletes: Bool = false) {
            self.source = source
            self.destination = destination
            self.forced = forced
            self.deletes = deletes
        }
    }

    /// The command that hits the gate, which a wrapper may run; words that only a shell knows are `…`.
    public var argv: [String]
    /// Of a push: the remote as it is named, without a password; `nil` where it cannot be told.
    public var remote: String?
    /// Of a push: where it goes, without a password; `nil` where it cannot be told.
    public var url: String?
    /// Of a push: what it changes.
    public var updates: [Update]?
    /// The name of a secret.
    public var secret: String?

    public init(
        argv: [String], remote: String? = nil, url: String? = nil, updates: [Update]? = nil, secret: String? = nil
    ) {
        self.argv = argv
        self.remote = remote
        self.url = url
        self.updates = updates
        self.secret = secret
    }

    /// For a confirmation: only what is known of the act.
    public var json: JSONValue {
        var members: [JSONObject.Member] = []
        if !argv.isEmpty { members.append(.init(name: "argv", value: .array(argv.map(JSONValue.string)))) }
        if let secret { members.append(.init(name: "secret", value: .string(secret))) }
        if let updates {
            members += [
                .init(name: "remote", value: remote.map(JSONValue.string) ?? .null),
                .init(name: "url", value: url.map(JSONValue.string) ?? .null),
                .init(name: "updates", value: .array(updates.map(\.json))),
            ]
        }
        return .object(JSONObject(members))
    }
}

extension GateAction.Update {
    var json: JSONValue {
        [
            "source": source.map(JSONValue.string) ?? .null,
            "destination": destination.map(JSONValue.string) ?? .null, "forced": .bool(forced),
            "deletes": .bool(deletes),
        ]
    }
}
