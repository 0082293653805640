internal import Agents
internal import TaskModel

/// What was found out about one agent.
struct AgentTrial: Hashable, Sendable {
    /// Where the program was tried.
    enum Place: String, Sendable {
        case sandbox = "in the sandbox"
        case outside = "outside of the sandbox"
    }

    enum Handshake: Hashable, Sendable {
        case works(String)
        case fails(String)
        /// There is no protocol to try.
        case none
        /// For the reason that is told elsewhere.
        case notTried
    }

    struct Credential: Hashable, Sendable {
        let name: String
        /// Where there is one: the service's environment, or projects. Its value is nobody's business.
        let places: [String]
    }

    let agent: AgentDefinition
    let place: Place
    /// On the machine; `nil`: not there.
    var path: String?
    /// What it says to --version.
    var version: String?
    /// Why it could not be started.
    var problem: String?
    var credentials: [Credential] = []
    var handshake = Handshake.notTried
    /// Whether it was asked for by name: then it must be there.
    var isWanted = false

    var hasFailed: Bool {
        if case .fails = handshake { return true }
        return problem != nil || (isWanted && path == nil)
    }

    var findings: [Finding] {
        let name = agent.name
        guard let path else {
            return [
                Finding(
                    isWanted ? .fail : .warn, name, "\(agent.program) is not on PATH of attempts",
                    remedy: "install it, or set runner.path or the agent's program")
            ]
        }
        var findings = [Finding(.ok, name, [path, version].compactMap(\.self).joined(separator: ", "))]
        if let problem {
            findings.append(
                Finding(
                    .fail, "\(name) start", "\(problem) (\(place.rawValue))",
                    remedy: "name its files in `readable` of its sandbox profile, if they lie outside of /usr"))
        }
        switch handshake {
        case .works(let words):
            findings.append(
                Finding(.ok, "\(name) protocol", "\(agent.adapter.rawValue): \(words) (\(place.rawValue))"))
        case .fails(let reason):
            findings.append(
                Finding(
                    .fail, "\(name) protocol", "\(agent.adapter.rawValue): \(reason) (\(place.rawValue))",
                    remedy: "see whether adapter and arguments fit this version of the program"))
        case .none, .notTried: break
        }
        return findings + credentialFindings
    }

    private var credentialFindings: [Finding] {
        let present = credentials.filter { !$0.places.isEmpty }
        if credentials.isEmpty { return [] }
        let subject = "\(agent.name) credentials"
        return present.isEmpty
            ? [
                Finding(
                    .warn, subject, "none of \(credentials.map(\.name).joined(separator: ", "))",
                    remedy: "give the service one of them as a variable, or a project as a secret")
            ]
            : present.map { Finding(.ok, subject, "\($0.name) (\($0.places.joined(separator: ", ")))") }
    }

    var json: JSONValue {
        let text = { (value: String?) in value.map(JSONValue.string) ?? .null }
        let (state, detail): (String, String?) =
            switch handshake {
            case .works(let words): ("works", words)
            case .fails(let reason): ("fails", reason)
            case .none: ("none", nil)
            case .notTried: ("not_tried", nil)
            }
        let credentials = credentials.map { credential -> JSONValue in
            ["name": .string(credential.name), "places": .array(credential.places.map(JSONValue.string))]
        }
        return [
            "name": .string(agent.name), "program": .string(agent.program), "path": text(path),
            "version": text(version), "problem": text(problem), "adapter": .string(agent.adapter.rawValue),
            "in_sandbox": .bool(place == .sandbox), "handshake": .string(state), "detail": text(detail),
            "credentials": .array(credentials), "ok": .bool(path != nil && !hasFailed),
        ]
    }
}
