internal import Agents
internal import Glibc

extension Driver {
    func perform(_ actions: [AgentAction], of run: AgentRun) {
        if case .answering = run.role { return performAside(actions, of: run) }
        let isPrimary = if case .primary = run.role { true } else { false }
        for action in actions {
            switch action {
            case .write(let bytes): run.write(bytes)
            case .text(let text): say(text)
            case .output(let bytes): pass(bytes)
            case .ask(let question): decide(question, of: run)
            case .withdraw(let id):
                drop(id)
                sink.send(.answer(number(id, of: run), nil, by: "agent"))
            case .session(let id):
                // The session that a later attempt goes on with is the primary agent's.
                guard isPrimary else { continue }
                session = id
                sink.send(.session(id))
            case .progress(let report):
                // Where the primary goes on afterwards, the proxy's end is not the end.
                guard isPrimary || order.proxy?.recovery == .stand else { continue }
                sink.send(.progress(accounts.raised(report)))
            case .plan(let steps): sink.send(.plan(steps))
            case .usage(let usage): sink.send(.usage(accounts.usage(usage, of: run.account)))
            case .retrying(let reason, let milliseconds):
                say("The model does not answer; the agent tries again: \(reason)")
                sink.send(.retrying(reason: reason, milliseconds: milliseconds))
            case .finished(let end): run.result = run.result ?? end
            case .terminate: run.terminate()
            case .closeInput: run.closeInput()
            }
        }
    }

    /// Reports have the questions of all runs in one row.
    private func number(_ id: AgentQuestion.ID, of run: AgentRun) -> AgentQuestion.ID {
        lastNumber = max(lastNumber, run.firstNumber + id.number)
        return AgentQuestion.ID(run.firstNumber + id.number)
    }

    // MARK: Questions

    private func decide(_ question: AgentQuestion, of run: AgentRun) {
        sink.send(
            .question(AgentQuestion(id: number(question.id, of: run), kind: question.kind, reason: question.reason)))
        switch QuestionPolicy.verdict(on: question.kind) {
        case .answer(let answer): give(question.id, answer, by: "policy")
        case .preflight(let words, let directory): preflight(question.id, words, directory ?? order.directory)
        case .proxy: ask(question, of: run)
        case .secret(let name): fetch(name, for: question.id)
        }
    }

    /// A gate may hold it, for as long as people take.
    private func fetch(_ name: String, for id: AgentQuestion.ID) {
        start(["pandar-secret", name], in: order.directory, .secret(id), order.environment)
    }

    private func preflight(_ id: AgentQuestion.ID, _ words: [String], _ directory: String) {
        let push = QuestionPolicy.preflightVariable
        start(words, in: directory, .push(id), order.environment.merging([push.name: push.value]) { $1 })
    }

    private func start(
        _ words: [String], in directory: String, _ purpose: SideProcess.Purpose, _ environment: [String: String]
    ) {
        do throws(Child.Failure) {
            sides.append(try SideProcess(purpose, words, directory: directory, variables: environment))
        } catch {
            give(purpose.question, .decline(reason: Self.notStarted(words[0], error)), by: "gate")
        }
    }

    /// Answers a question of the run that works.
    func give(_ id: AgentQuestion.ID, _ answer: AgentAnswer, by: String) {
        guard let main else { return }
        if case .secret(let value) = answer { tail.hide(value) }
        sink.send(.answer(number(id, of: main), answer, by: by))
        perform(main.conversation.answer(id, answer), of: main)
    }

    /// Nobody waits for this answer any more; who is asked for it learns it by the end of the connection.
    private func drop(_ id: AgentQuestion.ID) {
        if let index = answering.firstIndex(where: { $0.isAbout(id) }) { answering.remove(at: index).end() }
        guard let index = sides.firstIndex(where: { $0.question == id }) else { return }
        var side = sides.remove(at: index)
        side.child.signal(SIGKILL)
        side.child.closeInput()
        side.child.closeOutput()
    }
}
