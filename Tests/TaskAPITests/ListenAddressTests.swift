import Testing

@testable import TaskAPI

@Suite("The address to listen on")
struct ListenAddressTests {
    @Test(
        "loopback in all its spellings is accepted",
        arguments: [
            ("127.0.0.1:8100", "127.0.0.1", 8100), ("localhost:0", "localhost", 0), ("[::1]:65535", "::1", 65535),
            ("127.9.8.7:1", "127.9.8.7", 1),
        ])
    func loopback(text: String, host: String, port: Int) throws {
        let address = try ListenAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(
        "any other host is refused with the remedy",
        arguments: [
            "0.0.0.0:8100", "[::]:8100", "192.168.1.4:80", "example.com:80", "127.0.0.1.example.com:80", "128.0.0.1:1",
            "127.0.0.256:1", "127.1:80", ":8100", "::ffff:10.0.0.1:80", "127.+1.0.1:80",
        ])
    func others(text: String) throws {
        let error = try #require(throws: ListenAddressError.self) { try ListenAddress(text) }
        #expect(error.code == .notLoopback)
        #expect("\(error)".contains("127.0.0.1, ::1 or localhost"))
    }

    @Test(
        "what is no address is refused as such",
        arguments: [
            ("8100", ListenAddressError.Code.malformed), ("127.0.0.1", .malformed), ("127.0.0.1:http", .malformed),
            ("", .malformed), ("127.0.0.1:65536", .invalidPort), ("127.0.0.1:-1", .invalidPort),
        ])
    func malformed(text: String, code: ListenAddressError.Code) {
        #expect(
            throws: ListenAddressError(
                code: code, value: code == .malformed ? text : String(text.split(separator: ":")[1]))
        ) {
            try ListenAddress(text)
        }
    }
}
