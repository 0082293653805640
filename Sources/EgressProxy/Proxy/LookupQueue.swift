internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The lookups of one attempt: a few at once, so that an attempt with names that nobody answers for does not keep the
/// others' from being resolved.
final class LookupQueue: Sendable {
    private struct Waiting {
        let name: String
        let promise: EventLoopPromise<[IPAddress]>
    }

    private struct State {
        var running = 0
        var waiting: [Waiting] = []
    }

    private let pool: NIOThreadPool
    private let resolver: any HostResolver
    private let width: Int
    private let state = Mutex(State())

    init(pool: NIOThreadPool, resolver: any HostResolver, width: Int) {
        self.pool = pool
        self.resolver = resolver
        self.width = max(width, 1)
    }

    func addresses(of name: String, on loop: any EventLoop) -> EventLoopFuture<[IPAddress]> {
        let promise = loop.makePromise(of: [IPAddress].self)
        state.withLock { $0.waiting.append(Waiting(name: name, promise: promise)) }
        startNext()
        return promise.futureResult
    }

    private func startNext() {
        let next = state.withLock { state -> Waiting? in
            guard state.running < width, !state.waiting.isEmpty else { return nil }
            state.running += 1
            return state.waiting.removeFirst()
        }
        guard let next else { return }
        pool.submit { [self] poolState in
            let result = Result {
                guard case .active = poolState else { throw CancellationError() }
                return try resolver.addresses(of: next.name)
            }
            state.withLock { $0.running -= 1 }
            next.promise.completeWith(result)
            startNext()
        }
    }
}
