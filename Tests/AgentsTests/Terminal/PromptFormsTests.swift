@testable import Agents
import Testing

@Suite("Prompts on a terminal")
struct PromptFormsTests {
    private static let raw = TerminalMode(isCanonical: false, echoes: false)

    private func prompt(_ text: String, _ mode: TerminalMode = TerminalMode()) -> TerminalPrompt? {
        var screen = TerminalText()
        _ = screen.receive(Array(text.utf8))
        return PromptForms.prompt(screen, mode)
    }

    private func typed(_ prompt: TerminalPrompt?, _ answer: String) -> String? {
        prompt?.keys(for: answer).map { String(decoding: $0, as: UTF8.self) }
    }

    private func labels(_ prompt: TerminalPrompt?) -> [String]? {
        guard case .choice(let choices) = prompt?.kind else { return nil }
        return choices.map(\.label)
    }

    @Test(
        "yes or no, by its label and never by a bare Enter",
        arguments: [
            ("Proceed? [y/N] ", "y\r", "n\r"), ("Overwrite (Y/n)? ", "y\r", "n\r"),
            ("Are you sure (yes/no/[fingerprint])? ", "yes\r", "no\r"), ("Continue? y/n: ", "y\r", "n\r"),
            ("line\nStage this hunk [y,n,q,a,d,e,?]? ", "y\r", "n\r"),
            ("Remember the password? [y/N]", "y\r", "n\r"),
        ])
    func yesOrNo(text: String, yes: String, no: String) {
        let prompt = prompt(text)
        #expect(prompt?.isCertain == true)
        #expect(typed(prompt, "yes") == yes && typed(prompt, "No") == no, "\(String(describing: prompt))")
        for answer in ["", "\r", "perhaps"] { #expect(typed(prompt, answer) == nil) }
    }

    @Test("a key, and a pager")
    func keys() {
        for text in ["Press any key to continue . . .", "Press ENTER to continue", "--More--", "(END)"] {
            let prompt = prompt(text)
            #expect(typed(prompt, "continue") == "\r" && typed(prompt, "stop") == "\u{3}", "\(text)")
        }
    }

    @Test("numbers, above a line that asks for one")
    func numbers() {
        let prompt = prompt("Which database?\n  1) postgres\n  2) sqlite\n\nSelect [1-2]: ")
        #expect(labels(prompt) == ["postgres", "sqlite"])
        #expect(typed(prompt, "SQLite") == "2\r" && typed(prompt, "mysql") == nil)
        #expect(prompt?.question == "Which database?\nSelect [1-2]:")
        #expect(labels(self.prompt("[1] a\n[2] b\n#? ")) == ["a", "b"])
    }

    @Test("a menu with a cursor, by the arrow keys")
    func menu() {
        let text = "? Pick one (Use arrow keys)\n  red\n❯ green\n  blue\u{1B}[3A\u{1B}[28G"
        let prompt = prompt(text, Self.raw)
        #expect(labels(prompt) == ["red", "green", "blue"])
        #expect(typed(prompt, "red") == "\u{1B}[A\r" && typed(prompt, "blue") == "\u{1B}[B\r")
        #expect(typed(prompt, "green") == "\r")
        #expect(self.prompt(text)?.kind != prompt?.kind, "a terminal that takes lines has no cursor")
        let numbered = self.prompt("Allow?\n❯ 1. Yes\n  2. No, and say why\n\n Esc to cancel", Self.raw)
        #expect(labels(numbered) == ["Yes", "No, and say why"] && typed(numbered, "no, and say why") == "\u{1B}[B\r")
    }

    @Test(
        "credentials are recognised, and no answer is typed for them",
        arguments: [
            "Password:", "Password for 'https://bot@example.com': ", "Username for 'https://example.com': ",
            "Enter passphrase for key '/id': ", "API key: ", "Enter your access token> ", "login: ",
            "[sudo] password for me: ", "Verification code: ", "PIN:",
        ])
    func credentials(text: String) {
        #expect(prompt(text)?.kind == .credential)
        #expect(prompt(text)?.keys(for: "hunter2") == nil)
    }

    @Test("whatever is asked where nothing typed is shown is a credential")
    func hidden() {
        let hidden = TerminalMode(isCanonical: true, echoes: false)
        #expect(prompt("Say the word", hidden)?.kind == .credential)
        #expect(prompt("Proceed? [y/N] ", hidden)?.kind == .credential)
        #expect(prompt("", hidden) == nil && prompt("all is done\n", hidden) == nil)
    }

    @Test("words, of forms that are certain or not")
    func words() {
        #expect(prompt("Enter a value: ")?.isCertain == true && prompt("? Project name: (app)")?.isCertain == true)
        #expect(prompt("Name: ")?.isCertain == false && prompt("Really?")?.isCertain == false)
        #expect(typed(prompt("Name: "), " blue\u{1B}[A\u{3}\nx ") == "blue[A\r")
        #expect(typed(prompt("Name: "), " ") == nil)
        #expect(prompt("Name: ")?.keys(for: String(repeating: "é", count: 5000))?.count == 2001)
    }

    @Test(
        "what is none",
        arguments: ["", "done.", "Compiling foo (2/5)", "Tokenizer ready", "a line\n", "Password:\n", "50% ", "[INFO]"])
    func none(text: String) {
        #expect(prompt(text) == nil)
    }
}
