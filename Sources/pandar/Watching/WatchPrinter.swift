/// Shows events: in words on a terminal, as JSON lines otherwise.
struct WatchPrinter: Sendable {
    enum Format: Sendable {
        case text, json
    }

    let output: Terminal
    let format: Format
    let isSingle: Bool

    init(output: Terminal, format: Format? = nil, isSingle: Bool = true) {
        self.output = output
        self.format = format ?? (output.isInteractive ? .text : .json)
        self.isSingle = isSingle
    }

    func show(_ change: WatchState.Change) {
        switch format {
        case .json: output.writeLine(change.event.json)
        case .text:
            let text = WatchText(style: Style(isOn: output.hasColour), isSingle: isSingle)
            for line in text.lines(change) { output.writeLine(line) }
        }
    }
}
