import Gates
import Testing

@Suite("The corpus of gated commands")
struct CorpusTests {
    @Test("every hostile command hits its gate, and no harmless one hits any")
    func corpus() throws {
        for line in try CorpusLine.all() {
            let found = line.found(.builtIn)
            #expect(found == line.gates, "line \(line.number): \(line.question.argv)")
        }
    }

    @Test("it holds at least 250 commands, 80 of them harmless, and every trigger that ships")
    func size() throws {
        let lines = try CorpusLine.all()
        #expect(lines.count >= 250)
        #expect(lines.count { $0.gates.isEmpty } >= 80)
        let found = Set(lines.flatMap { GateCatalog.builtIn.hits($0.question).map(\.rule) })
        let missing = Set(GateCatalog.builtIn.gates.flatMap(\.triggers).map(\.name)).subtracting(found)
        #expect(missing == ["named_secret"], "a secret is asked for by name, not by a command")
    }

    @Test("a wrapper around a hostile command hides it from no gate")
    func wrappers() throws {
        let wraps: [([String]) -> [String]] = [
            { ["env"] + $0 }, { ["nice", "-n", "5"] + $0 }, { ["timeout", "-k", "1", "5"] + $0 },
            { ["sh", "-c", quoted($0)] }, { ["bash", "-lc", "cd /x && " + quoted($0)] },
            { ["sh", "-c", "echo $(" + quoted($0) + ")"] }, { ["xargs"] + $0 },
            { ["find", ".", "-exec"] + $0 + [";"] },
            { ["sudo", "-u", "x"] + $0 }, { ["ssh", "host", quoted($0)] }, { ["docker", "run", "--rm", "image"] + $0 },
            { ["git", "-c", "alias.z=!" + quoted($0), "z"] }, { ["git", "submodule", "foreach", quoted($0)] },
        ]
        for line in try CorpusLine.all() where !line.gates.isEmpty && line.question.environment.isEmpty {
            for (number, wrap) in wraps.enumerated() {
                var question = line.question
                question.argv = wrap(question.argv)
                let gates = Set(GateCatalog.builtIn.hits(question).map(\.gate))
                let expected = Set(GateCatalog.builtIn.hits(line.question).map(\.gate))
                #expect(gates.isSuperset(of: expected), "line \(line.number), wrapper \(number): \(question.argv)")
            }
        }
    }
}
