internal import Agents
internal import CAgent
internal import Glibc

/// A program in a process group of its own, with pipes for its standard input and output, or on a terminal.
struct Child {
    struct Failure: Error {
        let status: Int32

        var text: String { String(cString: strerror(status)) }
    }

    enum Streams {
        /// Standard error is ours.
        case pipes
        /// Standard error goes into the pipe of standard output.
        case pipesWithErrors
        /// All three are a terminal, which controls the program's session.
        case terminal
    }

    let pid: pid_t
    let isOnTerminal: Bool
    /// Our ends; -1 when closed.
    private(set) var input: Int32
    private(set) var output: Int32
    /// As `wait` gave it; `nil` while it runs.
    var waitStatus: Int32?

    /// - Parameters:
    ///   - variables: for its environment, on top of our own.
    init(
        _ words: [String], directory: String, variables: [String: String] = [:], streams: Streams = .pipes
    ) throws(Failure) {
        let ends = try ChildStreams(streams)
        defer { ends.closeTheirs() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        ends.attach(&actions)
        pandar_agent_start_in(&actions, directory)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        isOnTerminal = streams == .terminal
        // The leader of a session leads a group of the same number.
        let place = isOnTerminal ? pandar_agent_own_session : Int32(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(place | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        // In our own for as long as it starts: its program is searched for by them, too.
        let before = variables.keys.map { name in (name: name, value: getenv(name).map { String(cString: $0) }) }
        for (name, value) in variables { setenv(name, value, 1) }
        defer {
            for (name, value) in before {
                if let value { setenv(name, value, 1) } else { unsetenv(name) }
            }
        }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var process: pid_t = 0
        let status = posix_spawnp(
            &process, words[0], &actions, &attributes, &arguments, pandar_agent_environment())
        guard status == 0 else {
            ends.closeOurs()
            throw Failure(status: status)
        }
        (pid, input, output) = (process, ends.input, ends.output)
    }

    /// What the program has made of its terminal; `nil` where it has none.
    var terminalMode: TerminalMode? {
        guard isOnTerminal, output >= 0 else { return nil }
        let mode = pandar_agent_terminal_mode(output)
        return mode < 0 ? nil : TerminalMode(isCanonical: mode & 1 != 0, echoes: mode & 2 != 0)
    }

    /// 128 and the signal's number where one ended it, as shells tell it.
    var exitCode: Int32? {
        guard let waitStatus else { return nil }
        let signal = waitStatus & 0x7F
        return signal == 0 ? waitStatus >> 8 & 0xFF : 128 + signal
    }

    func signal(_ number: Int32) { kill(-pid, number) }

    mutating func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    mutating func closeOutput() {
        if output >= 0 { close(output) }
        output = -1
    }
}
