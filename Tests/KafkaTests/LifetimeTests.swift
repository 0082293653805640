import Foundation
import Testing

@Suite("Clients and brokers leave nothing behind")
struct LifetimeTests {
    @Test("Fifty brokers with clients of all kinds, closed or dropped in changing order, leave no thread or descriptor")
    func churn() throws {
        let host = Process()
        let output = Pipe()
        // Beside the tests' own program, where SwiftPM builds it.
        host.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "test-host")
        host.arguments = ["clients", "50"]
        host.standardOutput = output
        try host.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        host.waitUntilExit()
        #expect(host.terminationReason == .exit)
        #expect(host.terminationStatus == 0)
        let figures = text.split(whereSeparator: \.isWhitespace)
        #expect(figures.prefix(2) == ["descriptors=0", "threads=0"])
    }
}
