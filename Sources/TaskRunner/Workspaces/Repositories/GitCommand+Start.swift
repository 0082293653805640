internal import CProcess
internal import Foundation

extension GitCommand {
    struct Child {
        let pid: pid_t
        let pidfd: Int32
        let output: Int32
        let error: Int32
    }

    /// The child dies with the calling thread, which waits for it.
    func start(_ arguments: [String], _ surroundings: Surroundings) throws(Failure) -> Child {
        guard let program = Self.find(path)
        else { throw Failure(kind: .missing, sentence: "git was not found on \(path); install it") }
        var output: [Int32] = [-1, -1]
        var errors: [Int32] = [-1, -1]
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { for descriptor in [null, output[1], errors[1]] where descriptor >= 0 { close(descriptor) } }
        guard null >= 0, pandar_pipe(&output) == 0, pandar_pipe(&errors) == 0 else {
            for descriptor in [output[0], errors[0]] where descriptor >= 0 { close(descriptor) }
            throw Failure(kind: .failed, sentence: "git cannot be started: \(FileError("a pipe"))")
        }
        var child: (pid: pid_t, pidfd: Int32) = (0, -1)
        var stage: UnsafePointer<CChar>?
        let limits = [(RLIMIT_FSIZE, surroundings.fileLimit), (RLIMIT_DATA, surroundings.memoryLimit)].compactMap {
            (resource, limit) in
            limit.map { pandar_limit(resource: Int32(resource.rawValue), value: UInt64(max($0, 1))) }
        }
        let code = Self.withPointers(["git"] + arguments) { arguments in
            Self.withPointers(environment) { environment in
                limits.withUnsafeBufferPointer { limits in
                    program.withCString { (program: UnsafePointer<CChar>) in
                        "/".withCString { (directory: UnsafePointer<CChar>) in
                            var spawn = pandar_spawn()
                            spawn.program = program
                            spawn.arguments = arguments
                            spawn.environment = environment
                            spawn.directory = directory
                            spawn.input = surroundings.input ?? null
                            spawn.output = surroundings.output ?? output[1]
                            spawn.error = errors[1]
                            spawn.limits = limits.baseAddress
                            spawn.limit_count = Int32(limits.count)
                            return pandar_spawn(&spawn, &child.pid, &child.pidfd, &stage)
                        }
                    }
                }
            }
        }
        guard code == 0 else {
            close(output[0])
            close(errors[0])
            throw Failure(kind: .failed, sentence: "\(FileError("git cannot be started", code: code))")
        }
        return Child(pid: child.pid, pidfd: child.pidfd, output: output[0], error: errors[0])
    }

    private static func find(_ path: String) -> String? {
        let candidates = path.split(separator: ":").map { "\($0)/git" }
        return candidates.first { access($0, X_OK) == 0 }
    }

    private var environment: [String] {
        var variables = [
            "PATH=\(path)", "HOME=/nonexistent", "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1",
            "GIT_CONFIG_GLOBAL=\(configuration)", "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=/bin/false",
            "SSH_ASKPASS=/bin/false", "GIT_SSH_COMMAND=ssh -oBatchMode=yes", "GIT_OPTIONAL_LOCKS=0",
            "GIT_NO_LAZY_FETCH=1", "GIT_LFS_SKIP_SMUDGE=1",
        ]
        if !secretSettings.isEmpty {
            variables.append("GIT_CONFIG_COUNT=\(secretSettings.count)")
            for (index, setting) in secretSettings.enumerated() {
                variables.append("GIT_CONFIG_KEY_\(index)=\(setting.name)")
                variables.append("GIT_CONFIG_VALUE_\(index)=\(setting.value)")
            }
        }
        return variables
    }

    /// The strings as C has them, with a null pointer at the end, for the length of `body`.
    private static func withPointers<Value>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
    ) -> Value {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return (copies + [nil]).withUnsafeBufferPointer { buffer in
            // The buffer is never empty: it holds at least the null pointer.
            body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
