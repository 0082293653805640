public import Agents

/// A catalogue of agents as the file that says the same: `config/agents.yaml` for the built-in one.
public enum AgentsTemplate {
    public static func yaml(_ catalog: AgentCatalog = .builtIn) -> String {
        var lines = header + (catalog.agents.isEmpty ? ["agents: {}"] : ["agents:"])
        for agent in catalog.agents { lines += text(agent) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let header = [
        "# Agents: the programs that do the work. These are the agents that are known where agents.file is empty; a copy of",
        "# this file, named by agents.file, replaces them all. Look at them: pandar agents list; whether they can run here:",
        "# pandar agents check",
        "#",
        "# An agent is named by the first word of a request's command. Of an agent:",
        "#   program      a name on PATH of attempts (runner.path), or an absolute path; without it the agent's name",
        "#   adapter      how Pandar talks to it: codex-app-server, claude-stream-json, acp (the Agent Client Protocol),",
        "#                or exec: no protocol, the command is run on a terminal",
        "#   arguments    what the program is always given; what names the session comes after",
        "#   environment  variables and their values; no secrets",
        "#   credentials  names of secrets that it is handed as variables, where there are any (projects.file, or the",
        "#                service's environment); their values never stand here",
        "#   hosts        what it must reach, as in a sandbox's network.allow",
        "#   sandbox      the sandbox profile of its attempts, where their project has none; none: default",
        "#   resume       false: whether an attempt can take up the session of the one before it",
        "#   recovery     as a proxy agent, what happens after it has done what the primary could not: resume (default; the",
        "#                primary goes on), stand (its work is the result), off (it is not asked to)",
        "#   progress     with exec: what lines of the output tell. Of each rule: pattern, with {percent}, {done}, {total},",
        "#                {step} and {any} as places, and percent, phase (starting, working, finalizing), step, where the",
        "#                pattern does not give them",
        "#   prompts      with exec: what is typed where the program asks. Of each rule: pattern, as above, and answer (a",
        "#                text) or secret (the name of a secret of the project, by pandar-secret, which a gate may hold).",
        "#                What no rule answers is put to the proxy agent; credentials never are",
        "#",
        "# Another CLI that speaks the Agent Client Protocol, and one that speaks none:",
        "#   goose:",
        "#     adapter: acp",
        "#     arguments: [acp]",
        "#   aider:",
        "#     adapter: exec",
        "#     progress: [{pattern: 'Step {done} of {total}: {step}'}]",
        "#     prompts: [{pattern: 'Password for', secret: REGISTRY_PASSWORD}]",
        "",
    ]

    private static func text(_ agent: AgentDefinition) -> [String] {
        var lines = ["  \(YAMLText.quoted(agent.name)):"]
        if agent.program != agent.name { lines.append("    program: \(YAMLText.quoted(agent.program))") }
        lines.append("    adapter: \(agent.adapter.rawValue)")
        lines += YAMLText.list("arguments", agent.arguments)
        if !agent.environment.isEmpty { lines.append("    environment:") }
        for (name, value) in agent.environment.sorted(by: { $0.key < $1.key }) {
            lines.append("      \(YAMLText.quoted(name)): \(YAMLText.quoted(value))")
        }
        lines += YAMLText.list("credentials", agent.credentials)
        lines += YAMLText.list("hosts", agent.hosts)
        if agent.recovery != .resume { lines.append("    recovery: \(agent.recovery.rawValue)") }
        if !agent.progress.isEmpty { lines.append("    progress:") }
        for rule in agent.progress {
            lines.append("      - pattern: \(YAMLText.quoted(rule.pattern.text))")
            if let percent = rule.percent { lines.append("        percent: \(percent)") }
            if let phase = rule.phase { lines.append("        phase: \(phase.rawValue)") }
            if let step = rule.step { lines.append("        step: \(YAMLText.quoted(step))") }
        }
        if !agent.prompts.isEmpty { lines.append("    prompts:") }
        for rule in agent.prompts {
            lines.append("      - pattern: \(YAMLText.quoted(rule.pattern.text))")
            switch rule.reply {
            case .text(let text): lines.append("        answer: \(YAMLText.quoted(text))")
            case .secret(let name): lines.append("        secret: \(YAMLText.quoted(name))")
            }
        }
        if let profile = agent.sandboxProfile { lines.append("    sandbox: \(YAMLText.quoted(profile))") }
        return lines + ["    resume: \(agent.resumesSessions)"]
    }
}
