/// Characters that look like ASCII ones, or like nothing.
enum LookAlikes {
    /// The ASCII character that it looks like; 0 if it is not seen; `nil` if it looks like itself.
    static func ascii(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0x2014, 0x2015:
            UInt8(ascii: " ")
        case 0x2010...0x2013, 0x2212, 0xFE58, 0xFE63: UInt8(ascii: "-")
        case 0x2018, 0x2019, 0x201C, 0x201D: UInt8(ascii: "'")
        case 0xAD, 0x0300...0x036F, 0x034F, 0x200B...0x200F, 0x2060...0x2064, 0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFEFF:
            0
        // Fullwidth forms.
        case 0xFF01...0xFF5E: UInt8(scalar.value - 0xFF01 + 0x21)
        // Mathematical alphabets, 52 letters each; circled letters.
        case 0x1D400...0x1D6A3: letter((scalar.value - 0x1D400) % 52)
        case 0x24B6...0x24E9: letter(scalar.value - 0x24B6)
        default: table[scalar]
        }
    }

    private static func letter(_ index: UInt32) -> UInt8 {
        index < 26 ? UInt8(ascii: "a") + UInt8(index) : UInt8(ascii: "a") + UInt8(index - 26)
    }

    private static let table: [Unicode.Scalar: UInt8] = {
        var table: [Unicode.Scalar: UInt8] = [:]
        // Cyrillic, Greek, Armenian, small capitals, letters of Roman numbers.
        let pairs: [(String, String)] = [
            ("аеорсухѕіјһԁԛԝ", "aeopcyxsijhdqw"), ("АВЕКМНОРСТХЅІЈ", "abekmhopctxsij"), ("οανρυκι", "oavpuki"),
            ("օսոցհ", "ounghh"), ("ꜱᴜᴅᴏʀᴍ", "sudorm"), ("ⅿⅾⅽ", "mdc"), ("ꞅ", "r"), ("ⲟⲣ", "op"),
        ]
        for (looks, letters) in pairs {
            for (look, letter) in zip(looks.unicodeScalars, letters.utf8) { table[look] = letter }
        }
        return table
    }()
}
