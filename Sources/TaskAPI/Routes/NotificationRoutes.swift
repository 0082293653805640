internal import Hummingbird

/// Reading what people were told.
struct NotificationRoutes {
    let cache: CacheAccess

    func add(to router: some RouterMethods<some RequestContext>) {
        router.read("/notifications") { request, _ in
            let limit = try QueryReader(request.uri.query).limit(default: 50)
            return .json(try await cache.read { try $0.notifications(limit: limit) })
        }
    }
}
