/// The rules of a policy, made ready for judging.
final class PolicyIndex: Sendable {
    let programs: CommandPolicy.Programs
    let fragments: FragmentMatcher
    let fragmentTexts: [String]
    let isPermissive: Bool
    /// What the code that starts programs looks like, and so on: rules that look at no program.
    let byFinding: [PolicyRule.Finding: [RuleMatcher]]
    private let rulesByName: [String: [RuleMatcher]]
    private let rulesByPrefix: [(prefix: [UInt8], rule: RuleMatcher)]
    private let rulesForAll: [RuleMatcher]
    private let wrappersByName: [String: [WrapperReader]]
    private let wrappersByPrefix: [(prefix: [UInt8], wrapper: WrapperReader)]

    init(programs: CommandPolicy.Programs, rules: [PolicyRule], wrappers: [PolicyWrapper], fragments: [String]) {
        self.programs = programs
        self.fragments = FragmentMatcher(fragments)
        fragmentTexts = fragments
        isPermissive = programs == .any && rules.isEmpty && fragments.isEmpty
        var byFinding: [PolicyRule.Finding: [RuleMatcher]] = [:]
        var byName: [String: [RuleMatcher]] = [:]
        var byPrefix: [([UInt8], RuleMatcher)] = []
        var forAll: [RuleMatcher] = []
        for (index, rule) in rules.enumerated() {
            let matcher = RuleMatcher(rule, index: index)
            guard rule.finding == .command else {
                byFinding[rule.finding, default: []].append(matcher)
                continue
            }
            for program in rule.programs {
                if program == "*" {
                    forAll.append(matcher)
                } else if program.hasSuffix("*") {
                    byPrefix.append((Array(program.dropLast().lowercased().utf8), matcher))
                } else {
                    byName[program.lowercased(), default: []].append(matcher)
                }
            }
        }
        self.byFinding = byFinding
        rulesByName = byName
        rulesByPrefix = byPrefix
        rulesForAll = forAll
        var named: [String: [WrapperReader]] = [:]
        var prefixed: [([UInt8], WrapperReader)] = []
        for wrapper in wrappers {
            let reader = WrapperReader(wrapper)
            for program in wrapper.programs {
                if program.hasSuffix("*") {
                    prefixed.append((Array(program.dropLast().lowercased().utf8), reader))
                } else {
                    named[program.lowercased(), default: []].append(reader)
                }
            }
        }
        wrappersByName = named
        wrappersByPrefix = prefixed
    }

    func isAllowed(_ program: CommandWord) -> Bool {
        switch programs {
        case .any: true
        case .only(let names): names.contains(program.text)
        }
    }

    /// Every rule for a program.
    func rules(_ name: ProgramName) -> [RuleMatcher] {
        var rules = rulesForAll
        for spelling in name.spellings { if let named = rulesByName[spelling] { rules += named } }
        for entry in rulesByPrefix where name.bytes.starts(with: entry.prefix) { rules.append(entry.rule) }
        return rules
    }

    func wrappers(_ name: ProgramName) -> [WrapperReader] {
        for spelling in name.spellings {
            if let wrappers = wrappersByName[spelling] { return wrappers }
        }
        return wrappersByPrefix.first { name.bytes.starts(with: $0.prefix) }.map { [$0.wrapper] } ?? []
    }

    /// Whether something is known of the program.
    func knows(_ name: ProgramName) -> Bool {
        name.spellings.contains { rulesByName[$0] != nil || wrappersByName[$0] != nil }
            || rulesByPrefix.contains { name.bytes.starts(with: $0.prefix) }
            || wrappersByPrefix.contains { name.bytes.starts(with: $0.prefix) }
    }
}

/// What a program may be called by: without its directory, in small letters, without `.exe`, and without a version
/// (`python3.12` is `python`).
struct ProgramName {
    let bytes: [UInt8]
    let spellings: [String]

    init(_ word: CommandWord) {
        var bytes = word.folded
        if let slash = bytes.lastIndex(of: UInt8(ascii: "/")) { bytes.removeSubrange(...slash) }
        // `=rm` is the path of `rm` to some shells.
        if bytes.count > 1, bytes[0] == UInt8(ascii: "=") { bytes.removeFirst() }
        if bytes.ends(with: Array(".exe".utf8)) { bytes.removeLast(4) }
        self.bytes = bytes
        let name = String(decoding: bytes, as: UTF8.self)
        let isVersion = { (byte: UInt8) in
            ASCII.isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        }
        if let last = bytes.last, ASCII.isDigit(last), let end = bytes.lastIndex(where: { !isVersion($0) }) {
            spellings = [name, String(decoding: bytes[...end], as: UTF8.self)]
        } else {
            spellings = [name]
        }
    }
}

extension Array<UInt8> {
    func ends(with suffix: [UInt8]) -> Bool { count >= suffix.count && self[(count - suffix.count)...] == suffix[...] }

    /// Whether `part` stands in it.
    func contains(_ part: [UInt8]) -> Bool {
        guard let first = part.first, count >= part.count else { return part.isEmpty }
        return (0...(count - part.count)).contains { self[$0] == first && self[$0..<($0 + part.count)] == part[...] }
    }
}
