/// A limit of the sandbox that an attempt has passed.
enum LimitBreach: Hashable, Sendable {
    case memory(megabytes: Int)
    case cpu(seconds: Int)
    case processes(Int)
    case fileSize(megabytes: Int)
    case disk(megabytes: Int)
    case output(megabytes: Int)

    /// The task's error.
    var sentence: String {
        switch self {
        case .memory(let megabytes): "memory limit of \(megabytes) MB exceeded"
        case .cpu(let seconds): "CPU time limit of \(seconds) s exceeded"
        case .processes(let count): "process limit of \(count) exceeded"
        case .fileSize(let megabytes): "file size limit of \(megabytes) MB exceeded"
        case .disk(let megabytes): "disk limit of \(megabytes) MB exceeded"
        case .output(let megabytes): "output limit of \(megabytes) MB exceeded"
        }
    }
}
