import Foundation
import Glibc
import TestKit

/// A process that a test started: what it prints on stdout line by line, its log in a file, signals, its end.
final class ChildProcess: Sendable {
    struct State: Sendable {
        var lines: [String] = []
        /// The exit code, or minus the signal.
        var status: Int32?
    }

    let pid: pid_t
    let name: String
    let log: URL
    let state = Observed(State())

    init(
        _ name: String, _ program: String, _ arguments: [String], environment: [String: String], directory: URL
    ) throws {
        self.name = name
        let log = directory.appendingPathComponent("\(name)-\(UUID().uuidString.prefix(8)).log")
        self.log = log
        try Data().write(to: log)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: log)
        let output = Pipe()
        process.standardOutput = output
        process.terminationHandler = { [state] process in
            let status = process.terminationStatus
            let code = process.terminationReason == .uncaughtSignal ? -status : status
            state.change { $0.status = code }
        }
        try Self.withSignals { try process.run() }
        pid = process.processIdentifier
        let thread = Thread { [state] in Self.readLines(output.fileHandleForReading, into: state) }
        thread.name = "stdout of \(name)"
        thread.start()
    }

    /// The threads that run tests block signals, and a child would inherit that and never see its SIGTERM.
    private static func withSignals(_ body: () throws -> Void) rethrows {
        var termination = sigset_t()
        var before = sigset_t()
        sigemptyset(&termination)
        sigaddset(&termination, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &termination, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    private static func readLines(_ handle: FileHandle, into state: Observed<State>) {
        var rest = Data()
        // Comes back with what there is, and with nothing at the end.
        while case let data = handle.availableData, !data.isEmpty {
            rest += data
            var lines: [String] = []
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                rest = Data(rest[(end + 1)...])
            }
            state.change { $0.lines += lines }
        }
    }

    var isRunning: Bool { state.read { $0.status == nil } }

    func signal(_ signal: Int32) {
        if isRunning { Glibc.kill(pid, signal) }
    }

    /// Waits for the end: the exit code, or minus the signal.
    @discardableResult
    func ended(seconds: Double = 120) async throws -> Int32 {
        try await state.until("\(name) ends", seconds: seconds) { $0.status }
    }

    func kill() async throws {
        signal(SIGKILL)
        try await ended()
    }

    /// Resident memory in KiB.
    var residentKiB: Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }

    var logText: String {
        String(decoding: FileManager.default.contents(atPath: log.path) ?? Data(), as: UTF8.self)
    }
}
