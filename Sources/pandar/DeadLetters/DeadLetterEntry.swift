internal import Authorization
internal import Kafka
internal import TaskModel

/// A record of the dead-letter topic.
struct DeadLetterEntry: Hashable {
    let record: KafkaRecord
    private let headers: [EventHeader]

    init(_ record: KafkaRecord) {
        self.record = record
        headers = record.headers.map { EventHeader($0.name, $0.value) }
    }

    /// `PARTITION:OFFSET`, its name on the command line.
    var place: String { "\(record.partition):\(record.offset)" }

    /// What it tells of itself.
    func field(_ name: String) -> String { DeadLetter.field(name, in: headers) ?? "" }

    /// The headers as people and tools are shown them: without a token, which may still count.
    var shownHeaders: [EventHeader] {
        headers.map { RecordAuthority.isHeader($0.name) ? EventHeader($0.name, "(a token, not shown)") : $0 }
    }

    /// The original bytes and headers for the topic that they came from; the client's partitioner finds the partition.
    ///
    /// - Parameter token: goes in place of the original one, which may have expired.
    func replay(reason: String?, token: ClientToken? = nil) throws(CommandError) -> OutgoingRecord {
        let topic = field("topic")
        guard !topic.isEmpty else {
            throw CommandError(
                .badInput, "The dead letter \(place) does not say which topic it came from; it cannot be replayed.")
        }
        guard field("value-omitted").isEmpty else {
            throw CommandError(
                .badInput,
                "The dead letter \(place) was too large for its topic (\(field("value-omitted")) bytes) and has "
                    + "no value; replay the original record of \(topic) \(field("partition")):\(field("offset")).")
        }
        var headers = DeadLetter.replayHeaders(headers).map { KafkaHeader(name: $0.name, value: $0.value) }
        if let token {
            headers.removeAll { RecordAuthority.isHeader($0.name) }
            headers.append(token.kafkaHeader)
        }
        if let reason { headers.append(KafkaHeader(name: "pandar-replay-reason", value: Array(reason.utf8))) }
        return OutgoingRecord(topic: topic, key: record.key, value: record.value, headers: headers)
    }

    /// One object: where it stands, what it says of itself, headers and value. What is no UTF-8 is given in base 64.
    var json: [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.object {
            $0.name("place")
            $0.string(place)
            for name in ["topic", "partition", "offset", "group", "reason", "message", "first-failure-time"] {
                $0.name(escaping: name.replacing("-", with: "_"))
                $0.string(field(name))
            }
            $0.optional("written_at", Timestamp(milliseconds: record.timestampMs))
            Self.write("key", record.key, to: &$0)
            Self.write("value", record.value, to: &$0)
            $0.name("headers")
            $0.array { writer in
                for header in shownHeaders {
                    writer.object {
                        $0.name("name")
                        $0.string(header.name)
                        Self.write("value", header.value, to: &$0)
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func write(_ name: String, _ bytes: [UInt8]?, to writer: inout JSONWriter) {
        guard let bytes else { return }
        if let text = String(validating: bytes, as: UTF8.self) {
            writer.name(escaping: name)
            writer.string(text)
        } else {
            writer.name(escaping: name + "_base64")
            writer.string(Base64.text(bytes))
        }
    }
}
