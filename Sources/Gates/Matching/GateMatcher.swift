internal import CommandPolicy

/// A catalogue, made ready for matching.
final class GateMatcher: Sendable {
    private enum Trigger: Sendable {
        case push(PushTrigger, ProtectedReferences)
        case secret(SecretTrigger, [Glob])
        case command(CommandTrigger, CommandMatcher)
    }

    /// A text cannot be read to its end: who knows what it does.
    static let unreadable = "unreadable"

    private let gates: [(name: String, triggers: [Trigger])]
    private let unwrapper: CommandUnwrapper
    private let programs: Set<String>

    init(_ gates: [GateDefinition]) {
        self.gates = gates.map { gate in
            let triggers = gate.triggers.map { trigger -> Trigger in
                switch trigger {
                case .push(let push): .push(push, ProtectedReferences(push))
                case .secret(let secret): .secret(secret, secret.secrets.map { Glob($0) })
                case .command(let command): .command(command, CommandMatcher(command))
                }
            }
            return (gate.name, triggers)
        }
        let named = gates.flatMap(\.triggers).flatMap { trigger -> [String] in
            if case .command(let command) = trigger { command.programs.map { $0.lowercased() } } else { [] }
        }
        programs = GitReader.programs.union(named)
        unwrapper = CommandUnwrapper(programs: programs.sorted() + ["git-*"], wrappers: Self.wrappers)
    }

    func hits(_ question: GateQuestion, among names: Set<String>?) -> [GateHit] {
        let gates = gates.filter { names?.contains($0.name) ?? true }
        guard !gates.isEmpty else { return [] }
        if let secret = question.secret {
            return gates.compactMap { gate in gate.triggers.lazy.compactMap { self.hit(gate.name, $0, secret) }.first }
        }
        guard !question.argv.isEmpty else { return [] }
        var reader = ActReader(unwrapper, programs: programs, environment: question.environment)
        reader.read(question.argv, question.repository)
        return gates.compactMap { hit($0.name, $0.triggers, reader.result, question) }
    }

    // MARK: One gate

    private func hit(_ gate: String, _ trigger: Trigger, _ secret: String) -> GateHit? {
        guard case .secret(let trigger, let globs) = trigger, globs.contains(where: { $0.matches(secret) }) else {
            return nil
        }
        return GateHit(
            gate: gate, rule: trigger.name, reason: "It asks for a secret.",
            action: GateAction(argv: [], secret: secret))
    }

    private func hit(_ gate: String, _ triggers: [Trigger], _ acts: Acts, _ question: GateQuestion) -> GateHit? {
        var uncertain: GateHit?
        for trigger in triggers {
            for act in acts.acts {
                guard let hit = hit(gate, trigger, act) else { continue }
                if hit.isCertain { return hit }
                uncertain = uncertain ?? hit
            }
        }
        let looksAtCommands = triggers.contains { if case .secret = $0 { false } else { true } }
        if uncertain == nil, !acts.isComplete, looksAtCommands {
            uncertain = GateHit(
                gate: gate, rule: Self.unreadable,
                reason: "The text for a shell cannot be read to its end, or is nested too deeply.",
                action: GateAction(argv: question.argv), isCertain: false)
        }
        return uncertain
    }

    private func hit(_ gate: String, _ trigger: Trigger, _ act: Act) -> GateHit? {
        switch trigger {
        case .secret: return nil
        case .push(let trigger, let protected):
            guard let push = act.push, let found = protected.finding(push) else { return nil }
            return GateHit(
                gate: gate, rule: trigger.name, reason: found.reason, action: action(act, push, protected),
                isCertain: found.isCertain)
        case .command(let trigger, let matcher):
            let (found, isCertain) = matcher.finding(act)
            guard found else { return nil }
            return GateHit(
                gate: gate, rule: trigger.name, reason: trigger.reason, action: GateAction(argv: act.argv),
                isCertain: isCertain)
        }
    }

    private func action(_ act: Act, _ push: Push, _ protected: ProtectedReferences) -> GateAction {
        let updates = push.updates.map { update -> GateAction.Update in
            let destination: String? =
                switch update.destination {
                case .oneOf(let names): protected.likeliest(names)
                case .pattern(let pattern): pattern
                case .likely(let names): names.contains { protected.isProtected($0) } ? protected.likeliest(names) : nil
                case .unknown: nil
                }
            return .init(
                source: update.source, destination: destination, forced: update.forced, deletes: update.deletes)
        }
        return GateAction(argv: act.argv, remote: push.remote, url: push.url, updates: updates)
    }

    // MARK: Wrappers

    /// Those of the command policy. Git is read by itself; and there are some more that run commands in other places.
    private static let wrappers: [PolicyWrapper] =
        CommandPolicy.builtInWrappers.map { wrapper in
            var wrapper = wrapper
            wrapper.programs.removeAll { $0 == "git" }
            return wrapper
        } + [
            PolicyWrapper(
                ["ssh"], .text, values: ["-p", "-i", "-l", "-o", "-F", "-J", "-L", "-R", "-D", "-W", "-b", "-c", "-E"],
                operands: 1),
            PolicyWrapper(
                ["docker", "podman", "nerdctl"],
                values: [
                    "-v|--volume", "-e|--env", "-w|--workdir", "-u|--user", "--name", "--network|--net", "--mount",
                    "--entrypoint", "--env-file", "-p|--publish", "-h|--hostname", "--platform", "-H|--host",
                    "--context",
                ], operands: 2, after: ["run", "exec"]),
            PolicyWrapper(["aws-vault", "chamber", "saml2aws"], operands: 2, after: ["exec"]),
            PolicyWrapper(["k3s", "microk8s", "minikube"]),
        ]
}
