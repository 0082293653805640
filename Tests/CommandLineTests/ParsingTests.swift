import ArgumentParser
import Testing

@testable import pandar

@Suite("The command line")
struct ParsingTests {
    @Test("--embedded-broker takes a place or none")
    func embeddedBroker() throws {
        #expect((try Pandar.parseAsRoot(["serve", "--embedded-broker"]) as? Serve)?.embeddedBroker == "127.0.0.1:0")
        #expect(
            (try Pandar.parseAsRoot(["serve", "--embedded-broker=127.0.0.1:9092"]) as? Serve)?.embeddedBroker
                == "127.0.0.1:9092")
        #expect((try Pandar.parseAsRoot(["serve"]) as? Serve)?.embeddedBroker == nil)
        let both = try Pandar.parseAsRoot(["serve", "--embedded-broker", "--http", "127.0.0.1:0"]) as? Serve
        #expect(both?.embeddedBroker == "127.0.0.1:0")
        #expect(both?.http == "127.0.0.1:0")
    }

    @Test("--embedded-broker=PLACE keeps its place whatever comes behind it")
    func embeddedBrokerBeforeOptions() throws {
        let arguments = GivenArguments.split([
            "serve", "--embedded-broker=127.0.0.1:9092", "--http=127.0.0.1:0", "--set", "a=b=c",
        ])
        #expect(
            arguments == [
                "serve", "--embedded-broker", "127.0.0.1:9092", "--http=127.0.0.1:0", "--set", "a=b=c",
            ])
        let serve = try Pandar.parseAsRoot(arguments) as? Serve
        #expect(serve?.embeddedBroker == "127.0.0.1:9092")
        #expect(serve?.http == "127.0.0.1:0")
    }

    @Test("replay wants places or --all, not both and not neither")
    func replay() {
        #expect(throws: (any Error).self) { try Pandar.parseAsRoot(["dead-letters", "replay"]) }
        #expect(throws: (any Error).self) { try Pandar.parseAsRoot(["dead-letters", "replay", "1:2", "--all"]) }
        #expect(throws: Never.self) { try Pandar.parseAsRoot(["dead-letters", "replay", "1:2"]) }
        #expect(throws: Never.self) { try Pandar.parseAsRoot(["dead-letters", "replay", "--all"]) }
    }

    @Test("an action's id is checked before anything is sent")
    func actionID() throws {
        let command = try #require(try Pandar.parseAsRoot(["cancel", "a/b"]) as? Cancel)
        #expect(throws: CommandError.self) { try command.action.taskID() }
    }

    @Test(
        "each command has help with an example",
        arguments: [
            "serve", "broker", "doctor", "submit", "watch", "start", "cancel", "confirm", "reject", "retry", "list",
            "show", "search", "stats", "topics", "dead-letters", "policy", "gates",
        ])
    func help(name: String) throws {
        let command = try #require(
            Pandar.configuration.groupedSubcommands.flatMap(\.subcommands)
                .first { $0._commandName == name })
        #expect(Pandar.helpMessage(for: command, columns: 120).contains("pandar \(name)"))
        #expect(command.configuration.discussion.contains("pandar \(name)"))
    }

    @Test("the embedded broker's place is on loopback")
    func address() throws {
        #expect(try EmbeddedAddress("127.0.0.1:9092").port == 9092)
        #expect(try EmbeddedAddress("9092").host == "127.0.0.1")
        #expect(throws: CommandError.self) { try EmbeddedAddress("0.0.0.0:9092") }
        #expect(throws: CommandError.self) { try EmbeddedAddress("127.0.0.1:many") }
    }
}
