internal import CProcess
internal import Foundation
internal import TaskModel

/// A process that was started, and the reading ends of what it prints.
struct SpawnedProcess: Sendable {
    let pid: pid_t
    let pidfd: Int32
    let output: Int32
    /// -1 where errors come with the output, from a terminal.
    let error: Int32
}

/// Why a process could not be started.
struct SpawnError: Error, CustomStringConvertible {
    let description: String
    /// What the failed attempt calls for, where that is known.
    var failure: AttemptFailure?
}

/// What to start.
struct SpawnPlan: Sendable {
    /// The program and its arguments. A name without a slash is looked for in `path`.
    let words: [String]
    let environment: [String: String]
    let directory: String
    /// Where programs are looked for.
    let path: String
    /// Descriptors that the program has as 3, 4, …
    var inherited: [Int32] = []
    /// Entrances of cgroups (`tasks` or `cgroup.procs`, open for writing).
    var groups: [Int32] = []
    /// Input, output and errors are one terminal.
    var hasTerminal = false
    /// Whether the terminal shall control the process's own session; in a sandbox init does that for the program.
    var takesTerminal = false
    /// What the program reads; -1: nothing.
    var input: Int32 = -1

    /// Must be called on a thread that lives as long as the service: the child dies with it.
    func start() throws(SpawnError) -> SpawnedProcess {
        let program = try find(words.first ?? "")
        let streams = try ChildStreams(hasTerminal: hasTerminal)
        defer { streams.closeChildEnds() }
        var pid: pid_t = 0
        var pidfd: Int32 = -1
        var stage: UnsafePointer<CChar>?
        let code = withCStrings(words) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                inherited.withUnsafeBufferPointer { inherited in
                    groups.withUnsafeBufferPointer { groups in
                        program.withCString { program in
                            directory.withCString { directory in
                                var spawn = pandar_spawn(
                                    program: program, arguments: arguments, environment: environment,
                                    directory: directory, input: input >= 0 ? input : streams.input,
                                    output: streams.output.child,
                                    error: streams.error.child, limits: nil, limit_count: 0,
                                    inherited: inherited.baseAddress, inherited_count: Int32(inherited.count),
                                    groups: groups.baseAddress, group_count: Int32(groups.count),
                                    has_terminal: takesTerminal ? 1 : 0)
                                return pandar_spawn(&spawn, &pid, &pidfd, &stage)
                            }
                        }
                    }
                }
            }
        }
        guard code == 0 else {
            streams.closeOwnEnds()
            let place = stage.map { String(cString: $0) } ?? "start"
            throw SpawnError(
                description: "\(program) could not be started (\(place)): \(String(cString: strerror(code)))")
        }
        return SpawnedProcess(pid: pid, pidfd: pidfd, output: streams.output.own, error: streams.error.own)
    }

    /// The program as `PATH` has it.
    private func find(_ name: String) throws(SpawnError) -> String {
        if name.contains("/") { return name }
        for directory in path.split(separator: ":") {
            let candidate = "\(directory)/\(name)"
            if access(candidate, X_OK) == 0 { return candidate }
        }
        throw SpawnError(
            description: "\(name) was not found on the PATH of attempts (\(path)); install it or set runner.path")
    }
}

/// The strings as C has them, with a null pointer at the end, for the length of `body`.
private func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
) -> Value {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return (copies + [nil]).withUnsafeBufferPointer { buffer in
        // The buffer is never empty: it holds at least the null pointer.
        body(buffer.baseAddress.unsafelyUnwrapped)
    }
}
