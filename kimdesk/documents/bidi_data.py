"""What the bidi algorithm needs from the Unicode Character Database and Python's `unicodedata` does not have.

Derived from BidiBrackets.txt, BidiMirroring.txt, DerivedBidiClass.txt and UnicodeData.txt of Unicode 15.0;
`tests/documents/test_bidi_data.py` compares the tables with those files.
"""

from __future__ import annotations

import unicodedata


def _pairs(table: str) -> list[tuple[str, str]]:
    pairs = [entry.split(":") for entry in table.split()]
    return [(chr(int(first, 16)), chr(int(second, 16))) for first, second in pairs]


_BRACKETS = _pairs("""
0028:0029 005B:005D 007B:007D 0F3A:0F3B 0F3C:0F3D 169B:169C 2045:2046 207D:207E 208D:208E 2308:2309 230A:230B
2329:232A 2768:2769 276A:276B 276C:276D 276E:276F 2770:2771 2772:2773 2774:2775 27C5:27C6 27E6:27E7 27E8:27E9
27EA:27EB 27EC:27ED 27EE:27EF 2983:2984 2985:2986 2987:2988 2989:298A 298B:298C 298D:2990 298F:298E 2991:2992
2993:2994 2995:2996 2997:2998 29D8:29D9 29DA:29DB 29FC:29FD 2E22:2E23 2E24:2E25 2E26:2E27 2E28:2E29 2E55:2E56
2E57:2E58 2E59:2E5A 2E5B:2E5C 3008:3009 300A:300B 300C:300D 300E:300F 3010:3011 3014:3015 3016:3017 3018:3019
301A:301B FE59:FE5A FE5B:FE5C FE5D:FE5E FF08:FF09 FF3B:FF3D FF5B:FF5D FF5F:FF60 FF62:FF63
""")

# Mirrored characters that are not brackets.
_OTHER_MIRRORED = _pairs("""
003C:003E 00AB:00BB 2039:203A 2208:220B 2209:220C 220A:220D 2215:29F5 221F:2BFE 2220:29A3 2221:299B 2222:29A0
2224:2AEE 223C:223D 2243:22CD 2245:224C 2252:2253 2254:2255 2264:2265 2266:2267 2268:2269 226A:226B 226E:226F
2270:2271 2272:2273 2274:2275 2276:2277 2278:2279 227A:227B 227C:227D 227E:227F 2280:2281 2282:2283 2284:2285
2286:2287 2288:2289 228A:228B 228F:2290 2291:2292 2298:29B8 22A2:22A3 22A6:2ADE 22A8:2AE4 22A9:2AE3 22AB:2AE5
22B0:22B1 22B2:22B3 22B4:22B5 22B6:22B7 22B8:27DC 22C9:22CA 22CB:22CC 22D0:22D1 22D6:22D7 22D8:22D9 22DA:22DB
22DC:22DD 22DE:22DF 22E0:22E1 22E2:22E3 22E4:22E5 22E6:22E7 22E8:22E9 22EA:22EB 22EC:22ED 22F0:22F1 22F2:22FA
22F3:22FB 22F4:22FC 22F6:22FD 22F7:22FE 27C3:27C4 27C8:27C9 27CB:27CD 27D5:27D6 27DD:27DE 27E2:27E3 27E4:27E5
29A4:29A5 29A8:29A9 29AA:29AB 29AC:29AD 29AE:29AF 29C0:29C1 29C4:29C5 29CF:29D0 29D1:29D2 29D4:29D5 29E8:29E9
29F8:29F9 2A2B:2A2C 2A2D:2A2E 2A34:2A35 2A3C:2A3D 2A64:2A65 2A79:2A7A 2A7B:2A7C 2A7D:2A7E 2A7F:2A80 2A81:2A82
2A83:2A84 2A85:2A86 2A87:2A88 2A89:2A8A 2A8B:2A8C 2A8D:2A8E 2A8F:2A90 2A91:2A92 2A93:2A94 2A95:2A96 2A97:2A98
2A99:2A9A 2A9B:2A9C 2A9D:2A9E 2A9F:2AA0 2AA1:2AA2 2AA6:2AA7 2AA8:2AA9 2AAA:2AAB 2AAC:2AAD 2AAF:2AB0 2AB1:2AB2
2AB3:2AB4 2AB5:2AB6 2AB7:2AB8 2AB9:2ABA 2ABB:2ABC 2ABD:2ABE 2ABF:2AC0 2AC1:2AC2 2AC3:2AC4 2AC5:2AC6 2AC7:2AC8
2AC9:2ACA 2ACB:2ACC 2ACD:2ACE 2ACF:2AD0 2AD1:2AD2 2AD3:2AD4 2AD5:2AD6 2AEC:2AED 2AF7:2AF8 2AF9:2AFA 2E02:2E03
2E04:2E05 2E09:2E0A 2E0C:2E0D 2E1C:2E1D 2E20:2E21 FE64:FE65 FF1C:FF1E
""")

OPENING: dict[str, str] = dict(_BRACKETS)
"""Opening bracket -> its closing bracket."""

CLOSING: frozenset[str] = frozenset(closing for _, closing in _BRACKETS)

# U+2329 and U+232A are canonically equivalent to U+3008 and U+3009 (BD16).
CANONICAL: dict[str, str] = {"\u2329": "\u3008", "\u232a": "\u3009"}

MIRRORED: dict[str, str] = {
    one: other for first, second in _BRACKETS + _OTHER_MIRRORED for one, other in ((first, second), (second, first))
}
"""Character -> the character that shows its mirror image."""

# Classes of code points that a `unicodedata` older than Unicode 15.0 does not know (Python 3.11 has 14.0).
_NEWER: list[tuple[int, int, str]] = [
    (0x0ECE, 0x0ECE, "NSM"), (0x10EFD, 0x10EFF, "NSM"), (0x11241, 0x11241, "NSM"), (0x11F00, 0x11F01, "NSM"),
    (0x11F36, 0x11F3A, "NSM"), (0x11F40, 0x11F40, "NSM"), (0x11F42, 0x11F42, "NSM"), (0x13440, 0x13440, "NSM"),
    (0x13447, 0x13455, "NSM"), (0x1E08F, 0x1E08F, "NSM"), (0x1E4EC, 0x1E4EF, "NSM"), (0x1F6DC, 0x1F6DC, "ON"),
    (0x1F774, 0x1F776, "ON"), (0x1F77B, 0x1F77F, "ON"), (0x1F7D9, 0x1F7D9, "ON"), (0x1FA75, 0x1FA77, "ON"),
    (0x1FA87, 0x1FA88, "ON"), (0x1FAAD, 0x1FAAF, "ON"), (0x1FABB, 0x1FABD, "ON"), (0x1FABF, 0x1FABF, "ON"),
    (0x1FACE, 0x1FACF, "ON"), (0x1FADA, 0x1FADB, "ON"), (0x1FAE8, 0x1FAE8, "ON"), (0x1FAF7, 0x1FAF8, "ON"),
]  # fmt: skip

# Classes of unassigned code points ("@missing" lines; noncharacters and default-ignorable ones are BN). First match.
_UNASSIGNED: list[tuple[int, int, str]] = [
    (0x2065, 0x2065, "BN"), (0xFDD0, 0xFDEF, "BN"), (0xFFF0, 0xFFF8, "BN"), (0xE0000, 0xE0FFF, "BN"),
    (0x0590, 0x05FF, "R"), (0x0600, 0x07BF, "AL"), (0x07C0, 0x085F, "R"), (0x0860, 0x08FF, "AL"),
    (0x20A0, 0x20CF, "ET"), (0xFB1D, 0xFB4F, "R"), (0xFB50, 0xFDCF, "AL"), (0xFDF0, 0xFDFF, "AL"),
    (0xFE70, 0xFEFF, "AL"), (0x10D00, 0x10D3F, "AL"), (0x10EC0, 0x10EFF, "AL"), (0x10F30, 0x10F6F, "AL"),
    (0x10800, 0x10FFF, "R"), (0x1EC70, 0x1ECBF, "AL"), (0x1ED00, 0x1ED4F, "AL"), (0x1EE00, 0x1EEFF, "AL"),
    (0x1E800, 0x1EFFF, "R"),
]  # fmt: skip


def bidi_class(character: str) -> str:
    """Return the Bidi_Class of one character, such as ``"AL"``; unassigned code points get their default class."""
    known = unicodedata.bidirectional(character)
    if known:
        return known
    code = ord(character)
    if code & 0xFFFE == 0xFFFE:
        return "BN"
    for first, last, name in _NEWER + _UNASSIGNED:
        if first <= code <= last:
            return name
    return "L"
