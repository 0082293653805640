internal import HTTPTypes
internal import Hummingbird

/// Refuses requests for another host's name. Listening on loopback alone does not keep a web page out: its name can be
/// made to resolve to 127.0.0.1 (DNS rebinding), and then the browser lets it read the answers.
struct LoopbackHostMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let authority = request.head.authority, !ListenAddress.isLoopback(Self.host(of: authority)) {
            throw Problem(
                .foreignHost,
                "The Host header must name this machine (127.0.0.1, [::1] or localhost): the server has no "
                    + "authentication yet, so it answers nobody else.")
        }
        return try await next(request, context)
    }

    /// `localhost:8100` → `localhost`, `[::1]:8100` → `[::1]`.
    static func host(of authority: String) -> Substring {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return authority[...end] }
        return authority.prefix { $0 != ":" }
    }
}
