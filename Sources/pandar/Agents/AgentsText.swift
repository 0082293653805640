internal import Agents
internal import TaskModel

/// An agent for machines and for people.
extension AgentDefinition {
    var json: JSONValue {
        let texts = { (values: [String]) in JSONValue.array(values.map(JSONValue.string)) }
        let values = environment.sorted { $0.key < $1.key }.map { name, value in
            JSONObject.Member(name: name, value: .string(value))
        }
        return [
            "name": .string(name), "program": .string(program), "adapter": .string(adapter.rawValue),
            "arguments": texts(arguments), "environment": .object(JSONObject(values)),
            "credentials": texts(credentials), "hosts": texts(hosts),
            "sandbox": sandboxProfile.map(JSONValue.string) ?? .null, "resume": .bool(resumesSessions),
        ]
    }

    func lines(_ style: Style) -> [String] {
        let session = resumesSessions ? ", sessions go on" : ""
        var lines = ["\(style(name, .bold))   \(adapter.rawValue)\(session)"]
        lines.append("  \(style("command", .dim))      \(CommandLine.quoted([program] + arguments).printable)")
        for (title, values) in [("credentials", credentials), ("hosts", hosts)] where !values.isEmpty {
            let gap = String(repeating: " ", count: 13 - title.count)
            lines.append("  \(style(title, .dim))\(gap)\(values.joined(separator: ", ").printable)")
        }
        if let sandboxProfile { lines.append("  \(style("sandbox", .dim))      \(sandboxProfile.printable)") }
        return lines
    }
}
