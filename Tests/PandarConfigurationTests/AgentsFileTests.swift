import Agents
import Foundation
import PandarConfiguration
import Testing

@Suite("The file of agents")
struct AgentsFileTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../config/agents.yaml").standardizedFileURL.resolvingSymlinksInPath().path

    private func message(_ text: String) -> String {
        do {
            _ = try AgentsFile.load(text: text, name: "a.yaml")
            return "no error"
        } catch {
            return "\(error.code.rawValue) \(error.message)"
        }
    }

    /// An agent with further members.
    private func agent(_ members: String) -> String { "agents:\n  a: {adapter: acp, \(members)}\n" }

    @Test("config/agents.yaml is what the code says (write it with `pandar agents template`)")
    func fileAndCodeAgree() throws {
        #expect(try String(contentsOfFile: Self.path, encoding: .utf8) == AgentsTemplate.yaml())
    }

    @Test("it is read as the agents that ship")
    func isBuiltIn() throws {
        #expect(try AgentsFile.load(path: Self.path) == AgentCatalog.builtIn)
        #expect(AgentCatalog.builtIn.agents.map(\.name) == ["codex", "claude", "gemini"])
        #expect(AgentCatalog.builtIn["claude"]?.adapter == .claudeStreamJSON)
        #expect(AgentCatalog.builtIn["cat"] == nil)
    }

    @Test("an empty file is the agents that ship, and a list replaces them")
    func parts() throws {
        #expect(try AgentsFile.load(text: "", name: "a") == AgentCatalog.builtIn)
        #expect(try AgentsFile.load(text: "agents: {}", name: "a") == AgentCatalog([]))
        let own = try AgentsFile.load(text: "agents:\n  aider:\n    adapter: exec\n", name: "a")
        #expect(own.agents == [AgentDefinition(name: "aider", program: "aider", adapter: .exec)])
    }

    @Test("everything that an agent says is read, and written again as the same")
    func members() throws {
        let catalog = try AgentsFile.load(
            text: agent(
                "program: /opt/a/bin/a, arguments: [--acp, 'it''s', ''], environment: {A_B: '1', C: x y}, "
                    + "credentials: [A_KEY], hosts: ['a.example.com:443', '*.b.example.com'], sandbox: wide, resume: true, "
                    + "recovery: stand"
            ),
            name: "a")
        let expected = AgentDefinition(
            name: "a", program: "/opt/a/bin/a", adapter: .acp, arguments: ["--acp", "it's", ""],
            environment: ["A_B": "1", "C": "x y"], credentials: ["A_KEY"],
            hosts: ["a.example.com:443", "*.b.example.com"], sandboxProfile: "wide", resumesSessions: true,
            recovery: .stand)
        #expect(catalog.agents == [expected])
        #expect(try AgentsFile.load(text: AgentsTemplate.yaml(catalog), name: "a") == catalog)
    }

    @Test("a proxy agent's way to recover, and what a plain command's output tells")
    func proxyAndProgress() throws {
        let catalog = try AgentsFile.load(
            text: """
                agents:
                  a: {adapter: acp, recovery: stand}
                  b:
                    adapter: exec
                    progress:
                      - pattern: 'Step {done} of {total}: {step}'
                      - {pattern: Deploying, percent: 90, phase: finalizing, step: deploy}
                """, name: "a")
        #expect(catalog["a"]?.recovery == .stand)
        #expect(
            catalog["b"]?.progress == [
                ProgressRule(try LinePattern("Step {done} of {total}: {step}")),
                ProgressRule(try LinePattern("Deploying"), percent: 90, phase: .finalizing, step: "deploy"),
            ])
        #expect(try AgentsFile.load(text: AgentsTemplate.yaml(catalog), name: "a") == catalog)
        #expect(message(agent("recovery: maybe")).contains("must be one of: resume, stand, off"))
        #expect(message("agents:\n  a: {adapter: exec, recovery: off}").hasPrefix("contradiction"))
        #expect(message(agent("progress: [{pattern: x}]")).hasPrefix("contradiction"))
        #expect(message("agents:\n  a: {adapter: exec, progress: [{percent: 1}]}").contains("needs pattern"))
        #expect(message("agents:\n  a: {adapter: exec, progress: [{pattern: '{x}'}]}").contains("cannot be read"))
    }

    @Test("what is wrong is told with its line")
    func errors() {
        #expect(message("agent: {}").contains("agent is not known; did you mean agents?"))
        #expect(message("agents:\n  a:\n    program: b\n").hasPrefix("invalid_value a.yaml:3: agents.a needs adapter"))
        #expect(message("agents:\n  a: {adapter: screen}").contains("must be one of: codex-app-server, claude-stream"))
        #expect(message("agents:\n  a/b: {adapter: exec}").contains("must be named by"))
        #expect(message("agents:\n  a: {adapter: acp}\n  a: {adapter: acp}").hasPrefix("not_yaml"))
        #expect(message(agent("argument: x")).contains("did you mean arguments?"))
        #expect(message(agent("program: bin/a")).contains("or an absolute path"))
        #expect(message(agent("environment: {A-B: x}")).contains("is not the name of an environment variable"))
        #expect(message(agent("environment: {LD_PRELOAD: x}")).contains("set by the sandbox"))
        #expect(message(agent("credentials: [PATH]")).contains("set by the sandbox"))
        #expect(message(agent("credentials: [A, A]")).contains("credentials[1] stands twice"))
        #expect(message(agent("hosts: ['*']")).contains("agents.a.hosts[0] is no host to allow"))
        #expect(message(agent("resume: 7")).contains("must be true or false"))
    }

    @Test("a session of what keeps none, and a credential's value, are errors")
    func contradictions() {
        let exec = message("agents:\n  a: {adapter: exec, resume: true}")
        #expect(exec.hasPrefix("contradiction") && exec.contains("knows of no sessions"))
        let secret = message(agent("credentials: [A_KEY], environment: {A_KEY: hush}"))
        #expect(secret.hasPrefix("contradiction") && !secret.contains("hush"))
    }

    @Test("the settings name the file")
    func settings() throws {
        var section = PandarSettings().agents
        #expect(try section.catalog() == AgentCatalog.builtIn)
        section.file = "/nowhere/agents.yaml"
        #expect(throws: ConfigurationError.self) { try section.catalog() }
    }
}
