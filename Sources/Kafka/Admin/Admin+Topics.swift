internal import CRdkafka

/// Making and describing topics.
extension Admin {
    /// Makes topics. One that exists already is an error of code `.other` named `TOPIC_ALREADY_EXISTS`.
    public func create(_ topics: [NewTopic], seconds: Double = 30) throws(KafkaError) {
        var requests: [OpaquePointer?] = []
        defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
        for topic in topics {
            var reason = [CChar](repeating: 0, count: 512)
            guard
                let request = rd_kafka_NewTopic_new(
                    topic.name, topic.partitions, Int32(topic.replicationFactor), &reason, reason.count)
            else { throw KafkaError(.configuration, "Topic \(topic.name): \(text(reason))") }
            requests.append(request)
            for (name, value) in topic.config { rd_kafka_NewTopic_set_config(request, name, value) }
        }
        let event = try request(RD_KAFKA_ADMIN_OP_CREATETOPICS, seconds: seconds) { options, queue in
            rd_kafka_CreateTopics(handle.pointer, &requests, requests.count, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        guard let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
        else { return }
        try check(results, count, "was not created")
    }

    /// Deletes topics with all their records.
    public func delete(_ topics: [String], seconds: Double = 30) throws(KafkaError) {
        var requests: [OpaquePointer?] = topics.map { rd_kafka_DeleteTopic_new($0) }
        defer { for request in requests { rd_kafka_DeleteTopic_destroy(request) } }
        let event = try request(RD_KAFKA_ADMIN_OP_DELETETOPICS, seconds: seconds) { options, queue in
            rd_kafka_DeleteTopics(handle.pointer, &requests, requests.count, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        guard let results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count)
        else { return }
        try check(results, count, "was not deleted")
    }

    private func check(
        _ results: UnsafeMutablePointer<OpaquePointer?>, _ count: Int, _ failure: String
    ) throws(KafkaError) {
        for index in 0..<count {
            let error = rd_kafka_topic_result_error(results[index])
            guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
                let name = rd_kafka_topic_result_name(results[index]).map { String(cString: $0) } ?? "?"
                throw KafkaError(error, "Topic \(name) \(failure)")
            }
        }
    }

    /// The settings of a topic.
    public func describe(_ topic: String, seconds: Double = 10) throws(KafkaError) -> [String: String] {
        var resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)
        defer { rd_kafka_ConfigResource_destroy(resource) }
        let event = try request(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, seconds: seconds) { options, queue in
            rd_kafka_DescribeConfigs(handle.pointer, &resource, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        guard
            let resources = rd_kafka_DescribeConfigs_result_resources(
                rd_kafka_event_DescribeConfigs_result(event), &count), count == 1
        else { throw KafkaError(.other, "The settings of \(topic) were not told") }
        let error = rd_kafka_ConfigResource_error(resources[0])
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(error, "The settings of \(topic) cannot be read")
        }
        var settings: [String: String] = [:]
        guard let configs = rd_kafka_ConfigResource_configs(resources[0], &count) else { return settings }
        for index in 0..<count {
            guard let name = rd_kafka_ConfigEntry_name(configs[index]) else { continue }
            settings[String(cString: name)] =
                rd_kafka_ConfigEntry_value(configs[index]).map { String(cString: $0) } ?? ""
        }
        return settings
    }

    private func request(
        _ operation: rd_kafka_admin_op_t, seconds: Double, _ body: (OpaquePointer?, OpaquePointer?) -> Void
    ) throws(KafkaError) -> OpaquePointer {
        let options = rd_kafka_AdminOptions_new(handle.pointer, operation)
        let queue = rd_kafka_queue_new(handle.pointer)
        defer {
            rd_kafka_queue_destroy(queue)
            rd_kafka_AdminOptions_destroy(options)
        }
        var reason = [CChar](repeating: 0, count: 512)
        rd_kafka_AdminOptions_set_request_timeout(options, Int32(seconds * 1000), &reason, reason.count)
        body(options, queue)
        guard let event = rd_kafka_queue_poll(queue, Int32(seconds * 1000) + 1000) else {
            throw KafkaError(.timedOut, "The broker did not answer within \(Int(seconds)) s")
        }
        let error = rd_kafka_event_error(event)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            rd_kafka_event_destroy(event)
            throw KafkaError(error, "The broker refused the request")
        }
        return event
    }
}
