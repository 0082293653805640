import Foundation
import TaskModel
import TestKit
import Testing

/// What a command printed and how it ended.
struct CommandResult: Sendable, CustomStringConvertible {
    let arguments: [String]
    let status: Int32
    let output: Data
    let error: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [String] { text.split(separator: "\n").map(String.init) }

    var description: String {
        "\(arguments.joined(separator: " ")) ended with \(status)\n\(text.prefix(2000))\n\(error.suffix(2000))"
    }

    /// The output as one JSON object.
    func json() throws -> JSONObject {
        try #require(try JSONParser.parse([UInt8](output)).objectValue, "\(self)")
    }

    /// The output as one JSON object a line.
    func jsonLines() throws -> [JSONObject] {
        try lines.map { try #require(try JSONParser.parse($0).objectValue, "\($0)") }
    }

    /// Fails the test unless the command ended with `expected`.
    @discardableResult
    func expecting(_ expected: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation) throws -> CommandResult {
        try #require(status == expected, "\(self)", sourceLocation: sourceLocation)
        return self
    }
}

/// Runs a program to its end.
enum Command {
    static func run(
        _ program: String, _ arguments: [String], input: Data = Data(), environment: [String: String], directory: URL,
        seconds: Double = 120
    ) async throws -> CommandResult {
        let scratch = directory.appendingPathComponent("command-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        // Files instead of pipes: nothing can block, however much is printed.
        let names = ["in", "out", "err"].map { scratch.appendingPathComponent($0) }
        try input.write(to: names[0])
        for name in names[1...] { try Data().write(to: name) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = directory
        process.standardInput = try FileHandle(forReadingFrom: names[0])
        process.standardOutput = try FileHandle(forWritingTo: names[1])
        process.standardError = try FileHandle(forWritingTo: names[2])
        let end = Observed<Int32?>(nil)
        process.terminationHandler = { process in
            let status = process.terminationStatus
            let code = process.terminationReason == .uncaughtSignal ? -status : status
            end.change { $0 = code }
        }
        try process.run()
        let pid = process.processIdentifier
        do {
            let what = "\((program as NSString).lastPathComponent) \(arguments.joined(separator: " ")) ends"
            let status = try await end.until(what, seconds: seconds) { $0 }
            return CommandResult(
                arguments: arguments, status: status, output: try Data(contentsOf: names[1]),
                error: String(decoding: try Data(contentsOf: names[2]), as: UTF8.self))
        } catch {
            kill(pid, SIGKILL)
            throw error
        }
    }
}
