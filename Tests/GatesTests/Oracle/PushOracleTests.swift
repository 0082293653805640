import Foundation
import Gates
import TestKit
import Testing

@Suite("Pushes as git itself sees them")
struct PushOracleTests {
    /// Ways in which the repository stands before a push.
    private static let places: [[[String]]] = [
        [["checkout", "-q", "feature"], ["branch", "-q", "--set-upstream-to=origin/feature"]],
        [
            ["checkout", "-q", "feature"], ["branch", "-q", "--set-upstream-to=origin/main"],
            ["config", "push.default", "upstream"],
        ],
        [
            ["config", "--unset", "push.default"], ["checkout", "-q", "main"],
            ["branch", "-q", "--set-upstream-to=origin/main"],
        ],
        [["checkout", "-q", "--detach", "other"]],
        [["symbolic-ref", "HEAD", "refs/heads/innocent"]],
        [["checkout", "-q", "other"], ["remote", "add", "second", "../two.git"]],
        [["config", "remote.origin.push", "refs/heads/other:refs/heads/main"]],
        [["config", "--unset", "remote.origin.push"], ["config", "url.../two.git.insteadOf", "second:"]],
    ]

    @Test("whatever reference git would change: a gate that protects it is hit, with and without facts")
    func soundness() throws {
        let playground = try GitPlayground()
        var generator = SeededGenerator(seed: 4)
        var catalogs: [String: GateCatalog] = [:]
        var changed = 0
        var harmless = 0
        var certain = 0
        for place in Self.places {
            for command in place { _ = try playground.git(command) }
            let facts = try playground.facts()
            for _ in 0..<75 {
                let push = RandomPush(url: playground.root.path + "/one.git", using: &generator)
                let dry = try playground.git(push.argv(isDry: true), push.environment)
                let destinations = GitPlayground.destinations(dry.output)
                var question = GateQuestion(
                    argv: ["git"] + push.argv(isDry: false), environment: push.environment, repository: facts)
                for destination in destinations {
                    changed += 1
                    let catalog = catalogs[destination] ?? Self.catalog([destination])
                    catalogs[destination] = catalog
                    question.repository = facts
                    let hit = catalog.hits(question).first
                    #expect(hit != nil, "\(destination) by \(question.argv) with \(push.environment) in \(place)")
                    if hit?.isCertain == true { certain += 1 }
                    question.repository = nil
                    #expect(!catalog.hits(question).isEmpty, "\(destination) by \(question.argv), without facts")
                }
                question.repository = facts
                if destinations.isEmpty, Self.anything.hits(question).isEmpty { harmless += 1 }
            }
        }
        // Or the test would show nothing.
        #expect(changed > 400 && harmless > 20 && certain > changed / 2, "\(changed), \(harmless), \(certain)")
    }

    @Test("with facts, a push that is known to hit is one that git would do")
    func precision() throws {
        let playground = try GitPlayground()
        var generator = SeededGenerator(seed: 5)
        let facts = try playground.facts()
        let catalog = Self.catalog(["refs/heads/main"])
        var agreed = 0
        var asked = 0
        for _ in 0..<200 {
            let push = RandomPush(url: playground.root.path + "/one.git", using: &generator)
            let dry = try playground.git(push.argv(isDry: true), push.environment)
            let question = GateQuestion(
                argv: ["git"] + push.argv(isDry: false), environment: push.environment, repository: facts)
            guard let hit = catalog.hits(question).first, hit.isCertain, dry.status == 0 else { continue }
            asked += 1
            if GitPlayground.destinations(dry.output).contains("refs/heads/main") { agreed += 1 }
        }
        // Asking too often is no danger, but should be rare.
        #expect(asked > 15 && agreed * 10 >= asked * 8, "\(agreed) of \(asked)")
    }

    private static let anything = catalog(["refs/*"])

    private static func catalog(_ references: [String]) -> GateCatalog {
        GateCatalog([
            GateDefinition("gate", description: "", triggers: [.push(PushTrigger("push", branches: references))])
        ])
    }
}
