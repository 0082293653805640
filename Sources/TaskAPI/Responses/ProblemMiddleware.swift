internal import Hummingbird
internal import Logging

/// Turns whatever a route throws into a problem, so that clients see one form of error.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return problem(error, request, context).response(from: request, context: context)
        }
    }

    private func problem(_ error: any Error, _ request: Request, _ context: Context) -> Problem {
        if let problem = error as? Problem { return problem }
        // The router throws this one when no route fits.
        if let error = error as? HTTPError, error.status == .notFound { return notFound(request) }
        // What a client sees of an error nobody foresaw stays general: its text may name files or statements.
        context.logger.error("An HTTP request failed.", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
        return Problem(.internalError, "The request failed inside the server; its log says why.")
    }

    private func notFound(_ request: Request) -> Problem {
        let isRead = request.method == .get || request.method == .head
        let detail = "There is nothing to \(isRead ? "read" : "write") at this path."
        return Problem(
            .notFound, isRead ? detail + " The API begins at /api/v1/tasks." : detail + " " + HowToWrite.sentence)
    }
}
