internal import CProcess
internal import Foundation

/// What a child reads from and prints to: nothing and two pipes, or one terminal for all three.
struct ChildStreams {
    /// Both ends: ours, which does not block, and the child's.
    struct Ends {
        let own: Int32
        let child: Int32
    }

    let input: Int32
    let output: Ends
    /// Ours is -1 where errors come with the output.
    let error: Ends

    init(hasTerminal: Bool) throws(SpawnError) {
        guard !hasTerminal else {
            output = try Self.make("terminal", pandar_terminal)
            error = Ends(own: -1, child: output.child)
            input = output.child
            return
        }
        output = try Self.make("pipe", pandar_pipe)
        do throws(SpawnError) {
            error = try Self.make("pipe", pandar_pipe)
        } catch {
            close(output.own)
            close(output.child)
            throw error
        }
        input = open("/dev/null", O_RDONLY | O_CLOEXEC)
    }

    private static func make(
        _ what: String, _ function: (UnsafeMutablePointer<Int32>) -> Int32
    ) throws(SpawnError) -> Ends {
        var ends: [Int32] = [0, 0]
        guard function(&ends) == 0 else {
            throw SpawnError(description: "no \(what) could be made: \(String(cString: strerror(errno)))")
        }
        return Ends(own: ends[0], child: ends[1])
    }

    func closeChildEnds() {
        for descriptor in Set([input, output.child, error.child]) { close(descriptor) }
    }

    func closeOwnEnds() {
        close(output.own)
        if error.own >= 0 { close(error.own) }
    }
}
