internal import ArgumentParser
internal import PandarConfiguration

/// Where reading commands read.
struct ServiceOptions: ParsableArguments {
    @Option(name: .long, help: "URL of a service (http://127.0.0.1:8100); without, that of the data directory.")
    var http: String?

    @Flag(name: .long, help: "Read the cache's file even if a service runs.")
    var offline = false

    /// The service, if one answers; otherwise the cache's file, whose age is told on stderr.
    func reads(_ client: ClientSettings) async throws -> any Reads {
        if let http { return HTTPReads(base: http) }
        if !offline, let base = client.service?.http {
            let reads = HTTPReads(base: base)
            if await reads.isAlive() { return reads }
        }
        return try CacheReads(path: client.settings.cachePath)
    }
}
