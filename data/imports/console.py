"""What the command says of an import, in plain words."""

from collections.abc import Iterable, Mapping

from data.imports.draft import Draft
from data.imports.fields import Field
from data.imports.report import ImportReport
from data.imports.table import RowError, Table

SHOWN_ERRORS = 20
SHOWN_COLUMN = 40


def shown_mapping(table: Table, draft: Draft, mapping: Mapping[str, Field]) -> str:
    """How the file is read, and what each column is taken for."""
    reading = table.reading
    how = {
        "": "",
        "encoding": reading.encoding,
        "delimiter": {"\t": "tab"}.get(reading.delimiter, reading.delimiter),
        "sheet": reading.sheet,
    }
    details = ", ".join(f"{name} {value}" for name, value in how.items() if name and value)
    preset = f", columns of {draft.preset.title}" if draft.preset else ""
    lines = [f"{reading.kind.value.upper()} ({details}), {draft.row_count:,} rows{preset}:"]
    for column in draft.columns:
        field = mapping.get(column.name)
        name = f"{column.name[:SHOWN_COLUMN]:{SHOWN_COLUMN}}"
        lines.append(f"  {name} {field or '(left out)':<18} {', '.join(column.examples[:2])[:60]}")
    lines += [f"  {problem.detail}" for problem in draft.problems if not problem.is_error]
    return "\n".join(lines)


def shown_report(report: ImportReport) -> str:
    """What came of it, with the first rows that were refused."""
    lines = [report.summary]
    if report.located:
        found = ", ".join(f"{level.replace('_', ' ')} {n:,}" for level, n in report.located.items())
        lines.append(f"Addresses looked for: {found}. Ambiguous: {report.ambiguous:,}.")
    if report.positions_given:
        lines.append(f"Positions from the file: {report.positions_given:,}.")
    if report.unknown_owner_count:
        named = ", ".join(list(report.unknown_owners)[:5])
        lines.append(
            f"{report.unknown_owner_count:,} owners are no representatives here yet: {named}."
        )
    if report.kept_owners:
        lines.append(
            f"{report.kept_owners:,} accounts keep the owner of the published territory plan."
        )
    lines += _listed("Refused", report.errors, report.error_counts)
    lines += _listed("To be looked at", report.warnings, report.warning_counts)
    return "\n".join(lines)


def _listed(title: str, entries: Iterable[RowError], counts: Mapping[str, int]) -> list[str]:
    shown = list(entries)[:SHOWN_ERRORS]
    if not shown:
        return []
    told = ", ".join(f"{code} {count:,}" for code, count in counts.items())
    lines = [f"{title}: {told}"]
    says_why_once = len(shown) > 1 and len({entry.detail for entry in shown}) == 1
    if says_why_once:
        lines.append(f"  {shown[0].detail}")
    lines += [f"  row {entry.row:,}: {_facts(entry, not says_why_once)}" for entry in shown]
    rest = sum(counts.values()) - len(shown)
    return [*lines, f"  and {rest:,} more."] if rest else lines


def _facts(entry: RowError, with_detail: bool) -> str:
    facts = (entry.column, entry.detail if with_detail else entry.value)
    return ", ".join(fact for fact in facts if fact)
