internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import Kafka
internal import TaskModel
internal import TaskRunner

/// The token that proves who acts, where the service asks for one (`auth.kafka: signed`).
struct TokenOptions: ParsableArguments {
    @Option(
        name: .long, help: "A file with the JWT that proves who you are. Environment: PANDAR_TOKEN, the token itself.",
        completion: .file())
    var tokenFile: String?

    /// The token of the file, else that of the environment; `nil` where there is none.
    func token() throws(CommandError) -> ClientToken? {
        let text: String
        let place: String
        if let tokenFile {
            guard let bytes = FileManager.default.contents(atPath: tokenFile) else {
                throw CommandError(.notFound, "The file \(tokenFile) of --token-file cannot be read.")
            }
            text = String(decoding: bytes, as: UTF8.self)
            place = "The file \(tokenFile)"
        } else {
            text = ProcessInfo.processInfo.environment[Self.variable] ?? ""
            guard !text.isEmpty else { return nil }
            place = "The variable \(Self.variable)"
        }
        let token: ClientToken
        do throws(TokenRefusal) {
            token = try ClientToken(text)
        } catch {
            throw CommandError(.badInput, "\(place) has no token that can be sent: \(error.message)")
        }
        // The service would refuse it; here somebody is still there to hear it.
        guard token.expires > .now else {
            throw CommandError(.badInput, "\(place) has a token that expired at \(token.expires); get a new one.")
        }
        return token
    }

    private static let variable = "PANDAR_TOKEN"
}

extension ClientToken {
    /// The header for a record.
    var kafkaHeader: KafkaHeader { KafkaHeader(name: header.name, value: header.value) }
}
