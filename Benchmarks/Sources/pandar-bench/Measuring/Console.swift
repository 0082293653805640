import Foundation
import Logging

/// Lines for people, written at once also into a pipe: a run takes minutes.
enum Console {
    /// For the clients and services that are measured: what is no error would only slow them down.
    static var logger: Logger {
        var logger = Logger(label: "bench", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .error
        return logger
    }

    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
