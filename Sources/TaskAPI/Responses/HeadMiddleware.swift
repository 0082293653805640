internal import HTTPTypes
internal import Hummingbird

/// Leaves the body of answers to HEAD out, errors' too: bytes that the client does not expect would be read as the start
/// of the next answer.
struct HeadMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        return request.method == .head ? response.createHeadResponse() : response
    }
}
