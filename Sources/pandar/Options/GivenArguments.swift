/// The arguments as the parser understands them.
enum GivenArguments {
    /// Options whose value may be left out.
    private static let optionalValues: Set<Substring> = ["--embedded-broker"]

    /// Splits `--embedded-broker=HOST:PORT` in two. swift-argument-parser 1.8 forgets the value behind the sign when the
    /// next argument is an option; a value of its own it keeps.
    static func split(_ arguments: [String]) -> [String] {
        arguments.flatMap { argument -> [String] in
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, optionalValues.contains(parts[0]) else { return [argument] }
            return parts.map(String.init)
        }
    }
}
