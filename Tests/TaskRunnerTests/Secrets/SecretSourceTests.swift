import Foundation
import Testing

@testable import TaskRunner

@Suite("Where a secret stands, and that it does not show itself")
struct SecretSourceTests {
    @Test("file:/path and env:NAME are sources, nothing else is", arguments: ["secret", "file:relative", "env:", ""])
    func noSource(text: String) {
        #expect(SecretSource(text) == nil)
    }

    @Test("A file's value ends before its last white space, a variable's is as it is")
    func values() throws {
        let place = try Place()
        let path = try place.write("token", "a secret\n  \n")
        #expect(try SecretSource("file:\(path)")?.resolve(environment: [:]).text == "a secret")
        #expect(try SecretSource("env:TOKEN")?.resolve(environment: ["TOKEN": "a secret "]).text == "a secret ")
    }

    @Test("What is missing, short or long is refused with the reason and without the value")
    func refused() throws {
        let place = try Place()
        let short = try place.write("short", "12345\n")
        let long = try place.write("long", String(repeating: "x", count: SecretValue.longest + 1))
        func message(_ text: String) -> String {
            do {
                return try SecretSource(text)?.resolve(environment: ["SHORT": "12345"]).text ?? "no source"
            } catch {
                return "\(error)"
            }
        }
        #expect(message("file:\(place / "none")").hasPrefix("The secret's file \(place / "none") cannot be read"))
        #expect(message("env:NONE") == "The secret's environment variable NONE is not set for the service.")
        for text in ["file:\(short)", "env:SHORT"] {
            #expect(message(text).hasPrefix("The secret of \(text) has fewer than 6 bytes"))
            #expect(!message(text).contains("12345"))
        }
        #expect(message("file:\(long)").contains("more than 16384 bytes"))
    }

    @Test("A value shows nothing of itself")
    func hidden() throws {
        let value = try SecretSource.environment("TOKEN").resolve(environment: ["TOKEN": "hunter2hunter2"])
        var dumped = ""
        dump([value], to: &dumped)
        for text in ["\(value)", "\([value])", "\(String(reflecting: value))", "\(Optional(value) as Any)", dumped] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("104"), "not as numbers either")
        }
        #expect("\(value)" == "***")
    }
}
