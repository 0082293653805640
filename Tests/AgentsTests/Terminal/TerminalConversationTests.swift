@testable import Agents
import TaskModel
import TestKit
import Testing

@Suite("The talk with a command on a terminal")
struct TerminalConversationTests {
    private func talk(progress: [ProgressRule] = [], prompts: [PromptRule] = []) -> TerminalConversation {
        var talk = TerminalConversation(progress: progress, prompts: prompts)
        _ = talk.start()
        return talk
    }

    private func question(_ actions: [AgentAction]) -> AgentQuestion? {
        actions.lazy.compactMap { if case .ask(let question) = $0 { question } else { nil } }.first
    }

    private func written(_ actions: [AgentAction]) -> [String] {
        actions.compactMap { if case .write(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
    }

    private func code(_ actions: [AgentAction]) -> AgentFailure.Code? {
        actions.lazy.compactMap { if case .finished(.failed(let failure)) = $0 { failure.code } else { nil } }.first
    }

    @Test("asks after a silence, and types the answer once")
    func asks() throws {
        var talk = talk()
        _ = talk.receive(Array("Proceed? [y/N] ".utf8), at: 1000)
        #expect(talk.due == 1500)
        #expect(talk.look(at: 1499, TerminalMode()).isEmpty)
        let asked = try #require(question(talk.look(at: 1500, TerminalMode())))
        guard case .words(let parts) = asked.kind else { return #expect(Bool(false), "\(asked)") }
        #expect(parts.map(\.question) == ["Proceed? [y/N]"] && parts[0].isClosed)
        #expect(talk.due == nil, "an answer may take as long as it likes")
        #expect(written(talk.answer(asked.id, .words(["terminal": ["yes"]]))) == ["y\r"])
        #expect(talk.answer(asked.id, .words(["terminal": ["yes"]])).isEmpty)
        #expect(question(talk.look(at: 9000, TerminalMode())) == nil, "the same prompt is not asked about again")
    }

    @Test("a prompt of an uncertain form is believed later, and taken back when the command goes on")
    func uncertain() throws {
        var talk = talk()
        _ = talk.receive(Array("Fetching a:".utf8), at: 0)
        #expect(question(talk.look(at: 500, TerminalMode())) == nil)
        #expect(talk.due == 3000)
        let asked = try #require(question(talk.look(at: 3000, TerminalMode())))
        _ = talk.receive(Array(" 100 kB\n".utf8), at: 3500)
        #expect(talk.look(at: 7000, TerminalMode()).isEmpty, "not before two looks")
        #expect(talk.look(at: 7000, TerminalMode()).contains(.withdraw(asked.id)))
        #expect(talk.answer(asked.id, .words(["terminal": ["x"]])).isEmpty)
    }

    @Test("nothing is typed into what is no longer the prompt")
    func goneOn() throws {
        var talk = talk()
        _ = talk.receive(Array("Name? [a/b] y/n ".utf8), at: 0)
        let asked = try #require(question(talk.look(at: 500, TerminalMode())))
        _ = talk.receive(Array("\nNew password: ".utf8), at: 600)
        #expect(written(talk.answer(asked.id, .words(["terminal": ["yes"]]))).isEmpty)
    }

    @Test("a credential is the proxy agent's under no circumstances")
    func credential() throws {
        var talk = talk()
        _ = talk.receive(Array("Say it: ".utf8), at: 0)
        let asked = try #require(question(talk.look(at: 500, TerminalMode(isCanonical: true, echoes: false))))
        #expect(asked.kind == .credential("Say it:", secret: nil))
        guard case .answer(.decline(let reason)) = QuestionPolicy.verdict(on: asked.kind) else {
            return #expect(Bool(false), "a credential must be declined")
        }
        #expect(code(talk.answer(asked.id, .decline(reason: reason))) == .credentials)

        var other = self.talk()
        _ = other.receive(Array("Password: ".utf8), at: 0)
        let again = try #require(question(other.look(at: 500, TerminalMode())))
        let actions = other.answer(again.id, .words(["terminal": ["hunter2"]]))
        #expect(written(actions).isEmpty && code(actions) == .unanswered)
    }

    @Test("what the operator's rules say is typed: a text, or the secret of a name")
    func rules() throws {
        let rules = [
            PromptRule(try LinePattern("Password for {any}:"), .secret("REGISTRY")),
            PromptRule(try LinePattern("licence"), .text("I agree")),
            PromptRule(try LinePattern("ready>>"), .text("go")),
        ]
        var talk = talk(prompts: rules)
        _ = talk.receive(Array("Password for bot: ".utf8), at: 0)
        let secret = try #require(question(talk.look(at: 500, TerminalMode())))
        #expect(QuestionPolicy.verdict(on: secret.kind) == .secret("REGISTRY"))
        #expect(written(talk.answer(secret.id, .secret("s3cret"))) == ["s3cret\r"])
        for (text, typed) in [("\nAccept the licence? ", "I agree\r"), ("\nready>>", "go\r")] {
            _ = talk.receive(Array(text.utf8), at: 1000)
            let asked = try #require(question(talk.look(at: 1500, TerminalMode())))
            guard case .answer(let answer) = QuestionPolicy.verdict(on: asked.kind) else {
                return #expect(Bool(false), "\(asked)")
            }
            #expect(written(talk.answer(asked.id, answer)) == [typed])
        }
        for value in ["", "two\nlines", "a\u{3}"] { #expect(TerminalPrompt.keys(forSecret: value) == nil) }
    }

    @Test("its progress comes from lines, never falls, and is reported at a bounded rate")
    func progress() throws {
        let rules = [
            ProgressRule(try LinePattern("{percent}%")),
            ProgressRule(try LinePattern("[{done}/{total}] {step}")),
            ProgressRule(try LinePattern("Installing"), percent: 80, phase: .finalizing, step: "install"),
        ]
        var talk = talk(progress: rules)
        func reports(_ text: String, at now: Int64) -> [ProgressReport] {
            talk.receive(Array(text.utf8), at: now).compactMap {
                if case .progress(let report) = $0 { report } else { nil }
            }
        }
        #expect(reports("hello\n", at: 0).map(\.percent) == [10])
        let first = try #require(reports("[2/4] compile\n", at: 0).last)
        #expect(first.percent == 50 && !first.isEstimated && first.step == "compile" && first.total == 4)
        #expect(reports("60%\r61%\r62%\r", at: 100).isEmpty)
        #expect(talk.due == 250)
        let actions = talk.look(at: 250, TerminalMode())
        #expect(actions.contains { if case .progress(let report) = $0 { report.percent == 61 } else { false } })
        #expect(reports("30%\n", at: 900).last.map { $0.percent } ?? 62 == 62)
        let last = try #require(reports("Installing\n", at: 2000).last)
        #expect(last.percent == 95 && last.phase == .finalizing && last.step == "install")
        #expect(
            talk.ended(exitCode: 0).contains {
                if case .progress(let report) = $0 { report.percent == 100 } else { false }
            })
    }

    @Test("its end is the command's end")
    func end() {
        for (status, cause) in [(3, AgentFailure.Cause.recovery), (75, .transient)] {
            var talk = talk()
            _ = talk.receive(Array("no space left\n".utf8), at: 0)
            guard
                case .finished(.failed(let failure))? = talk.ended(exitCode: Int32(status)).first(where: {
                    if case .finished = $0 { true } else { false }
                })
            else { return #expect(Bool(false), "it must have failed") }
            #expect(failure.cause == cause && failure.message == "it ended with exit code \(status): no space left")
        }
        var stopped = talk()
        #expect(stopped.interrupt() == [.closeInput])
        #expect(stopped.ended(exitCode: 0).contains(.finished(.interrupted)))
    }

    @Test("whatever a command prints, nothing but a prompt's own answer is typed, and it is bounded")
    func random() {
        var random = SeededGenerator(seed: 3)
        let pieces = [
            "Proceed? [y/N] ", "\n", "Password: ", "1) a\n", "2) b\n", "Pick: ", "\u{1B}[A", "❯ x", "\r", "text", "é",
            ":",
        ]
        var answered = 0
        for _ in 0..<3000 {
            var talk = talk()
            var now: Int64 = 0
            var open: [AgentQuestion] = []
            for _ in 0..<40 {
                now += Int64.random(in: 0...2000, using: &random)
                var actions: [AgentAction] = []
                switch Int.random(in: 0...3, using: &random) {
                case 0...1:
                    actions = talk.receive(Array(pieces.randomElement(using: &random)!.utf8), at: now)
                case 2:
                    let mode = TerminalMode(
                        isCanonical: Bool.random(using: &random), echoes: Bool.random(using: &random))
                    actions = talk.look(at: now, mode)
                default:
                    guard let question = open.randomElement(using: &random) else { continue }
                    let answer = ["yes", "a", "", "x\u{3}"].randomElement(using: &random)!
                    actions = talk.answer(question.id, .words(["terminal": [answer]]))
                    open.removeAll { $0.id == question.id }
                    if case .credential = question.kind { #expect(written(actions).isEmpty) }
                    answered += written(actions).count
                    for keys in written(actions) { #expect(keys.hasSuffix("\r") && !keys.contains("\u{3}")) }
                }
                if let question = question(actions) { open.append(question) }
                for case .withdraw(let id) in actions { open.removeAll { $0.id == id } }
                #expect(open.count <= 1)
            }
        }
        #expect(answered > 100)
    }
}
