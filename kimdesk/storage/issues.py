"""Structural issues in the vault: the board, the way up the ladder, the texts that went out."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from kimdesk.domain.issues import IssueRelease, IssueStep, StructuralIssue
from kimdesk.domain.named_persons import Named
from kimdesk.storage.case_records import columns_of, insert_all, record_of, records, save, values_of
from kimdesk.storage.tables.case_work import issue_cases, issue_releases, issue_steps, notifications, structural_issues
from kimdesk.storage.tables.cases import persons


def all_issues(connection: sa.Connection) -> tuple[StructuralIssue, ...]:
    """Return every issue, the newest first."""
    return _issues(connection, sa.true())


def issues_of(connection: sa.Connection, case_id: UUID) -> tuple[StructuralIssue, ...]:
    """Return the issues seen in a case, the newest first."""
    linked = sa.exists().where(issue_cases.c.issue_id == structural_issues.c.id, issue_cases.c.case_id == case_id)
    return _issues(connection, linked)


def issue_of(connection: sa.Connection, issue_id: UUID) -> StructuralIssue | None:
    """Return one issue, None if it is not there."""
    found = _issues(connection, structural_issues.c.id == issue_id)
    return found[0] if found else None


def _issues(connection: sa.Connection, where: sa.ColumnElement[bool]) -> tuple[StructuralIssue, ...]:
    rows = connection.execute(
        sa.select(*columns_of(StructuralIssue, structural_issues))
        .where(where)
        .order_by(structural_issues.c.noticed_on.desc(), sa.text("rowid DESC"))
    ).all()
    if not rows:
        return ()
    wanted = sa.select(structural_issues.c.id).where(where)
    cases: dict[UUID, tuple[UUID, ...]] = {}
    links = sa.select(issue_cases.c.issue_id, issue_cases.c.case_id).where(issue_cases.c.issue_id.in_(wanted))
    for issue_id, case_id in connection.execute(links.order_by(sa.text("rowid"))):
        cases[issue_id] = (*cases.get(issue_id, ()), case_id)
    steps: dict[UUID, tuple[IssueStep, ...]] = {}
    taken = sa.select(issue_steps.c.issue_id, *columns_of(IssueStep, issue_steps))
    for row in connection.execute(taken.where(issue_steps.c.issue_id.in_(wanted)).order_by(issue_steps.c.position)):
        steps[row[0]] = (*steps.get(row[0], ()), record_of(IssueStep, issue_steps, row[1:]))
    return tuple(
        record_of(StructuralIssue, structural_issues, row, steps=steps.get(row.id, ()), case_ids=cases.get(row.id, ()))
        for row in rows
    )


def save_issue(connection: sa.Connection, issue: StructuralIssue) -> bool:
    """Write an issue with its steps and links; return whether it is new."""
    new = save(connection, structural_issues, issue)
    connection.execute(issue_steps.delete().where(issue_steps.c.issue_id == issue.id))
    insert_all(
        connection,
        issue_steps,
        (
            {**values_of(step, issue_steps), "issue_id": issue.id, "position": position}
            for position, step in enumerate(issue.steps)
        ),
    )
    connection.execute(issue_cases.delete().where(issue_cases.c.issue_id == issue.id))
    links = dict.fromkeys(issue.case_ids)
    insert_all(connection, issue_cases, ({"issue_id": issue.id, "case_id": case_id} for case_id in links))
    return new


def delete_issue(connection: sa.Connection, issue_id: UUID) -> None:
    """Delete an issue with its steps, links and texts."""
    connection.execute(structural_issues.delete().where(structural_issues.c.id == issue_id))


def save_release(connection: sa.Connection, release: IssueRelease) -> bool:
    """Write a text the user let go; return whether it is new."""
    return save(connection, issue_releases, release)


def releases_of(connection: sa.Connection, issue_id: UUID) -> tuple[IssueRelease, ...]:
    """Return the texts of an issue that were let go, the newest first."""
    statement = sa.select(*columns_of(IssueRelease, issue_releases)).where(issue_releases.c.issue_id == issue_id)
    return records(connection, IssueRelease, issue_releases, statement.order_by(issue_releases.c.seen_at.desc()))


def unsent_releases(connection: sa.Connection) -> tuple[IssueRelease, ...]:
    """Return the texts that were let go and have not reached the coordinating office, the oldest first."""
    statement = sa.select(*columns_of(IssueRelease, issue_releases)).where(issue_releases.c.sent_at.is_(None))
    return records(connection, IssueRelease, issue_releases, statement.order_by(issue_releases.c.seen_at))


def named_persons(connection: sa.Connection) -> list[Named]:
    """Return the names and dates of birth of every person in the vault, those only notified included."""
    statement = sa.union_all(
        *(
            sa.select(table.c.given_name, table.c.family_name, table.c.date_of_birth)
            for table in (persons, notifications)
        )
    )
    return [Named(row.given_name, row.family_name, row.date_of_birth) for row in connection.execute(statement)]
