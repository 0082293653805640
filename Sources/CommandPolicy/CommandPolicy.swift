public import TaskModel

/// Decides whether a command may run: `allow`, `gate` (a human must agree) or `block`. Rules are data; nothing here has
/// a clock, a file or a thread.
///
/// A policy can only judge what is written in a command. What an agent does later it cannot see: that the sandbox holds.
public struct CommandPolicy: Sendable {
    /// Programs that may run without being asked about.
    public enum Programs: Hashable, Sendable, CustomStringConvertible {
        case any
        /// By the name alone, which is then looked for in `PATH`, or by a whole path. A name does not stand for a file
        /// of that name elsewhere.
        case only(Set<String>)

        public var description: String {
            switch self {
            case .any: "*"
            case .only(let names): names.sorted().joined(separator: ",")
            }
        }
    }

    /// Where fragments are looked for.
    public enum FragmentScope: String, Hashable, Sendable, CaseIterable {
        /// Anywhere in the command, an agent's prompt included.
        case everywhere
        /// Only where a command begins.
        case commands
        case off
    }

    public let programs: Programs
    public let rules: [PolicyRule]
    public let wrappers: [PolicyWrapper]
    public let fragments: [String]
    public let fragmentScope: FragmentScope
    let index: PolicyIndex

    public init(
        programs: Programs, rules: [PolicyRule], wrappers: [PolicyWrapper] = CommandPolicy.builtInWrappers,
        fragments: [String] = [], fragmentScope: FragmentScope = .everywhere
    ) {
        self.programs = programs
        self.rules = rules
        self.wrappers = wrappers
        self.fragments = fragments
        self.fragmentScope = fragmentScope
        index = PolicyIndex(
            programs: programs, rules: rules, wrappers: wrappers, fragments: fragmentScope == .off ? [] : fragments)
    }

    /// Allows every command that can be split.
    public static let permissive = CommandPolicy(programs: .any, rules: [], wrappers: [], fragmentScope: .off)

    /// What holds where no file says otherwise: `config/policy.yaml`.
    public static let builtIn = CommandPolicy(
        programs: .only(builtInPrograms), rules: builtInRules, wrappers: builtInWrappers,
        fragments: builtInFragments, fragmentScope: .everywhere)

    /// The same with other programs or another scope, where they are given.
    public func with(programs: Programs? = nil, fragmentScope: FragmentScope? = nil) -> CommandPolicy {
        CommandPolicy(
            programs: programs ?? self.programs, rules: rules, wrappers: wrappers, fragments: fragments,
            fragmentScope: fragmentScope ?? self.fragmentScope)
    }

    /// Whether every command that can be split is allowed, so that nobody need ask.
    public var isPermissive: Bool { index.isPermissive }

    /// Rules that are always there, by their names in verdicts.
    public enum OwnRule {
        /// The command cannot be split without a shell.
        public static let notSplittable = "not_splittable"
        /// The program is not one of `programs`.
        public static let programNotAllowed = "program_not_allowed"
        /// A fragment stands in the command.
        public static let fragment = "fragment"
        /// The text of a shell cannot be read to its end, or commands are nested too deeply to be judged.
        public static let unreadable = "unreadable"

        public static let all = [notSplittable, programNotAllowed, fragment, unreadable]
    }

    /// Judges a command.
    ///
    /// - Parameter approvalPolicy: the task's; `nil` counts as `auto`.
    public func verdict(of text: String, approvalPolicy: ApprovalPolicy?) -> PolicyVerdict {
        judged(text, approvalPolicy, isTraced: false).verdict
    }

    /// Judges a command and tells how.
    public func explain(_ text: String, approvalPolicy: ApprovalPolicy?) -> PolicyExplanation {
        judged(text, approvalPolicy, isTraced: true)
    }

    private func judged(_ text: String, _ approvalPolicy: ApprovalPolicy?, isTraced: Bool) -> PolicyExplanation {
        let argv: [String]
        do throws(CommandLine.Refusal) {
            argv = try CommandLine(text).words
        } catch {
            let verdict = PolicyVerdict(
                kind: .block, rule: OwnRule.notSplittable, argv: [], reason: error.sentence)
            return PolicyExplanation(verdict: verdict, steps: [])
        }
        guard !isPermissive else {
            return PolicyExplanation(verdict: Self.allowed(argv), steps: [])
        }
        var judge = Judge(index, rules: rules, isTraced: isTraced, anchorsFragments: fragmentScope == .commands)
        judge.judge(argv.map(CommandWord.init), text: fragmentScope == .everywhere ? text : nil)
        let verdict = judge.finding(for: approvalPolicy ?? .auto).map { finding in
            PolicyVerdict(kind: finding.kind, rule: finding.hit.rule, argv: argv, reason: finding.hit.reason)
        }
        return PolicyExplanation(verdict: verdict ?? Self.allowed(argv), steps: judge.steps)
    }

    private static func allowed(_ argv: [String]) -> PolicyVerdict {
        PolicyVerdict(kind: .allow, rule: nil, argv: argv, reason: "No rule speaks against it.")
    }
}

extension CommandPolicy: Equatable {
    public static func == (left: CommandPolicy, right: CommandPolicy) -> Bool {
        left.programs == right.programs && left.rules == right.rules && left.wrappers == right.wrappers
            && left.fragments == right.fragments && left.fragmentScope == right.fragmentScope
    }
}
