import Agents
import Testing

@Suite("How the driver answers questions")
struct QuestionPolicyTests {
    @Test(
        "asks beforehand about a simple push, without the shell around it",
        arguments: [
            "git push", "git push origin main", "/usr/bin/git push origin main", "bash -lc 'git push origin main'",
            "/bin/bash -lc 'git -C sub -c a=b push --force origin main'", "zsh -lc 'git --no-pager push'",
            "git push origin main 2>&1", "sh -c 'git push origin main 2>&1'",
        ])
    func pushes(command: String) {
        guard case .preflight(let words, let directory) = verdict(command) else {
            Issue.record("\(command)")
            return
        }
        #expect(words.first?.hasSuffix("git") == true)
        #expect(words.contains("push"))
        #expect(!words.contains("2>&1"))
        #expect(directory == "/w")
    }

    @Test(
        "accepts all other commands, for the sandbox and the broker hold",
        arguments: [
            "ls", "git status", "git commit -m push", "git stash push", "bash -lc 'git push; rm x'", "git push && ls",
            "bash -lc 'git push | tail'", "echo 'git push'", "git -c push status", "", "'",
        ])
    func others(command: String) {
        #expect(verdict(command) == .answer(.accept))
    }

    private func verdict(_ command: String) -> QuestionPolicy.Verdict {
        QuestionPolicy.verdict(on: .command(command, directory: "/w"))
    }

    @Test("declines more rights and secrets, and has words answered")
    func rest() {
        guard case .answer(.decline) = QuestionPolicy.verdict(on: .permission("network")) else {
            Issue.record("a permission")
            return
        }
        let part = AgentQuestion.Words(id: "q", header: "", question: "Which?", options: [])
        #expect(QuestionPolicy.verdict(on: .words([part])) == .proxy)
        let secret = AgentQuestion.Words(id: "s", header: "", question: "Password?", options: [], isSecret: true)
        guard case .answer(.decline) = QuestionPolicy.verdict(on: .words([part, secret])) else {
            Issue.record("a secret")
            return
        }
    }

    @Test("reads what the answerer says, or nothing")
    func answerer() {
        let parts = [AgentQuestion.Words(id: "q", header: "", question: "Which?", options: [])]
        let read = { (text: String) in AnswererTalk.answer(Array(text.utf8), to: parts) }
        #expect(read(#"{"answer":"Red"}"#) == .words(["q": ["Red"]]))
        #expect(read("thinking\n" + #"{"answer":{"q":"Red"}}"# + "\n") == .words(["q": ["Red"]]))
        for text in ["", "Red", #"{"answer":null}"#, #"{"answer":{"x":"Red"}}"#, #"{"answer":["a","b"]}"#] {
            #expect(read(text) == nil, "\(text)")
        }
    }
}
