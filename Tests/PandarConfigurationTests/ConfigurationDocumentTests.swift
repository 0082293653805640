import PandarConfiguration
import Testing

@Suite("Structured YAML files")
struct ConfigurationDocumentTests {
    private func section(_ text: String) throws -> DocumentSection {
        try ConfigurationDocument(text: text, name: "policy.yaml").root.section()
    }

    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test("Members are taken by name, lists may be one value, numbers may be grouped")
    func reading() throws {
        var section = try section("a: 1_000\nb: [x, y]\nc: x\nd: yes\ne:\n")
        #expect(try section.require("a").integer(1...1000) == 1000)
        #expect(try section.require("b").texts() == ["x", "y"])
        #expect(try section.require("c").texts() == ["x"])
        #expect(try section.require("d").flag())
        let empty = section.take("e")
        #expect(empty == nil)
        try section.finish()
    }

    @Test("An empty file is an empty section")
    func empty() throws {
        try section("# nothing\n").finish()
    }

    @Test("Errors tell file, line, name and what is allowed")
    func errors() throws {
        #expect(
            message {
                var section = try section("rules:\n  - name: x\n    verdikt: block\n")
                var rule = try #require(try section.require("rules").list().first).section()
                _ = try rule.require("name").text()
                _ = rule.take("verdict")
                try rule.finish()
            } == "policy.yaml:3: rules[0].verdikt is not known; did you mean verdict?")
        #expect(
            message {
                var section = try section("limit: many\n")
                _ = try section.require("limit").integer(1...5)
            } == "policy.yaml:1: limit must be a whole number from 1 to 5, but is \"many\"")
        #expect(message { _ = try section("- a\n") }.hasSuffix("the file must be a section of NAME: VALUE lines"))
        #expect(message { _ = try section("a: [") }.contains("policy.yaml is not YAML"))
        #expect(message { _ = try section("a: 1\na: 2\n") } != "no error")
        #expect(
            message {
                var section = try section("a: 1\n")
                _ = try section.require("b")
            } == "policy.yaml:1: the file needs b")
    }
}
