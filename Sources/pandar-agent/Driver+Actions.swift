internal import Agents
internal import Glibc

extension Driver {
    func perform(_ actions: [AgentAction]) {
        for action in actions {
            switch action {
            case .write(let bytes):
                pending += bytes
                flush()
            case .text(let text): say(text)
            case .ask(let question): decide(question)
            case .withdraw(let id):
                drop(id)
                sink.send(.answer(id, nil, by: "agent"))
            case .session(let id): sink.send(.session(id))
            case .progress(let report): sink.send(.progress(report))
            case .plan(let steps): sink.send(.plan(steps))
            case .usage(let usage): sink.send(.usage(usage))
            case .retrying(let reason, let milliseconds):
                say("The model does not answer; the agent tries again: \(reason)")
                sink.send(.retrying(reason: reason, milliseconds: milliseconds))
            case .finished(let end): result = result ?? end
            case .closeInput:
                closesInput = true
                flush()
                giveUpAfterGrace()
            }
        }
    }

    // MARK: Questions

    private func decide(_ question: AgentQuestion) {
        sink.send(.question(question))
        switch QuestionPolicy.verdict(on: question.kind) {
        case .answer(let answer): give(question.id, answer, by: "policy")
        case .preflight(let words, let directory): preflight(question.id, words, directory ?? order.directory)
        case .proxy: give(question.id, .decline(reason: QuestionPolicy.nobody), by: "policy")
        }
    }

    private func preflight(_ id: AgentQuestion.ID, _ words: [String], _ directory: String) {
        do throws(Child.Failure) {
            let child = try Child(
                words, directory: directory, variable: QuestionPolicy.preflightVariable, withErrors: true)
            sides.append(SideProcess(id, child))
        } catch {
            give(id, .decline(reason: "\(words[0]) could not be started: \(error.text)"), by: "gate")
        }
    }

    func answer(_ side: SideProcess) {
        give(side.question, side.answer(), by: "gate")
    }

    private func give(_ id: AgentQuestion.ID, _ answer: AgentAnswer, by: String) {
        sink.send(.answer(id, answer, by: by))
        perform(adapter.answer(id, answer))
    }

    /// Nobody waits for this answer any more; who is asked for it learns it by the end of the connection.
    private func drop(_ id: AgentQuestion.ID) {
        guard let index = sides.firstIndex(where: { $0.question == id }) else { return }
        var side = sides.remove(at: index)
        side.child.signal(SIGKILL)
        side.child.closeInput()
        side.child.closeOutput()
    }
}
