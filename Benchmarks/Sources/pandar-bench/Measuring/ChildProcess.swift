import Foundation

/// This program again, in a process of its own: its memory and its threads are not those of what is measured. It ends
/// when its standard input does, so it does not outlive a benchmark that dies.
final class ChildProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// - Parameter arguments: a hidden subcommand of `pandar-bench` and its options.
    init(_ arguments: [String]) throws {
        guard let program = Bundle.main.executableURL else {
            throw BenchError("The path of this program cannot be found.")
        }
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// The next line that it prints.
    func line() throws -> String {
        var bytes: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        throw BenchError("The process of \(process.arguments?.first ?? "the benchmark") ended early.")
    }

    /// Tells it to go on.
    func tell(_ line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Lets it end and waits for that.
    func close() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
