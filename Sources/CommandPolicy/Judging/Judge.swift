internal import TaskModel

/// Judges one command and what it would run in turn.
struct Judge {
    struct Hit {
        let level: PolicyRule.Level
        let rule: String
        let reason: String
        /// Rules go in their order, then fragments, then programs that are not allowed: the most telling first.
        let order: Int
    }

    /// Commands inside commands that are looked into; more count as unreadable.
    static let maximumDepth = 12
    /// Commands that are judged for one verdict; more count as unreadable.
    static let maximumCommands = 1000

    let index: PolicyIndex
    private let rules: [PolicyRule]
    private let isTraced: Bool
    private let anchorsFragments: Bool
    private(set) var steps: [PolicyExplanation.Step] = []
    private var denial: Hit?
    private var ban: Hit?
    private var commands = 0
    private var ignoresPrograms = false
    /// The names of the programs whose output the command gets, with spaces; `nil` if it gets none.
    var piped: [UInt8]?
    /// Here-documents of the command.
    var inputs: [CommandWord] = []
    /// All that is run, for those who judge it by other rules; `nil` where nobody asks.
    var collected: UnwrappedCommands?

    init(_ index: PolicyIndex, rules: [PolicyRule], isTraced: Bool, anchorsFragments: Bool) {
        self.index = index
        self.rules = rules
        self.isTraced = isTraced
        self.anchorsFragments = anchorsFragments
    }

    /// - Parameter text: in which fragments are looked for everywhere; `nil` where they are not.
    mutating func judge(_ words: [CommandWord], text: String?) {
        judge(words[...], depth: 0)
        guard text != nil, !index.fragments.isEmpty else { return }
        let normal = FragmentText.normal(words)
        if let found = index.fragments.first(in: normal) {
            hitFragment(found.index)
        } else if let bare = FragmentText.withoutQuotes(normal), let found = index.fragments.first(in: bare) {
            hitFragment(found.index)
        }
    }

    /// The finding that decides under that approval policy; `nil` if nothing was found.
    func finding(for policy: ApprovalPolicy) -> (kind: PolicyVerdict.Kind, hit: Hit)? {
        switch (ban, denial) {
        case (let ban?, let denial?):
            (.block, policy == .auto && denial.order < ban.order ? denial : ban)
        case (let ban?, nil): (.block, ban)
        case (nil, let denial?): (policy == .auto ? .block : .gate, denial)
        case (nil, nil): nil
        }
    }

    // MARK: One command

    mutating func judge(_ words: ArraySlice<CommandWord>, depth: Int) {
        guard let program = words.first else { return }
        commands += 1
        guard depth <= Self.maximumDepth, commands <= Self.maximumCommands else { return hitUnreadable() }
        let step = isTraced ? begin(words, depth) : nil
        if !program.isAssignment || words.count == 1 { collected?.add(words) }
        guard !program.isDynamic else {
            hit(.unknownProgram, text: [], step)
            if let piped { hit(.pipeToShell, text: piped, step) }
            return
        }
        let name = ProgramName(program)
        let arguments = words.dropFirst()
        for rule in index.rules(name) {
            let isFound = rule.matches(arguments)
            note(rule, isFound: isFound, step)
            if isFound { hit(rule) }
        }
        if anchorsFragments { judgeFragments(name, arguments) }
        if !ignoresPrograms, !index.isAllowed(program) { hitProgram(program, step) }
        if program.isAssignment {
            judgeAssignments([program])
            withVariables([program]) { $0.judge(arguments, depth: depth) }
        }
        for wrapper in index.wrappers(name) { unwrap(wrapper, words, depth: depth + 1) }
    }

    /// Judges by the rules alone: for what a shell does itself, and for what is perhaps a command.
    mutating func withoutPrograms(_ body: (inout Judge) -> Void) {
        let before = ignoresPrograms
        ignoresPrograms = true
        body(&self)
        ignoresPrograms = before
    }

    /// Judges what gets those variables.
    mutating func withVariables(_ assignments: [CommandWord], _ body: (inout Judge) -> Void) {
        let before = collected?.variables
        collected?.variables += assignments
        body(&self)
        if let before { collected?.variables = before }
    }

    private mutating func judgeFragments(_ name: ProgramName, _ arguments: ArraySlice<CommandWord>) {
        guard !index.fragments.isEmpty else { return }
        let text = FragmentText.normal([CommandWord(name.bytes)] + arguments)
        if let fragment = index.fragments.atStart(of: text) { hitFragment(fragment) }
    }

    /// Finds what a rule without a program finds. Returns whether one did.
    ///
    /// - Parameter isNamed: whether only rules count that name what they look for.
    @discardableResult
    mutating func hit(
        _ finding: PolicyRule.Finding, text: [UInt8], _ step: Int? = nil, isNamed: Bool = false
    ) -> Bool {
        var isAnyFound = false
        for rule in index.byFinding[finding] ?? [] where !isNamed || rule.isNamed {
            let isFound = rule.matches(text: text)
            note(rule, isFound: isFound, step ?? steps.indices.last)
            guard isFound else { continue }
            hit(rule)
            isAnyFound = true
        }
        return isAnyFound
    }

    // MARK: What was found

    mutating func hit(_ rule: RuleMatcher) {
        let found = rules[rule.index]
        add(Hit(level: found.level, rule: found.name, reason: found.reason, order: rule.index))
    }

    private mutating func hitFragment(_ fragment: Int) {
        add(
            Hit(
                level: .forbid, rule: CommandPolicy.OwnRule.fragment,
                reason: "\"\(index.fragmentTexts[fragment])\" stands in the command, which policy.fragments forbids.",
                order: .max - 1))
    }

    private mutating func hitProgram(_ program: CommandWord, _ step: Int?) {
        if let step { steps[step].found.append(CommandPolicy.OwnRule.programNotAllowed) }
        // A message is made only once: this is the commonest finding.
        guard denial == nil else { return }
        let name = program.isAssignment ? "A variable" : "\"\(program.text.prefix(60))\""
        add(
            Hit(
                level: .deny, rule: CommandPolicy.OwnRule.programNotAllowed,
                reason: "\(name) is not one of the allowed programs (policy.programs).", order: .max))
    }

    mutating func hitUnreadable() {
        collected?.isComplete = false
        add(
            Hit(
                level: .deny, rule: CommandPolicy.OwnRule.unreadable,
                reason: "The text for a shell cannot be read to its end, or is nested too deeply.", order: .max - 2))
    }

    private mutating func add(_ hit: Hit) {
        switch hit.level {
        case .deny: if hit.order < denial?.order ?? .max || denial == nil { denial = hit }
        case .forbid: if hit.order < ban?.order ?? .max || ban == nil { ban = hit }
        }
    }

    // MARK: How it was found

    private mutating func begin(_ words: ArraySlice<CommandWord>, _ depth: Int) -> Int {
        steps.append(
            .init(words: words.map { $0.isDynamic ? "…" : $0.text }, depth: depth, tried: [], found: []))
        return steps.count - 1
    }

    private mutating func note(_ rule: RuleMatcher, isFound: Bool, _ step: Int?) {
        guard isTraced, let step else { return }
        steps[step].tried.append(rules[rule.index].name)
        if isFound { steps[step].found.append(rules[rule.index].name) }
    }
}
