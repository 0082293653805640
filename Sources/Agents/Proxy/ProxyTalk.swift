internal import TaskModel

/// What the proxy agent is told.
public enum ProxyTalk {
    /// Characters of a task's prompt, of its output and of what an agent said, where they are told to another.
    static let textLimit = 8000

    /// Asks for the answer to a question of another agent.
    ///
    /// - Parameter complaint: what was wrong with the answer before.
    public static func question(
        _ parts: [AgentQuestion.Words], prompt: String, output: String, complaint: String? = nil
    ) -> String {
        let questions = String(decoding: JSONWriter.bytes(of: .array(parts.map(\.json))), as: UTF8.self)
        let several =
            parts.count > 1 ? " There are several questions: \"answer\" is an object with an answer by each id." : ""
        return (complaint.map { "Your last answer could not be used: \($0)\n\n" } ?? "") + """
            Another agent works on a task without a person beside it, and asks a question. Answer in its user's place, by \
            what the task says. Use no tools and change nothing. Never give a credential or another secret.

            Answer with one line of JSON and nothing else: {"answer": "TEXT"}. Where there are options, TEXT is the label \
            of one of them; where "several" is true, it may be a list of labels.\(several)

            # The question

            \(questions)

            # The task

            \(prompt.prefix(textLimit))

            # The last of what the agent said

            \(output.suffix(textLimit))
            """
    }

    /// Asks for what another agent could not do.
    public static func recovery(prompt: String, failure: AgentFailure, output: String) -> String {
        """
        Another agent has worked on a task in this directory and failed: \(failure.message.prefix(textLimit))

        Look at what is there already, and do what is missing. Then say in a few sentences what you have done.

        # The task

        \(prompt)

        # The last of what the agent said

        \(output.suffix(textLimit))
        """
    }

    /// What the agent that had failed is told when it goes on.
    public static func note(failure: AgentFailure, by agent: String, said text: String) -> String {
        """
        Your last turn failed: \(failure.message.prefix(textLimit))

        \(agent) has looked at it since, in the same directory, and says: \(text.prefix(textLimit))

        Look at what is there now, and go on with the task.
        """
    }
}
