internal import Kafka
internal import PandarConfiguration
internal import TaskModel

/// Why a command could not do its work: one sentence with the remedy, and the exit code.
struct CommandError: Error, Hashable, Sendable {
    let status: ExitStatus
    let message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Ends the command with `status` without a word: what there was to say has been printed.
    static func ending(_ status: ExitStatus) -> CommandError { CommandError(status, "") }

    /// The errors of the layers below; `nil` for those of the argument parser, which words its own.
    init?(_ error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as ConfigurationError: self.init(.configuration, error.message)
        case let error as ContractViolation: self.init(.badInput, error.message)
        case let error as KafkaError: self.init(error)
        default: return nil
        }
    }

    init(_ error: KafkaError) {
        switch error.code {
        case .configuration: self.init(.configuration, "\(error)")
        case .unknownTopicOrPartition:
            self.init(.unavailable, "\(error); create the topics with `pandar topics apply`")
        case .unreachable where error.message.contains("check the address"): self.init(.unavailable, "\(error)")
        case .unreachable, .timedOut:
            self.init(.unavailable, "\(error); check --bootstrap, and `pandar doctor` for the rest")
        case .authorization: self.init(.unavailable, "\(error); check the rights of the user in kafka.properties")
        default: self.init(.failed, "\(error)")
        }
    }
}
