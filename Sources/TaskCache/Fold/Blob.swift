internal import Foundation
internal import GRDB

extension [UInt8] {
    /// As a column of SQLite.
    var databaseBlob: Data { Data(self) }
}
