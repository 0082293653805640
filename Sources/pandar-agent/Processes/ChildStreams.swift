internal import CAgent
internal import Glibc

/// The ends of what a child reads from and writes to.
struct ChildStreams {
    /// Ours; they do not block.
    let input: Int32
    let output: Int32
    private let theirInput: Int32
    private let theirOutput: Int32
    private let takesErrors: Bool
    /// A path that the child opens by itself: so the terminal becomes the one of its session.
    private let terminal: String?

    init(_ streams: Child.Streams) throws(Child.Failure) {
        switch streams {
        case .pipes, .pipesWithErrors:
            guard let toChild = Descriptor.pipe(nonBlockingWrite: true) else { throw Child.Failure(status: errno) }
            guard let fromChild = Descriptor.pipe(nonBlockingRead: true) else { throw Child.Failure(status: errno) }
            (input, output) = (toChild.write, fromChild.read)
            (theirInput, theirOutput) = (toChild.read, fromChild.write)
            takesErrors = streams == .pipesWithErrors
            terminal = nil
        case .terminal:
            var name = [CChar](repeating: 0, count: 128)
            output = pandar_agent_terminal(&name, name.count)
            guard output >= 0 else { throw Child.Failure(status: errno) }
            input = pandar_agent_duplicate(output)
            guard input >= 0 else { throw Child.Failure(status: errno) }
            (theirInput, theirOutput, takesErrors) = (-1, -1, true)
            terminal = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// Makes them the child's standard streams.
    func attach(_ actions: inout posix_spawn_file_actions_t) {
        if let terminal {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, terminal, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
        } else {
            posix_spawn_file_actions_adddup2(&actions, theirInput, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, theirOutput, STDOUT_FILENO)
        }
        if takesErrors { posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO) }
    }

    func closeTheirs() { for end in [theirInput, theirOutput] where end >= 0 { close(end) } }
    func closeOurs() { for end in [input, output] { close(end) } }
}
