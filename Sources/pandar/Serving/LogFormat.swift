internal import Foundation
internal import Logging
internal import PandarConfiguration
internal import TaskAPI
internal import TaskModel
internal import TaskRunner

/// How log lines look on stderr.
enum LogFormat {
    static func factory(_ format: LogSection.Format) -> @Sendable (String) -> any LogHandler {
        switch format {
        case .text: { StreamLogHandler.standardError(label: $0, metadataProvider: W3CPropagator.logMetadata) }
        case .json: { _ in JSONLogHandler(metadataProvider: W3CPropagator.logMetadata) }
        }
    }
}

/// One JSON object a line: `{time, level, message, …metadata}`.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.optional("time", Timestamp.now)
            writer.name("level")
            writer.string(event.level.rawValue)
            writer.name("message")
            writer.string(event.message.description)
            let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
            for (name, value) in all.sorted(by: { $0.key < $1.key }) {
                writer.name(escaping: name)
                writer.string(value.description)
            }
        }
        Terminal.error.writeLine(writer.bytes)
    }
}
