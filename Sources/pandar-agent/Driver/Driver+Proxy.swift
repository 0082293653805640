internal import Agents
internal import Glibc

/// Questions in words that the proxy agent answers, beside the agent that asked.
extension Driver {
    func ask(_ question: AgentQuestion, of run: AgentRun) {
        // An agent that stands in for another one is not asked by itself.
        guard case .words(let parts) = question.kind, case .primary = run.role, let proxy = order.proxy,
            questionsAnswered < order.answerLimit
        else {
            return give(question.id, .decline(reason: QuestionPolicy.nobody), by: "policy")
        }
        questionsAnswered += 1
        begin(proxy, question, parts, complaint: nil)
    }

    private func begin(
        _ proxy: ProxyAgent, _ question: AgentQuestion, _ parts: [AgentQuestion.Words], complaint: String?
    ) {
        let prompt = ProxyTalk.question(parts, prompt: order.prompt, output: tail.text, complaint: complaint)
        do throws(Child.Failure) {
            let run = try AgentRun(
                .answering(question, parts, complaint: complaint), proxy.adapter, proxy.program,
                environment: proxy.environment, task: AgentTask(prompt: prompt, directory: order.directory),
                order: order, firstNumber: 0, account: accounts.begin())
            answering.append(run)
            perform(run.conversation.start(), of: run)
        } catch {
            say("\(proxy.agent) cannot answer: " + Self.notStarted(proxy.program[0], error))
            give(question.id, .decline(reason: QuestionPolicy.nobody), by: "policy")
        }
    }

    /// Who answers does nothing else: each of its own questions is declined, and what it says is not the task's output.
    func performAside(_ actions: [AgentAction], of run: AgentRun) {
        for action in actions {
            switch action {
            case .write(let bytes): run.write(bytes)
            case .ask(let question):
                let reason = "Answer by what you were told; nothing is done here."
                performAside(run.conversation.answer(question.id, .decline(reason: reason)), of: run)
            case .usage(let usage): sink.send(.usage(accounts.usage(usage, of: run.account)))
            case .finished(let end): run.result = run.result ?? end
            case .terminate: run.terminate()
            case .closeInput: run.closeInput()
            case .text, .withdraw, .output, .session, .progress, .plan, .retrying: break
            }
        }
    }

    /// A run for a question is over.
    func concluded(_ run: AgentRun) {
        guard let index = answering.firstIndex(where: { $0 === run }),
            case .answering(let question, let parts, let complaint) = run.role, let proxy = order.proxy
        else { return }
        if let exitCode = run.child.exitCode { performAside(run.conversation.ended(exitCode: exitCode), of: run) }
        run.end()
        answering.remove(at: index)
        switch run.result {
        case .success(let text):
            if let answer = AnswererTalk.answer(Array(text.utf8), to: parts) {
                return give(question.id, answer, by: proxy.agent)
            }
            if complaint == nil, main?.isTerminated == false {
                return begin(
                    proxy, question, parts,
                    complaint: "it did not end with a line such as {\"answer\": \"TEXT\"} that fits the question.")
            }
            say("\(proxy.agent) gave no answer that can be read.")
        case .failed(let failure): say("\(proxy.agent) gave no answer: \(failure.message)")
        case .interrupted, nil: say("\(proxy.agent) gave no answer.")
        }
        give(question.id, .decline(reason: QuestionPolicy.nobody), by: "policy")
    }
}
