internal import Foundation

extension Duration {
    /// Seconds as people write them: `0.42 s`, `12.3 s`, `4 min 5 s`, `3 h 10 min`, `2 d 4 h`.
    static func short(_ seconds: Double) -> String {
        switch seconds {
        case ..<10: return String(format: "%.2f s", max(0, seconds))
        case ..<60: return String(format: "%.1f s", seconds)
        case ..<3600: return "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
        case ..<86_400: return "\(Int(seconds) / 3600) h \(Int(seconds) % 3600 / 60) min"
        case ..<31_536_000_000: return "\(Int(seconds) / 86_400) d \(Int(seconds) % 86_400 / 3600) h"
        default: return "for ever"
        }
    }
}
