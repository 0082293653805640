internal import Logging

/// The cache as routes use it: off the event loops, and with its errors as problems.
struct CacheAccess: Sendable {
    let reads: any TaskReads
    let lanes: BlockingReads
    let logger: Logger

    func read<Value: Sendable>(_ body: @escaping @Sendable (any TaskReads) throws -> Value) async throws -> Value {
        let reads = reads
        do {
            return try await lanes.run { try body(reads) }
        } catch let problem as Problem {
            throw problem
        } catch {
            logger.error("The cache could not be read.", metadata: ["error": "\(error)"])
            throw Problem(
                .cacheUnavailable,
                "The cache could not be read; the server's log says why. It can be deleted at any time: the next start "
                    + "rebuilds it from the status topic.")
        }
    }
}
