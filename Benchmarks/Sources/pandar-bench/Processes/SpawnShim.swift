import CProcess
import Foundation

/// Pandar's own way of starting a process, with nothing around it.
enum SpawnShim {
    /// Runs `program` `count` times, `parallel` at a time. Seconds.
    static func run(_ program: String, count: Int, parallel: Int) throws -> Double {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        let path = strdup(program)
        defer {
            close(null)
            free(path)
        }
        let arguments: [UnsafeMutablePointer<CChar>?] = [path, nil]
        let environment: [UnsafeMutablePointer<CChar>?] = [nil]
        return try arguments.withUnsafeBufferPointer { arguments in
            try environment.withUnsafeBufferPointer { environment in
                var spawn = pandar_spawn(
                    program: path, arguments: arguments.baseAddress, environment: environment.baseAddress,
                    directory: "/".withCString { strdup($0) }, input: null, output: null, error: null, limits: nil,
                    limit_count: 0, inherited: nil, inherited_count: 0, groups: nil, group_count: 0, has_terminal: 0)
                defer { free(UnsafeMutableRawPointer(mutating: spawn.directory)) }
                return try Measure.seconds { try start(&spawn, count, parallel) }
            }
        }
    }

    /// A ring: the oldest child is waited for before its place is taken.
    private static func start(_ spawn: inout pandar_spawn, _ count: Int, _ parallel: Int) throws {
        var running = [(pid: pid_t, descriptor: Int32)](repeating: (0, -1), count: parallel)
        for index in 0..<count + parallel {
            let place = index % parallel
            if running[place].pid != 0 {
                var status: Int32 = 0
                guard waitpid(running[place].pid, &status, 0) > 0, status == 0 else {
                    throw BenchError("A child did not end as it should.")
                }
                close(running[place].descriptor)
                running[place] = (0, -1)
            }
            guard index < count else { continue }
            var child: (pid: pid_t, descriptor: Int32) = (0, -1)
            var stage: UnsafePointer<CChar>?
            guard pandar_spawn(&spawn, &child.pid, &child.descriptor, &stage) == 0 else {
                throw BenchError("A child could not be started.")
            }
            running[place] = child
        }
    }
}
