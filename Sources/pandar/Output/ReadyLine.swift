internal import Foundation
internal import TaskModel

/// What `serve` and `broker` tell when others can use them: one JSON line on stdout, and for `serve` a file in the data
/// directory, by which the other commands find the service.
struct ReadyLine: Hashable, Sendable {
    /// Where clients find the broker.
    var bootstrap: String
    /// `http://HOST:PORT`, if HTTP is served.
    var http: String?
    var instance: String?
    var pid: Int32 = getpid()
    /// Whether the broker lives in this process.
    var isEmbedded: Bool

    var json: [UInt8] {
        var writer = JSONWriter(capacity: 192)
        writer.object {
            $0.name("event")
            $0.string("ready")
            $0.name("bootstrap")
            $0.string(bootstrap)
            $0.optional("http", http)
            $0.optional("instance", instance)
            $0.name("pid")
            $0.integer(pid)
            $0.name("embedded")
            $0.bool(isEmbedded)
            $0.name("version")
            $0.string(Version.text)
        }
        return writer.bytes
    }

    init(bootstrap: String, http: String? = nil, instance: String? = nil, isEmbedded: Bool) {
        self.bootstrap = bootstrap
        self.http = http
        self.instance = instance
        self.isEmbedded = isEmbedded
    }

    init?(json: [UInt8]) {
        guard let object = try? JSONParser.parse(json).objectValue, object["event"]?.stringValue == "ready",
            let bootstrap = object["bootstrap"]?.stringValue
        else { return nil }
        self.init(
            bootstrap: bootstrap, http: object["http"]?.stringValue, instance: object["instance"]?.stringValue,
            isEmbedded: object["embedded"]?.boolValue ?? false)
        pid = Int32(truncatingIfNeeded: object["pid"]?.integerValue ?? 0)
    }

    /// Prints the line.
    func announce() {
        Terminal.output.writeLine(json)
    }

    /// Writes the file; readable by the owner alone.
    func write(to path: String) throws(CommandError) {
        let partial = path + ".partial"
        guard
            FileManager.default.createFile(
                atPath: partial, contents: Data(json + [UInt8(ascii: "\n")]), attributes: [.posixPermissions: 0o600]),
            rename(partial, path) == 0
        else {
            throw CommandError(
                .cannotWrite, "The file \(path) cannot be written; check that the data directory is writable.")
        }
    }

    /// What the service that runs now wrote; `nil` when there is none, or its process is gone.
    static func ofRunningService(at path: String) -> ReadyLine? {
        guard let bytes = FileManager.default.contents(atPath: path), let line = ReadyLine(json: Array(bytes)),
            line.pid > 0, kill(line.pid, 0) == 0 || errno == EPERM
        else { return nil }
        return line
    }
}
