internal import ArgumentParser
internal import Kafka
internal import PandarConfiguration
internal import TaskModel

/// Plans, makes and checks the topics.
struct Topics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plan, create and check the topics.",
        discussion: """
            Examples:
              pandar topics plan --bootstrap kafka:9092
              pandar topics apply --set kafka.partitions=12 --set kafka.replication_factor=3
              pandar topics check
            """,
        subcommands: [Plan.self, Apply.self, Check.self])

    /// Says what `apply` would do.
    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is missing or different; change nothing.",
            discussion: "Example: pandar topics plan --bootstrap kafka:9092")
        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let plan = try TopicPlan(settings.client())
            for line in plan.lines { Terminal.output.writeLine(line) }
        }
    }

    /// Makes what is missing.
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create the topics that are missing; never changes or deletes one that is there.",
            discussion: "Example: pandar topics apply --set kafka.partitions=12 --set kafka.replication_factor=3")
        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let client = try settings.client()
            let plan = try TopicPlan(client)
            let replication = Int16(client.settings.kafka.replicationFactor)
            let missing = plan.missing.map {
                NewTopic(
                    name: $0.name, partitions: $0.partitions, replicationFactor: replication, config: $0.config)
            }
            if !missing.isEmpty {
                try client.admin().create(missing)
                try await Self.untilVisible(missing, client)
            }
            for topic in missing { Terminal.output.writeLine("created  \(topic.name)") }
            for line in plan.differences { Terminal.error.writeLine(line) }
            if missing.isEmpty, plan.differences.isEmpty { Terminal.output.writeLine("All topics are there.") }
            if plan.hasWrongPartitions { throw CommandError.ending(.failed) }
        }

        /// A cluster tells of new topics a moment after it made them; a service that starts meanwhile would miss them.
        private static func untilVisible(_ topics: [NewTopic], _ client: ClientSettings) async throws {
            let admin = try client.admin()
            let deadline = ContinuousClock.now + .seconds(30)
            while ContinuousClock.now < deadline {
                let known = try admin.metadata().topics
                if topics.allSatisfy({ known[$0.name]?.partitions == $0.partitions }) { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            throw CommandError(
                .failed,
                "The topics were created, but the cluster does not tell of all of them yet; wait, then run "
                    + "`pandar topics check`.")
        }
    }

    /// Fails when a topic is missing or wrong.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Exit with 1 when a topic is missing or has the wrong number of partitions.",
            discussion: "Example: pandar topics check --config /etc/pandar/pandar.yaml")
        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let plan = try TopicPlan(settings.client())
            for line in plan.lines { Terminal.output.writeLine(line) }
            if !plan.missing.isEmpty || plan.hasWrongPartitions { throw CommandError.ending(.failed) }
        }
    }
}
