public import Kafka
public import TaskModel

/// Compares the topics of a cluster with the layout.
public enum TopicCheck {
    /// What differs, as sentences with the remedy; empty when all is right.
    public static func problems(_ metadata: ClusterMetadata, _ layout: TopicLayout) -> [String] {
        layout.definitions.compactMap { definition in
            guard let topic = metadata.topics[definition.name] else {
                return "the topic \(definition.name) is missing; make it with `pandar topics apply`"
            }
            guard topic.partitions == definition.partitions else {
                return "the topic \(definition.name) has \(topic.partitions) partitions, but kafka.partitions is "
                    + "\(definition.partitions): set it to \(topic.partitions), or make the topic anew; the number is "
                    + "fixed for the life of a deployment"
            }
            return nil
        }
    }
}
