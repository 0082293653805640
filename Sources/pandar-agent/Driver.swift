internal import Agents
internal import CAgent
internal import Glibc

/// Runs the agent's program and stands between it and the runner. One thread, one loop: what waits for an answer never
/// keeps the agent's lines from being read.
final class Driver {
    private(set) var order: AgentOrder
    var sink: ReportSink
    private let signals: Int32

    // Of the attempt under way.
    var adapter: any AgentAdapter
    var agent: Child?
    /// What the agent has not read yet.
    var pending: [UInt8] = []
    var closesInput = false
    var sides: [SideProcess] = []
    var result: AgentResult?
    private var splitter = LineSplitter()
    /// When something is done about a program that does not do it by itself, in milliseconds.
    private var deadline: Int64?
    private var isKilled = false
    private var isTerminated = false
    /// The last of the output, for whoever answers questions.
    private(set) var tail = ""

    /// How long a program's output is read after its end: what it started may hold the pipe open.
    private static let drainMilliseconds: Int64 = 3000

    init(_ order: AgentOrder) {
        self.order = order
        for (name, value) in order.environment { setenv(name, value, 1) }
        for (name, value) in order.adapter.environment { setenv(name, value, 0) }
        signals = Signals.catchAll([SIGTERM, SIGINT, SIGHUP, SIGCHLD])
        _ = pandar_agent_adopt_orphans()
        sink = ReportSink(order.reports)
        adapter = order.adapter.adapter(for: order.task) ?? ACPAdapter(order.task)
    }

    /// Runs to the end. A session that is not there any more is begun anew, once.
    func run() -> AgentResult {
        var result = attempt()
        if case .failed(let failure) = result, failure.code == .sessionLost, order.session != nil, !isTerminated {
            say("The session cannot be resumed (\(failure.message)); a new one begins.")
            order.session = nil
            if let note = order.resumeNote { order.prompt = note + "\n\n" + order.prompt }
            adapter = order.adapter.adapter(for: order.task) ?? ACPAdapter(order.task)
            result = attempt()
        }
        sink.send(.result(result))
        if case .failed(let failure) = result { say("Failed (\(failure.code.rawValue)): \(failure.message)") }
        return result
    }

    private func attempt() -> AgentResult {
        (result, pending, closesInput, isKilled, splitter) = (nil, [], false, false, LineSplitter())
        let words =
            order.program + order.adapter.arguments(session: order.session, newSession: UUIDText.random())
        do throws(Child.Failure) {
            agent = try Child(words, directory: order.directory)
        } catch {
            return .failed(AgentFailure(.other, "\(words[0]) could not be started: \(error.text)"))
        }
        deadline = Descriptor.now + Int64(order.handshakeSeconds) * 1000
        perform(adapter.start())
        while step() {}
        end()
        return result ?? .failed(AgentFailure(.programEnded, "The program ended before its turn did."))
    }

    /// Waits for what happens next and does what follows from it; `false` when all is over.
    private func step() -> Bool {
        guard let agent else { return false }
        if agent.waitStatus != nil, agent.output < 0 { return false }
        var watched = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
        watched.append(pollfd(fd: agent.output, events: Int16(POLLIN), revents: 0))
        watched.append(pollfd(fd: pending.isEmpty ? -1 : agent.input, events: Int16(POLLOUT), revents: 0))
        for side in sides {
            watched.append(pollfd(fd: side.child.output, events: Int16(POLLIN), revents: 0))
        }
        let rest = deadline.map { Int32(clamping: max(0, $0 - Descriptor.now)) } ?? -1
        _ = poll(&watched, nfds_t(watched.count), rest)
        readAgent()
        flush()
        for index in sides.indices { sides[index].read() }
        takeSignals()
        if let deadline, Descriptor.now >= deadline { return expire() }
        return true
    }

    // MARK: The agent's pipes

    private func readAgent() {
        while let descriptor = agent?.output, descriptor >= 0 {
            guard let piece = Descriptor.read(descriptor) else {
                if let line = splitter.finish() { take(line) }
                agent?.closeOutput()
                return
            }
            guard !piece.isEmpty else { return }
            for line in splitter.receive(piece) { take(line) }
        }
    }

    private func take(_ line: LineSplitter.Line) {
        switch line {
        case .frame(let bytes):
            let wasReady = adapter.isReady
            perform(adapter.receive(line: bytes))
            if adapter.isReady, !wasReady, result == nil, !isTerminated { deadline = nil }
        case .plain(let text): say(text)
        case .dropped(let count): say("(a line of \(count) bytes is left out)")
        }
    }

    func flush() {
        guard let descriptor = agent?.input, descriptor >= 0 else { return pending = [] }
        if !Descriptor.write(descriptor, &pending) { pending = [] }
        if pending.isEmpty, closesInput { agent?.closeInput() }
    }

    func say(_ text: String) {
        Descriptor.writeAll(STDOUT_FILENO, Array((text + "\n").utf8))
        tail = String((tail + text + "\n").suffix(8000))
    }

    // MARK: What happens

    private func takeSignals() {
        for signal in Descriptor.read(signals) ?? [] where Int32(signal) != SIGCHLD {
            guard !isTerminated else {
                kill()
                continue
            }
            isTerminated = true
            for side in sides { side.child.signal(SIGTERM) }
            giveUpAfterGrace()
            perform(adapter.interrupt())
        }
        reap()
    }

    private func reap() {
        var status: Int32 = 0
        while case let pid = waitpid(-1, &status, WNOHANG), pid > 0 {
            if pid == agent?.pid {
                agent?.waitStatus = status
                deadline = Descriptor.now + Self.drainMilliseconds
            } else if let index = sides.firstIndex(where: { $0.child.pid == pid }) {
                var side = sides.remove(at: index)
                side.child.waitStatus = status
                side.read()
                side.child.closeOutput()
                answer(side)
            }
        }
    }

    /// From now on the program is expected to end.
    func giveUpAfterGrace() {
        if agent?.waitStatus == nil { deadline = Descriptor.now + Int64(order.graceSeconds) * 1000 }
    }

    private func expire() -> Bool {
        if agent?.waitStatus != nil { return false }
        if result == nil, !adapter.isReady, !isTerminated {
            result = .failed(
                AgentFailure(.protocolBroken, "no answer from \(order.program[0]) in \(order.handshakeSeconds) s"))
        }
        kill()
        return true
    }

    private func kill() {
        agent?.signal(isKilled || isTerminated || result == nil ? SIGKILL : SIGTERM)
        isKilled = true
        deadline = Descriptor.now + 2000
    }

    private func end() {
        if let exitCode = agent?.exitCode { perform(adapter.ended(exitCode: exitCode)) }
        for side in sides { side.child.signal(SIGKILL) }
        agent?.signal(SIGKILL)
        agent?.closeInput()
        agent?.closeOutput()
        sides = []
        Descendants.end()
    }
}
