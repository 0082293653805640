internal import CProcess
internal import Foundation

/// Runs git for the service: without hooks, prompts, credentials and settings of the system or a user, so that nothing
/// runs but git itself, whatever a repository brings along.
struct GitCommand: Sendable {
    let path: String
    let seconds: Int
    /// Settings for every call and for what it starts.
    var configuration: String
    /// Replaces what must not be shown.
    var mask = SecretMask([])
    /// Settings of this call alone; they may hold a secret, for nobody else sees the environment of a process.
    var secretSettings: [(name: String, value: String)] = []

    struct Failure: Error {
        enum Kind { case missing, timedOut, stopped, fileTooLarge, failed }
        let kind: Kind
        let sentence: String
        /// What it printed before.
        var output = ""
    }

    /// What one call has instead of nothing to read, and of its own output to be read; and what it may take.
    struct Surroundings {
        var input: Int32?
        var output: Int32?
        /// Bytes of a file that it writes.
        var fileLimit: Int64?
        /// Bytes of memory, but for files that are mapped.
        var memoryLimit: Int64?
    }

    /// Of everything but a push: there they would hold for a repository on this machine too.
    static let settings = """
        [core]
        	hooksPath = /dev/null
        	fsync = none

        """ + pushSettings

    static let pushSettings = """
        [core]
        	fsmonitor = false
        	symlinks = true
        [safe]
        	directory = *
        [protocol]
        	allow = never
        [protocol "file"]
        	allow = always
        [protocol "https"]
        	allow = always
        [protocol "http"]
        	allow = always
        [protocol "ssh"]
        	allow = always
        [protocol "git"]
        	allow = always
        [submodule]
        	recurse = false
        [fetch]
        	recurseSubmodules = false
        [gc]
        	autoDetach = false
        [uploadpack]
        	allowAnySHA1InWant = true
        [advice]
        	detachedHead = false
        [init]
        	defaultBranch = main
        """

    /// Runs git and waits for it. What it printed, at most 1 MB.
    ///
    /// - Parameter goesOn: asked about ten times a second; `false` ends it.
    @discardableResult
    func run(
        _ arguments: [String], fileLimit: Int64? = nil, goesOn: () -> Bool = { true }
    ) throws(Failure) -> String {
        try run(arguments, in: Surroundings(fileLimit: fileLimit), goesOn: goesOn)
    }

    @discardableResult
    func run(
        _ arguments: [String], in surroundings: Surroundings, goesOn: () -> Bool = { true }
    ) throws(Failure) -> String {
        let child = try start(arguments, surroundings)
        var status: Int32 = 0
        defer { for descriptor in [child.output, child.error, child.pidfd] { close(descriptor) } }
        var output: [UInt8] = []
        var errors: [UInt8] = []
        let end = Uptime.now + Double(seconds)
        var ended: Failure.Kind?
        while true {
            var polled = [
                pollfd(fd: child.pidfd, events: Int16(POLLIN), revents: 0),
                pollfd(fd: surroundings.output == nil ? child.output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: child.error, events: Int16(POLLIN), revents: 0),
            ]
            poll(&polled, 3, 100)
            drain(child.output, &output, keep: 1_048_576)
            drain(child.error, &errors, keep: 16_384)
            if polled[0].revents != 0 { break }
            if ended == nil, Uptime.now > end { ended = .timedOut }
            if ended == nil, !goesOn() { ended = .stopped }
            if ended != nil { kill(-child.pid, SIGKILL) }
            // An end that both closed is no event to wait for.
            let hasClosed = surroundings.output != nil || polled[1].revents & Int16(POLLHUP) != 0
            if hasClosed && polled[2].revents & Int16(POLLHUP) != 0 {
                var last = [pollfd(fd: child.pidfd, events: Int16(POLLIN), revents: 0)]
                poll(&last, 1, 100)
            }
        }
        // Helpers of git may be left.
        kill(-child.pid, SIGKILL)
        _ = pandar_reap(child.pid, 0, &status, nil)
        switch ended {
        case .timedOut: throw Failure(kind: .timedOut, sentence: "git took more than \(seconds) s and was ended")
        case .stopped: throw Failure(kind: .stopped, sentence: "git was ended")
        default: break
        }
        guard status == 0 else {
            throw Failure(
                kind: isFileTooLarge(status, errors) ? .fileTooLarge : .failed, sentence: sentence(errors),
                output: String(decoding: output, as: UTF8.self))
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Whether git, or a helper of it that it tells of, ended at the limit of a file's size.
    private func isFileTooLarge(_ status: Int32, _ errors: [UInt8]) -> Bool {
        let text = String(decoding: errors, as: UTF8.self)
        return status & 0x7F == SIGXFSZ || text.contains("signal \(SIGXFSZ)")
            || text.contains(String(cString: strerror(EFBIG)))
    }

    /// What git said of the failure, or else its last lines; without credentials.
    private func sentence(_ errors: [UInt8]) -> String {
        let text = GitLocation.shown(mask.mask(String(decoding: errors, as: UTF8.self)))
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.isEmpty }
        let telling = lines.filter { $0.hasPrefix("fatal: ") || $0.hasPrefix("error: ") }
        let chosen = telling.isEmpty ? lines.suffix(3) : telling.prefix(3)
        return chosen.isEmpty ? "git failed without a word" : chosen.joined(separator: "; ")
    }

    private func drain(_ descriptor: Int32, _ bytes: inout [UInt8], keep: Int) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return }
            bytes += buffer[..<count]
            if bytes.count > keep { bytes.removeFirst(bytes.count - keep) }
        }
    }
}
