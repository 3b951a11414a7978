"""The style sheet of a page: one column, no colour that words do not repeat, everything open on paper."""

from __future__ import annotations

from redline.answers.palette import EDGE, FILL, INK
from redline.rules.verdicts import Verdict

_PLAIN = """\
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:60rem;font:16px/1.5 Arial,Helvetica,'Liberation Sans',sans-serif;\
color:#1a1a1a;background:#fff;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.25;margin:1.4em 0 .4em}
h1{font-size:1.5rem;margin-top:.4em}
h2{font-size:1.2rem;border-bottom:2px solid #c9d1d8;padding-bottom:.2em}
h3{font-size:1.05rem}
p,ul,ol,blockquote,dl{margin:.4em 0}
ul,ol{padding-left:1.4em}
a{color:#0b4f8a}
a:focus-visible,summary:focus-visible{outline:3px solid #0b4f8a;outline-offset:2px}
code,.place{font-family:Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.85em;color:#444c54}
blockquote{border-left:4px solid #c9d1d8;margin-left:0;padding-left:.8em}
.skip{position:absolute;left:-99rem}
.skip:focus{position:static}
.verdict{border:3px solid;border-radius:6px;padding:.6em .8em;\
font-size:1.25rem;font-weight:bold;margin:.6em 0}
.mark{display:inline-block;min-width:1.5em;text-align:center;border-radius:3px;padding:0 .3em;\
margin-right:.3em;font-weight:bold;border:1px solid #5a6570}
.quiet{color:#4a525a}
.alarm{border:3px solid #b2182b;padding:.6em .8em;font-weight:bold}
.finding{border-left:6px solid #5a6570;padding:.1em 0 .1em .9em;margin:1.2em 0}
.finding.undetermined{border-left-style:dashed}
details{margin:.4em 0}
summary{cursor:pointer;padding:.15em 0}
details details{margin-left:1em}
ul.tree{list-style:none;padding-left:0;margin:.1em 0}
ul.tree ul.tree{padding-left:1em;border-left:1px solid #c9d1d8;margin-left:.4em}
figure{margin:.6em 0}
figcaption{font-size:.9em;color:#4a525a}
.wide{overflow-x:auto}
svg.chain{display:block;max-width:none;height:auto}
.beside{display:flex;flex-wrap:wrap;gap:1rem 2rem}
.beside>.wide{max-width:100%}
.steps{flex:1 1 18rem}
.contents ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2em 1.2em}
.drawn svg{max-width:100%;height:auto;min-width:36rem}
table{border-collapse:collapse;width:100%;font-size:.92em}
th,td{text-align:left;vertical-align:top;padding:.3em .6em .3em 0;border-bottom:1px solid #dde2e6}
footer{border-top:2px solid #c9d1d8;margin-top:2em;padding-top:.6em}
.report+.report{border-top:6px double #5a6570;margin-top:3em}
@media (max-width:34rem){
body{padding:.6rem}
table,thead,tbody,tr,th,td{display:block}
thead{position:absolute;left:-99rem}
tr{padding:.4em 0;border-bottom:1px solid #dde2e6}
td{border:0;padding:0}
}
@media print{
body{max-width:none;font-size:10.5pt;padding:0}
details:not(.shut)::details-content{content-visibility:visible;block-size:auto}
summary{list-style:none}
.wide{overflow:visible}
svg.chain{max-width:100%;max-height:23cm}
.drawn svg{min-width:0}
h2,h3,h4,summary{break-after:avoid}
blockquote,ul:not(.tree)>li,tr,svg{break-inside:avoid}
.report+.report{break-before:page;border:0}
.contents,.skip{display:none}
a{color:inherit;text-decoration:none}
}
"""


def style() -> str:
    """The style sheet, with the colours of verdicts."""
    return _PLAIN + "".join(
        f".v-{verdict}{{background:{FILL[verdict]};color:{INK[verdict]};"
        f"border-color:{EDGE.get(verdict, '#5a6570')}}}\n"
        f".finding.{verdict}{{border-left-color:{EDGE.get(verdict, '#5a6570')}}}\n"
        for verdict in Verdict
    )
