internal import HTTPTypes
internal import Hummingbird

extension RouterMethods {
    /// Routes reading `path`, and answers every other method with 405 and what to do instead.
    func read(
        _ path: RouterPath, _ handler: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        on(path, method: .get, use: handler)
        on(path, method: .head, use: handler)
        for method in [HTTPRequest.Method.post, .put, .patch, .delete, .options, .trace, .connect] {
            on(path, method: method) { _, _ -> Response in
                throw Problem(.methodNotAllowed, "Use GET. \(HowToWrite.sentence)")
            }
        }
    }
}

/// What to do instead of writing over HTTP.
enum HowToWrite {
    static let sentence =
        "Writing goes through the topics: publish a request, action or decision, or use `pandar submit`."
}
