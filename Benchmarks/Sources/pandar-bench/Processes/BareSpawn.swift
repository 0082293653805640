import CBaselines
import Foundation

/// A C loop that starts processes, with nothing around it.
enum BareSpawn {
    /// Runs a program `count` times, `parallel` at a time. Seconds; negative when one of them failed.
    static func seconds(_ words: [String], count: Int, parallel: Int) -> Double {
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        return bench_spawn(&arguments, Int32(count), Int32(parallel))
    }
}
