internal import Foundation

/// Brings files that a program has made or changed in a copy of a workspace back into it. The workspace is its task's,
/// who may change it meanwhile and lay links: every name is looked up from directory to directory, none through a link,
/// and a file appears whole, by a rename.
struct TreeReturn {
    /// How the tree was and is; `copy` is its directory, which nobody changes any more.
    let before: TreeManifest
    let after: TreeManifest
    let copy: Directory
    /// The workspace.
    let target: Directory
    let owner: FileOwner?
    /// What no file may hold that comes into the workspace.
    let mask: SecretMask

    struct Result: Equatable {
        var returned = 0
        /// Files that the task has changed meanwhile, or that are in the way.
        var kept = 0
        /// Files that hold a credential.
        var secret = 0
        var failed = 0
    }

    private static let slash = UInt8(ascii: "/")

    func run() -> Result {
        var result = Result()
        var content = FileCopy()
        for (path, entry) in after.entries.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let parts = path.split(separator: Self.slash).map { FileName(bytes: $0) }
            guard entry != before.entries[path], parts.first != WorkspaceCopy.repository, let name = parts.last else {
                continue
            }
            do throws(FileError) {
                switch entry {
                case .directory(let mode):
                    guard before.entries[path] == nil, let parent = try descend(target, parts.dropLast()) else {
                        continue
                    }
                    guard let made = try? parent.make(name) else { continue }
                    if let owner, fchown(made.descriptor, owner.user, owner.group) != 0 { throw FileError(name.text) }
                    guard fchmod(made.descriptor, mode | 0o700) == 0 else { throw FileError(name.text) }
                case .file(let file):
                    if case .file(let old)? = before.entries[path], old.digest == file.digest, old.mode == file.mode {
                        continue
                    }
                    guard let from = try descend(copy, parts.dropLast()), let to = try descend(target, parts.dropLast())
                    else {
                        result.kept += 1
                        continue
                    }
                    guard isUntouched(to, name, before.entries[path]) else {
                        result.kept += 1
                        continue
                    }
                    if try put(name, file, from, to, &content) { result.returned += 1 } else { result.secret += 1 }
                case .link: continue
                }
            } catch {
                result.failed += 1
            }
        }
        return result
    }

    private func descend(_ root: Directory, _ parts: ArraySlice<FileName>) throws(FileError) -> Directory? {
        var here = root
        for part in parts {
            guard let next = try? here.directory(part) else { return nil }
            here = next
        }
        return here
    }

    /// Whether the workspace still has what the copy was made from.
    private func isUntouched(_ directory: Directory, _ name: FileName, _ old: TreeManifest.Entry?) -> Bool {
        guard let status = try? directory.status(name) else { return old == nil }
        guard case .file(let old)? = old, status.isRegular, Int64(status.st_size) == old.size else { return false }
        let file = openat(directory.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return (try? TreeManifest.digest(of: file)) == old.digest
    }

    /// `false` where it holds a secret.
    private func put(
        _ name: FileName, _ file: TreeManifest.File, _ from: Directory, _ to: Directory, _ content: inout FileCopy
    ) throws(FileError) -> Bool {
        let source = openat(from.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard source >= 0 else { throw FileError(name.text) }
        defer { close(source) }
        if try holdsSecret(source) { return false }
        let temporary = FileName(".pandar-\(UUID().uuidString)")
        let made = openat(to.descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard made >= 0 else { throw FileError(name.text) }
        defer { close(made) }
        do throws(FileError) {
            try content.copy(from: source, to: made, size: Int(file.size), allocated: file.size)
            if let owner, fchown(made, owner.user, owner.group) != 0 { throw FileError(name.text) }
            guard fchmod(made, file.mode) == 0, renameat(to.descriptor, temporary, to.descriptor, name) == 0 else {
                throw FileError(name.text)
            }
        } catch {
            unlinkat(to.descriptor, temporary, 0)
            throw error
        }
        return true
    }

    private func holdsSecret(_ file: Int32) throws(FileError) -> Bool {
        if mask.isEmpty { return false }
        var mask = mask.fresh
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        var (total, shown) = (0, 0)
        var position = 0
        while true {
            let count = pread(file, &buffer, buffer.count, off_t(position))
            guard count >= 0 else { throw FileError("a file") }
            let output = count == 0 ? mask.finish() : mask.mask(buffer[..<count])
            total += count
            shown += output.count
            position += count
            // A secret is longer than what stands for it: then less came out than went in.
            if count == 0 { return total != shown }
        }
    }
}
