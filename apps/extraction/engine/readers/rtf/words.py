"""The control words of RTF by what they mean to a reader (Rich Text Format Specification 1.9.1)."""

from typing import Final

# Groups whose text is not the document's.
SKIPPED: Final = frozenset(
    b"colortbl pict objdata objclass objname objtime nonshppict shprslt fldinst datafield formfield xe tc rxe bxe "
    b"listtable listoverridetable revtbl rsidtbl themedata colorschememapping datastore latentstyles generator "
    b"atnid atnref atndate atntime atnicn atnparent atrfstart atrfend bkmkstart bkmkend filetbl template pn "
    b"sn sv sp picprop ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn pgdsctbl userprops xmlnstbl "
    b"mmathPr mctrlPr mrPr mfPr mdPr mnaryPr msSupPr msSubPr mradPr mfuncPr maccPr mbarPr mmPr meqArrPr "
    b"msSubSupPr mgroupChrPr mlimLowPr mlimUppPr mboxPr mphantPr moMathParaPr "
    b"keywords comment doccomm subject company category manager operator hlinkbase revtim printim buptim".split()
)
# Groups that older programs may pass over and that hold text all the same.
KNOWN_OPTIONAL: Final = frozenset(
    b"shpinst shptxt do dptxbxtext annotation atnauthor footnote moMath moMathPara mr listtext pntext ud".split()
)
BOXES: Final = frozenset({b"shptxt", b"dptxbxtext"})
FLOWS: Final = BOXES | frozenset(
    {b"footnote", b"annotation"}
    | {b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl", b"footerr", b"footerf"}
)
HEADER_PARTS: Final = frozenset({b"fonttbl", b"stylesheet", b"info", b"title", b"author", b"creatim"})
MARKERS: Final = frozenset({b"listtext", b"pntext"})
SWITCHES: Final = {b"v": "is_hidden", b"deleted": "is_deleted", b"revised": "is_inserted"}
OF_PARAGRAPHS: Final = {b"s": "style", b"outlinelevel": "outline_level", b"ilvl": "list_level", b"fi": "first_indent"}
MERGES: Final = {
    b"clvmgf": "goes_on_below",
    b"clvmrg": "joins_above",
    b"clmrg": "joins_left",
}
CHARACTERS: Final = {
    b"line": "\n",
    b"lbr": "\n",
    b"softline": "\n",
    b"tab": "\t",
    b"nestcell": "\t",
    b"nestrow": "\n",
    b"emdash": "\u2014",
    b"endash": "\u2013",
    b"emspace": " ",
    b"enspace": " ",
    b"qmspace": " ",
    b"bullet": "\u2022",
    b"lquote": "\u2018",
    b"rquote": "\u2019",
    b"ldblquote": "\u201c",
    b"rdblquote": "\u201d",
}
SYMBOLS: Final = {b"\\": "\\", b"{": "{", b"}": "}", b"~": "\u00a0", b"_": "-", b"-": "", b"\t": "\t"}
