internal import Foundation
internal import TaskModel

/// Tokens and cost for people.
enum UsageText {
    /// `12,345 tokens in (9,000 cached), 678 out, 0.1234 USD`; `nil` where nothing was used.
    static func words(_ usage: JSONObject?) -> String? {
        guard let usage else { return nil }
        let input = usage["input_tokens"]?.integerValue ?? 0
        let output = usage["output_tokens"]?.integerValue ?? 0
        let cost = cost(usage)
        guard input > 0 || output > 0 || cost != nil else { return nil }
        var text = "\(grouped(input)) tokens in"
        if let cached = usage["cached_tokens"]?.integerValue, cached > 0 { text += " (\(grouped(cached)) cached)" }
        text += ", \(grouped(output)) out"
        return cost.map { "\(text), \($0) USD" } ?? text
    }

    /// `2,000,000 tokens, 2.5000 USD`; `nil` where nothing is bounded.
    static func words(budget: JSONObject?) -> String? {
        guard let budget else { return nil }
        let parts = [budget["tokens"]?.integerValue.map { "\(grouped($0)) tokens" }, cost(budget).map { "\($0) USD" }]
        let text = parts.compactMap(\.self).joined(separator: ", ")
        return text.isEmpty ? nil : text
    }

    /// US dollars with four digits behind the point; `nil` where no agent told them.
    static func cost(_ usage: JSONObject) -> String? {
        usage["cost_usd"]?.doubleValue.map { String(format: "%.4f", $0) }
    }

    /// `12,345`.
    static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }
}
