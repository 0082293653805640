internal import CProcess
internal import Foundation

/// A process that was started, and the reading ends of what it prints.
struct SpawnedProcess {
    let pid: pid_t
    let pidfd: Int32
    let output: Int32
    let error: Int32
}

/// Why a process could not be started.
struct SpawnError: Error, CustomStringConvertible {
    let description: String
}

/// What to start.
struct SpawnPlan {
    let words: [String]
    let environment: [String: String]
    let directory: String
    /// Where programs are looked for.
    let path: String

    /// Must be called on a thread that lives as long as the service: the child dies with it.
    func start() throws(SpawnError) -> SpawnedProcess {
        let program = try find(words.first ?? "")
        let output = try Pipe()
        let error: Pipe
        do throws(SpawnError) {
            error = try Pipe()
        } catch {
            close(output.reading)
            close(output.writing)
            throw error
        }
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer {
            close(null)
            close(output.writing)
            close(error.writing)
        }
        var pid: pid_t = 0
        var pidfd: Int32 = -1
        var stage: UnsafePointer<CChar>?
        let code = withCStrings(words) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                program.withCString { program in
                    directory.withCString { directory in
                        var spawn = pandar_spawn(
                            program: program, arguments: arguments, environment: environment, directory: directory,
                            input: null, output: output.writing, error: error.writing, limits: nil, limit_count: 0)
                        return pandar_spawn(&spawn, &pid, &pidfd, &stage)
                    }
                }
            }
        }
        guard code == 0 else {
            close(output.reading)
            close(error.reading)
            let place = stage.map { String(cString: $0) } ?? "start"
            throw SpawnError(
                description: "\(program) could not be started (\(place)): \(String(cString: strerror(code)))")
        }
        return SpawnedProcess(pid: pid, pidfd: pidfd, output: output.reading, error: error.reading)
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

/// A pipe whose reading end does not block.
private struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws(SpawnError) {
        var ends: [Int32] = [0, 0]
        guard pandar_pipe(&ends) == 0 else {
            throw SpawnError(description: "no pipe could be made: \(String(cString: strerror(errno)))")
        }
        reading = ends[0]
        writing = ends[1]
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
