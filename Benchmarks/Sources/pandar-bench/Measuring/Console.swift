import Foundation

/// Lines for people, written at once also into a pipe: a run takes minutes.
enum Console {
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
