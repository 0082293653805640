internal import Agents
internal import CAgent
internal import Glibc
internal import TaskModel

/// Runs the agent's program and stands between it and the runner. One thread, one loop: what waits for an answer never
/// keeps the agent's lines from being read.
final class Driver {
    let order: AgentOrder
    var sink: ReportSink
    private let signals: Int32

    /// The run that works.
    var main: AgentRun?
    /// Those that answer its questions.
    var answering: [AgentRun] = []
    var sides: [SideProcess] = []
    private var isTerminated = false
    var questionsAnswered = 0
    /// The highest number of a question that was reported.
    var lastNumber = 0
    var accounts = RunAccounts()
    var session: String?
    /// The last of the output, for whoever answers questions.
    var tail = OutputEnd()

    init(_ order: AgentOrder) {
        self.order = order
        session = order.session
        signals = Signals.catchAll([SIGTERM, SIGINT, SIGHUP, SIGCHLD])
        _ = pandar_agent_adopt_orphans()
        sink = ReportSink(order.reports)
    }

    /// How a plain command ended that ran last, as `wait` gave it.
    private(set) var status: Int32?

    /// Runs to the end.
    func run() -> AgentResult {
        var result = primary(order.task)
        if case .failed(let failure) = result, failure.cause == .recovery, failure.code != .sessionLost,
            let proxy = order.proxy, proxy.recovery != .off, !isTerminated
        {
            result = recover(from: failure, by: proxy)
        }
        sink.send(.result(result))
        if case .failed(let failure) = result { say("Failed (\(failure.code.rawValue)): \(failure.message)") }
        return result
    }

    /// A session that is not there any more is begun anew, once.
    private func primary(_ task: AgentTask) -> AgentResult {
        let result = attempt(.primary, order.adapter, order.program, order.environment, task)
        guard case .failed(let failure) = result, failure.code == .sessionLost, task.session != nil, !isTerminated
        else { return result }
        say("The session cannot be resumed (\(failure.message)); a new one begins.")
        return attempt(.primary, order.adapter, order.program, order.environment, anew(task.resumeNote))
    }

    private func anew(_ note: String?) -> AgentTask {
        AgentTask(
            prompt: note.map { $0 + "\n\n" + order.prompt } ?? order.prompt, directory: order.directory)
    }

    /// The proxy does what the primary could not, once.
    private func recover(from failure: AgentFailure, by proxy: ProxyAgent) -> AgentResult {
        say("Failed (\(failure.code.rawValue)): \(failure.message)\n\(proxy.agent) takes over.")
        sink.send(.recovery(by: proxy.agent, .began, text: failure.message))
        let prompt = ProxyTalk.recovery(prompt: order.prompt, failure: failure, output: tail.text)
        let task = AgentTask(prompt: prompt, directory: order.directory)
        let result = attempt(.recovery, proxy.adapter, proxy.program, proxy.environment, task)
        switch result {
        case .interrupted: return result
        case .failed(let other):
            sink.send(.recovery(by: proxy.agent, .failed, text: other.message))
            return .failed(
                AgentFailure(
                    failure.code, "\(failure.message); \(proxy.agent) could not mend it: \(other.message)"))
        case .success(let text):
            sink.send(.recovery(by: proxy.agent, .succeeded, text: text))
            guard proxy.recovery == .resume, !isTerminated else { return result }
            let note = ProxyTalk.note(failure: failure, by: proxy.agent, said: text)
            guard let session else { return primary(anew(note)) }
            return primary(
                AgentTask(prompt: order.prompt, directory: order.directory, session: session, resumeNote: note))
        }
    }

    private func attempt(
        _ role: AgentRun.Role, _ kind: AdapterKind, _ program: [String], _ environment: [String: String],
        _ task: AgentTask
    ) -> AgentResult {
        let account = accounts.begin()
        status = nil
        do throws(Child.Failure) {
            let run = try AgentRun(
                role, kind, program, environment: environment, task: task, order: order, firstNumber: lastNumber,
                account: account)
            main = run
            perform(run.conversation.start(), of: run)
            while step(run) {}
            end(run)
            return run.result ?? .failed(AgentFailure(.programEnded, "The program ended before its turn did."))
        } catch {
            return .failed(AgentFailure(.other, Self.notStarted(program[0], error)))
        }
    }

    /// Pieces of a program's output that are read before signals and others are looked at: a flood has no end.
    private static let piecesPerTurn = 16

    /// Waits for what happens next and does what follows from it; `false` when all is over.
    private func step(_ run: AgentRun) -> Bool {
        if run.isOver { return false }
        let runs = [run] + answering
        var watched = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
        for run in runs { run.watch(&watched) }
        for side in sides { watched.append(pollfd(fd: side.child.output, events: Int16(POLLIN), revents: 0)) }
        let rest = runs.compactMap(\.due).min().map { Int32(clamping: max(0, $0 - Descriptor.now)) } ?? -1
        _ = poll(&watched, nfds_t(watched.count), rest)
        for run in runs {
            for _ in 0..<Self.piecesPerTurn {
                guard let actions = run.read() else { break }
                perform(actions, of: run)
            }
            perform(run.look(), of: run)
            run.flush()
        }
        for index in sides.indices { sides[index].read() }
        takeSignals()
        for other in answering where other.isOver || !other.expire() { concluded(other) }
        return run.expire()
    }

    func say(_ text: String) { pass(Array((text + "\n").utf8)) }

    /// Output of the task.
    func pass(_ bytes: [UInt8]) {
        Descriptor.writeAll(STDOUT_FILENO, bytes)
        tail.append(bytes)
    }

    // MARK: What happens

    private func takeSignals() {
        for signal in Descriptor.read(signals) ?? [] where Int32(signal) != SIGCHLD {
            guard !isTerminated else {
                main?.kill()
                continue
            }
            isTerminated = true
            for side in sides { side.child.signal(SIGTERM) }
            for run in answering { run.child.signal(SIGTERM) }
            guard let main else { continue }
            main.isTerminated = true
            main.giveUpAfterGrace()
            perform(main.conversation.interrupt(), of: main)
        }
        reap()
    }

    private func reap() {
        var status: Int32 = 0
        while case let pid = waitpid(-1, &status, WNOHANG), pid > 0 {
            if let run = ([main].compactMap(\.self) + answering).first(where: { $0.child.pid == pid }) {
                run.reaped(status)
            } else if let index = sides.firstIndex(where: { $0.child.pid == pid }) {
                var side = sides.remove(at: index)
                side.child.waitStatus = status
                side.read()
                side.child.closeOutput()
                if let answer = side.answer() { give(side.question, answer, by: "gate") }
            }
        }
    }

    /// Why there is no program, and what to do.
    static func notStarted(_ program: String, _ failure: Child.Failure) -> String {
        let remedy = failure.status == ENOENT ? "; install it where PATH of attempts (runner.path) has it" : ""
        return "\(program) could not be started: \(failure.text)\(remedy)"
    }

    private func end(_ run: AgentRun) {
        if run.child.isOnTerminal { status = run.child.waitStatus }
        if let exitCode = run.child.exitCode { perform(run.conversation.ended(exitCode: exitCode), of: run) }
        for side in sides { side.child.signal(SIGKILL) }
        for other in answering { other.end() }
        run.end()
        (sides, answering, main) = ([], [], nil)
        Descendants.end()
    }
}
