/// What git would use in a repository, gathered by somebody who may look. Everything about remotes, branches, pushing
/// and aliases stands in `configuration`, as `git config --list` has it.
public struct RepositoryFacts: Hashable, Sendable {
    /// One line of the configuration.
    public struct Entry: Hashable, Sendable {
        /// `remote.origin.url`.
        public let key: String
        /// `nil` for a name without `=`, which is true.
        public let value: String?

        public init(_ key: String, _ value: String?) {
            self.key = key
            self.value = value
        }
    }

    /// All values in force, later ones last, as `git config --list -z --includes` prints them.
    public var configuration: [Entry]
    /// The branch that is checked out, without `refs/heads/`; `nil` where HEAD is detached.
    public var currentBranch: String?
    /// Whole names of all local references; `nil` where nobody has looked.
    public var references: [String]?
    /// The options of git that say where (`-C x`, `--git-dir=x`), with which this was gathered. A command with others
    /// is about another repository, and this says nothing about it.
    public var location: [String]

    public init(
        configuration: [Entry] = [], currentBranch: String? = nil, references: [String]? = nil, location: [String] = []
    ) {
        self.configuration = configuration
        self.currentBranch = currentBranch
        self.references = references
        self.location = location
    }

    /// From the output of `git config --list -z --includes`: `KEY\nVALUE\0` for each.
    public init(
        configurationListing bytes: [UInt8], currentBranch: String?, references: [String]?, location: [String] = []
    ) {
        let entries = bytes.split(separator: 0).map { line -> Entry in
            let key = line.prefix { $0 != UInt8(ascii: "\n") }
            let hasValue = key.endIndex < line.endIndex
            return Entry(
                String(decoding: key, as: UTF8.self),
                hasValue ? String(decoding: line[(key.endIndex + 1)...], as: UTF8.self) : nil)
        }
        self.init(
            configuration: entries, currentBranch: currentBranch, references: references, location: location)
    }
}
