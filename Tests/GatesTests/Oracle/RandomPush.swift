import Gates
import TestKit

/// A random push: its parts, so that the same one can be run with `--dry-run`.
struct RandomPush {
    var global: [String] = []
    var words: [String] = []
    var environment: [String: String] = [:]
    /// Through an alias of the command line.
    var isAliased = false

    func argv(isDry: Bool) -> [String] {
        let push = ["push"] + (isDry ? ["--dry-run", "--porcelain", "-v"] : [])
        if isAliased { return global + ["-c", "alias.zz=" + push.joined(separator: " "), "zz"] + words }
        return global + push + words
    }

    private static let names = [
        "main", "feature", "release/1", "other", "innocent", "v1", "v2", "HEAD", "@", "heads/main",
        "refs/heads/feature",
        "refs/heads/main", "tags/v1", "refs/tags/v2", "nothing", "origin/main", "HEAD~1", "refs/remotes/origin/main",
    ]
    private static let destinations = [
        "main", "feature", "release/1", "heads/main", "refs/heads/main", "refs/heads/new", "new", "refs/for/main", "v1",
        "refs/tags/v3", "refs/x/y", "elsewhere", "MAIN", "release/new", "refs/heads/release/1",
    ]
    private static let patterns = [
        "refs/heads/*", "refs/heads/*:refs/heads/*", "+refs/heads/*:refs/heads/*", "refs/tags/*", "refs/*:refs/*",
        "refs/heads/f*:refs/heads/m*", "refs/heads/*:refs/heads/release/*", ":", "+:", "refs/heads/m*n:refs/heads/x*",
        "refs/heads/*:refs/other/*",
    ]
    private static let settings = [
        "push.default=simple", "push.default=upstream", "push.default=current", "push.default=matching",
        "push.default=nothing", "push.default=tracking", "remote.origin.push=HEAD", "remote.origin.push=main",
        "remote.origin.push=feature:main", "remote.origin.push=refs/heads/feature:refs/heads/main",
        "remote.origin.push=refs/heads/*:refs/heads/release/*", "remote.origin.push=+refs/heads/*:refs/heads/*",
        "remote.origin.mirror=true", "remote.origin.mirror=false", "remote.pushDefault=second",
        "branch.feature.pushRemote=second", "branch.feature.remote=second", "push.followTags=true",
        "push.autoSetupRemote=true", "remote.origin.tagOpt=--tags", "remote.ORIGIN.push=feature:main",
        "Push.Default=current", "remote.second.push=:",
    ]

    init(url: String, using generator: inout SeededGenerator) {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
        func one(_ choices: [String]) -> String { choices[Int.random(in: 0..<choices.count, using: &generator)] }
        for _ in 0..<Int.random(in: 0...2, using: &generator) where chance(60) {
            let setting = one(Self.settings)
            if chance(30), environment.isEmpty {
                let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
                environment = [
                    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": parts[0], "GIT_CONFIG_VALUE_0": parts[1],
                ]
            } else {
                global += ["-c", setting]
            }
        }
        if chance(20) { global.append(one(["--no-pager", "-P", "--no-optional-locks"])) }
        isAliased = chance(15)
        var options: [String] = []
        for (percent, spellings) in [
            (15, ["-f", "--force", "--force-with-lease", "--no-force"]), (6, ["--all", "--al", "--no-all"]),
            (5, ["--mirror", "--mi"]), (8, ["--delete", "-d", "--del", "--no-delete"]), (8, ["--tags", "--ta"]),
            (8, ["--prune", "--pru"]), (6, ["--follow-tags", "--no-follow-tags"]), (8, ["-q", "-u", "--thin", "-uf"]),
            (4, ["--atomic", "--no-verify", "--progress", "--repo=origin"]),
            (2, ["--unheard-of", "--re", "--no-mirror"]),
        ] where chance(percent) { options.append(one(spellings)) }
        var operands: [String] = []
        if chance(80) { operands.append(one(["origin", "origin", "origin", "second", url, "../one.git", "unknown"])) }
        if !operands.isEmpty, chance(75) {
            for _ in 0..<Int.random(in: 1...2, using: &generator) { operands += refspec(chance, one) }
        }
        // Options stand anywhere.
        words = operands
        for option in options { words.insert(option, at: Int.random(in: 0...words.count, using: &generator)) }
        if chance(5), options.isEmpty { words.insert("--", at: 0) }
    }

    private func refspec(_ chance: (Int) -> Bool, _ one: ([String]) -> String) -> [String] {
        if chance(15) { return [one(Self.patterns)] }
        if chance(5) { return ["tag", one(["v1", "v2", "nothing"])] }
        let force = chance(20) ? "+" : ""
        if chance(45) { return [force + one(Self.names)] }
        if chance(15) { return [force + ":" + one(Self.destinations)] }
        return [force + one(Self.names) + ":" + one(Self.destinations)]
    }
}
