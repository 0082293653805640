internal import Kafka

/// How long the broker may hold an empty fetch back, in milliseconds.
///
/// Kafka answers as soon as there is a record, so a long wait costs nothing but saves requests. The embedded broker lets
/// every empty fetch wait to its end: there the wait is the latency.
struct FetchWait {
    let inputs: Int
    let status: Int

    init(clusterID: String?) {
        let isEmbedded = EmbeddedBroker.isEmbedded(clusterID: clusterID)
        inputs = isEmbedded ? 5 : 100
        status = isEmbedded ? 2 : 100
    }
}
