"""Problems as SARIF 2.1.0, the form in which code hosts and editors take what was found in files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from urllib.parse import quote as in_uri

from redline.engine.show import in_order
from redline.engine.versions import versions
from redline.rules.problems import Problem, Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "redlineFinding/v1"


def as_sarif(
    problems: Iterable[Problem], texts: Mapping[str, Sequence[str]], meanings: Mapping[str, str]
) -> dict[str, object]:
    """The problems as one run.  `texts` holds the lines of each document by its name, `meanings` what each
    code means in a line; codes that are found and not in it are listed without a meaning."""
    problems = in_order(problems)
    codes = sorted({*meanings, *(problem.code for problem in problems)})
    at = {code: i for i, code in enumerate(codes)}
    seen: dict[str, int] = {}
    results = []
    for problem in problems:
        mark = _mark(problem, texts)
        seen[mark] = seen.get(mark, 0) + 1
        results.append(_result(problem, at[problem.code], f"{mark}:{seen[mark]}"))
    driver = {
        "name": "redline",
        "version": versions(())["redline"],
        "rules": [
            {"id": code} | ({"shortDescription": {"text": meanings[code]}} if code in meanings else {})
            for code in codes
        ],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(problem: Problem, rule: int, mark: str) -> dict[str, object]:
    text = problem.message + (f"\n{problem.help}" if problem.help else "")
    found: dict[str, object] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": str(problem.severity),
        "message": {"text": text},
        "locations": [_location(problem.span)] if problem.span.document else [],
        "partialFingerprints": {FINGERPRINT: mark},
    }
    related = [
        _location(other.span) | {"id": i, "message": {"text": other.message}}
        for i, other in enumerate(problem.related)
        if other.span.document
    ]
    return found | ({"relatedLocations": related} if related else {})


def _location(span: Span) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(span.document)}}
    if span.line:
        region = {"startLine": span.line, "startColumn": span.column}
        physical["region"] = region | ({"endColumn": span.column + span.length} if span.length else {})
    return {"physicalLocation": physical}


def _uri(document: str) -> str:
    """The name of a document as a URI, relative where the name is."""
    path = document.replace("\\", "/")
    if path.startswith("/"):
        return f"file://{in_uri(path)}"
    return f"file:///{in_uri(path, safe='/:')}" if path[1:3] == ":/" else in_uri(path)


def _mark(problem: Problem, texts: Mapping[str, Sequence[str]]) -> str:
    """What stays when lines are added elsewhere: of the code, the file, the line's text and the message."""
    lines = texts.get(problem.span.document, ())
    line = lines[problem.span.line - 1].strip() if 0 < problem.span.line <= len(lines) else ""
    said = "\0".join((problem.code, problem.span.document, line, problem.message))
    return sha256(said.encode()).hexdigest()[:32]
