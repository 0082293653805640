/// A piece of what an attempt printed.
public struct OutputChunk: Hashable, Sendable {
    public enum Stream: String, Sendable, CaseIterable {
        case stdout, stderr
    }

    public let ref: AttemptRef
    /// 0, 1, 2, … within the attempt, over both streams.
    public let seq: Int64
    public let stream: Stream
    public let text: String
    /// Set on the last chunk when the attempt printed more than is published.
    public let isTruncated: Bool
    public let at: Timestamp

    public init(
        ref: AttemptRef, seq: Int64, stream: Stream, text: String, isTruncated: Bool = false, at: Timestamp
    ) {
        self.ref = ref
        self.seq = seq
        self.stream = stream
        self.text = text
        self.isTruncated = isTruncated
        self.at = at
    }

    public var event: CloudEvent {
        CloudEvent(id: "\(ref.taskID)/\(ref.attempt)/\(seq)/output", kind: .output, subject: ref.taskID.text, time: at)
    }

    /// The record's value.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 160 + text.utf8.count)
        writer.object {
            $0.name("task_id")
            $0.string(ref.taskID.text)
            $0.name("attempt")
            $0.integer(ref.attempt)
            $0.name("seq")
            $0.integer(seq)
            $0.name("stream")
            $0.string(stream.rawValue)
            $0.name("text")
            $0.string(text)
            $0.name("truncated")
            $0.bool(isTruncated)
            $0.optional("at", at)
        }
        return writer.bytes
    }
}

/// How far an attempt is, as an event.
public struct ProgressEvent: Hashable, Sendable {
    public let ref: AttemptRef
    /// 1, 2, 3, … within the attempt.
    public let seq: Int64
    public let progress: TaskProgress
    /// Whether the percentage is a guess.
    public let isEstimated: Bool
    public let at: Timestamp
    /// What is done now, where the output of an agent without a protocol tells it.
    public var step: String?
    /// What is known of the agent, where the attempt has one.
    public var agent: AgentAccount?
    /// What happened, where that is more than progress.
    public var agentEvent: AgentEvent?

    public init(ref: AttemptRef, seq: Int64, progress: TaskProgress, isEstimated: Bool, at: Timestamp) {
        self.ref = ref
        self.seq = seq
        self.progress = progress
        self.isEstimated = isEstimated
        self.at = at
    }

    public var event: CloudEvent {
        CloudEvent(
            id: "\(ref.taskID)/\(ref.attempt)/\(seq)/progress", kind: .progress, subject: ref.taskID.text, time: at)
    }

    /// The record's value.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 160)
        writer.object {
            $0.name("task_id")
            $0.string(ref.taskID.text)
            $0.name("attempt")
            $0.integer(ref.attempt)
            $0.name("seq")
            $0.integer(seq)
            $0.name("progress")
            $0.integer(progress.percent)
            $0.optional("phase", progress.phase)
            $0.name("estimated")
            $0.bool(isEstimated)
            $0.optional("step", step)
            if let agent {
                if !agent.plan.isEmpty {
                    $0.name("plan")
                    $0.value(.array(agent.plan.map(\.json)))
                }
                if !agent.usage.isEmpty {
                    $0.name("token_usage")
                    $0.value(agent.usage.json)
                }
            }
            if let agentEvent {
                $0.name("event")
                $0.value(agentEvent.json)
            }
            $0.optional("at", at)
        }
        return writer.bytes
    }
}
