internal import HTTPTypes
internal import Hummingbird

/// Sets headers that keep browsers from sniffing, framing, caching or sharing what tasks print.
struct SecurityHeadersMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.cacheControl] = "no-store"
        response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        for (name, value) in Self.furtherHeaders { response.headers[name] = value }
        return response
    }

    private static var furtherHeaders: [(HTTPField.Name, String)] {
        [("Cross-Origin-Resource-Policy", "same-origin"), ("Referrer-Policy", "no-referrer")].compactMap {
            name, value in
            HTTPField.Name(name).map { ($0, value) }
        }
    }
}
