import Foundation
import TaskModel
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What a service answered.
struct HTTPAnswer: Sendable {
    /// 0 when there was no answer.
    let status: Int
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> JSONObject {
        try #require(try JSONParser.parse(body).objectValue, "\(status) \(text)")
    }

    /// Asks; a service that does not answer counts as status 0.
    static func get(_ url: String) async throws -> HTTPAnswer {
        let request = URLRequest(url: try #require(URL(string: url)), timeoutInterval: 10)
        guard let (data, response) = try? await URLSession.shared.data(for: request) else {
            return HTTPAnswer(status: 0, body: [])
        }
        return HTTPAnswer(status: (response as? HTTPURLResponse)?.statusCode ?? 0, body: [UInt8](data))
    }
}
