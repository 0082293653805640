internal import HTTPTypes
internal import Hummingbird
internal import TaskModel

/// An error as RFC 9457 describes it: `application/problem+json` with type, title, status and detail.
struct Problem: Error, Hashable, Sendable {
    /// The closed set of what can go wrong, named by the last part of `type`.
    enum Kind: String, CaseIterable, Sendable {
        case invalidParameter = "invalid-parameter"
        case notFound = "not-found"
        case unknownTask = "unknown-task"
        case methodNotAllowed = "method-not-allowed"
        case foreignHost = "foreign-host"
        case busy
        case cacheUnavailable = "cache-unavailable"
        case internalError = "internal-error"

        var status: HTTPResponse.Status {
            switch self {
            case .invalidParameter: .badRequest
            case .notFound, .unknownTask: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .foreignHost: .misdirectedRequest
            case .busy, .cacheUnavailable: .serviceUnavailable
            case .internalError: .internalServerError
            }
        }

        var title: String {
            switch self {
            case .invalidParameter: "A parameter is not valid"
            case .notFound: "There is nothing at this path"
            case .unknownTask: "There is no such task"
            case .methodNotAllowed: "This path can only be read"
            case .foreignHost: "The request was meant for another host"
            case .busy: "Too many requests wait"
            case .cacheUnavailable: "The cache cannot be read"
            case .internalError: "The server failed"
            }
        }
    }

    let kind: Kind
    /// What happened, to what, and what to do.
    let detail: String
    /// The parameter at fault, as an extension member of RFC 9457.
    let parameter: String?

    init(_ kind: Kind, _ detail: String, parameter: String? = nil) {
        self.kind = kind
        self.detail = detail
        self.parameter = parameter
    }

    static func invalid(_ parameter: String, _ rule: String) -> Problem {
        Problem(.invalidParameter, "The parameter \(parameter) \(rule).", parameter: parameter)
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.name("type")
            $0.string("urn:pandar:problem:\(kind.rawValue)")
            $0.name("title")
            $0.string(kind.title)
            $0.name("status")
            $0.integer(kind.status.code)
            $0.name("detail")
            $0.string(detail)
            $0.optional("parameter", parameter)
        }
        return writer.bytes
    }
}

extension Problem: HTTPResponseError {
    var status: HTTPResponse.Status { kind.status }

    func response(from request: Request, context: some RequestContext) -> Response {
        var response = Response.bytes(json, type: "application/problem+json", status: status)
        switch kind {
        case .methodNotAllowed: response.headers[.allow] = "GET, HEAD"
        case .busy, .cacheUnavailable: response.headers[.retryAfter] = "1"
        default: break
        }
        return response
    }
}
