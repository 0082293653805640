internal import Foundation

/// The address of a repository: what is allowed, and what of it may be shown.
public enum GitLocation {
    /// Why the text is no address that the service would use; `nil` when it is one.
    public static func objection(_ text: String) -> String? {
        if text.isEmpty || text.hasPrefix("-") || text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
            return "must be an absolute path or a URL"
        }
        if text.hasPrefix("/") { return nil }
        if let range = text.range(of: "://") {
            let scheme = text[..<range.lowerBound]
            guard ["https", "http", "ssh", "git", "file"].contains(scheme) else {
                return "must be an absolute path or a URL with https, http, ssh, git or file"
            }
            let authority = text[range.upperBound...].prefix { $0 != "/" }
            if let at = authority.lastIndex(of: "@"), scheme.hasPrefix("http") || authority[..<at].contains(":") {
                return "must not hold a user or a password; put a token into a file and name it in `token`"
            }
            return nil
        }
        if text.contains("::") { return "must not name a helper program" }
        // host:path, as ssh has it.
        if let colon = text.firstIndex(of: ":"), colon != text.startIndex, !text[..<colon].contains("/") { return nil }
        return "must be an absolute path or a URL"
    }

    /// The text with the users and passwords of URLs in it replaced.
    public static func shown(_ text: String) -> String {
        text.replacing(/:\/\/[^\/@\s]*@/, with: "://***@")
    }
}
