internal import Gates

/// Reads one trigger of a gate.
enum GateTriggerReader {
    enum Kind: String, CaseIterable {
        case command, push, secret
    }

    static func trigger(
        _ node: DocumentNode, besides others: [GateTrigger]
    ) throws(ConfigurationError) -> GateTrigger {
        var section = try node.section()
        let nameNode = try section.require("name")
        let name = try GatesFile.name(nameNode)
        guard !others.contains(where: { $0.name == name }) else {
            throw nameNode.error("is a second trigger of the name \(name)")
        }
        let trigger: GateTrigger
        switch try section.take("kind")?.choice(Kind.self) ?? .command {
        case .command: trigger = .command(try command(name, &section))
        case .push:
            let push = PushTrigger(
                name, branches: try section.take("branches")?.texts() ?? [],
                tags: try section.take("tags")?.texts() ?? [])
            guard !push.branches.isEmpty || !push.tags.isEmpty else { throw node.error("needs branches or tags") }
            trigger = .push(push)
        case .secret: trigger = .secret(SecretTrigger(name, secrets: try section.require("secrets").texts()))
        }
        try section.finish()
        if case .command(let command) = trigger, let broken = command.brokenExamples().first {
            throw node.error(
                "(\(name)) does not keep its example `\(broken.command)`. \(broken.problem)", .contradiction)
        }
        return trigger
    }

    private static func command(
        _ name: String, _ section: inout DocumentSection
    ) throws(ConfigurationError) -> CommandTrigger {
        let reason = try section.require("reason").text()
        let programsNode = try section.require("programs")
        let programs = try programsNode.texts()
        guard !programs.isEmpty, programs.allSatisfy({ !$0.isEmpty && !$0.contains("/") }) else {
            throw programsNode.error("must be names of programs, without directories")
        }
        var trigger = CommandTrigger(name, reason, programs: programs)
        trigger.verbs = try section.take("verbs")?.texts() ?? []
        trigger.exceptVerbs = try section.take("except_verbs")?.texts() ?? []
        trigger.values = try section.take("values")?.texts() ?? []
        trigger.flags = try section.take("flags")?.texts() ?? []
        trigger.options = try section.take("options")?.texts() ?? []
        trigger.anyOf = try section.take("any_of")?.texts() ?? []
        trigger.unless = try section.take("unless")?.texts() ?? []
        trigger.matches = try section.take("matches")?.texts() ?? []
        trigger.spares = try section.take("spares")?.texts() ?? []
        return trigger
    }
}
