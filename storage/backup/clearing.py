"""Takes out what an empty installation of an older release has, and nothing that is not Hoso's."""

import psycopg

from domain.errors import ErrorCode, HosoError
from storage.backup.dump import LONGEST_PROBLEM, connected
from storage.tables import metadata

_NAMES = ["alembic_version", "event_is_append_only", *metadata.tables]
"""What migrations make; no migration took a table out. All that the queue makes begins with its name."""
_OURS = "(name = any(%(names)s) or name like 'procrastinate\\_%%')"
_THINGS = """
    select 'table' as kind, relname::text as name, relname::text as told,
        format('public.%%I', relname) as written, relkind in ('r', 'p') as may_be_ours, oid as id,
        'pg_class'::regclass as catalog
    from pg_class where relnamespace = 'public'::regnamespace and relkind <> all('{i,I,t}')
    union all
    select 'routine', proname::text, oid::regprocedure::text, oid::regprocedure::text, true, oid,
        'pg_proc'::regclass
    from pg_proc where pronamespace = 'public'::regnamespace
    union all
    select 'type', typname::text, typname::text, format('public.%%I', typname), true, oid,
        'pg_type'::regclass
    from pg_type where typnamespace = 'public'::regnamespace and typelem = 0 and (typtype in ('d', 'e', 'r')
        or typtype = 'c' and (select relkind from pg_class where pg_class.oid = typrelid) = 'c')
    """
"""What stands in schema ``public``: a composite type is a type and no table (its row in pg_class is passed
over below), what an extension brought is the extension's."""
_FOUND = f"""
    select kind, told, written, may_be_ours and {_OURS} from ({_THINGS}) as thing
    where not exists (select from pg_depend where classid = catalog and objid = id and (deptype = 'e'
        or catalog = 'pg_class'::regclass and deptype in ('a', 'i') and refclassid = 'pg_class'::regclass))
    and not (kind = 'table' and exists (select from pg_class where oid = id and relkind = 'c'))
    order by kind, told
    """  # noqa: S608  # of our own words
_TRIGGERS = f"""
    select format('%%I', tgname), tgrelid::regclass::text, {_OURS}
    from pg_trigger join (select oid as id, proname::text as name, pronamespace from pg_proc) as routine
        on id = tgfoid
    where not tgisinternal and pronamespace = 'public'::regnamespace
    """  # noqa: S608  # of our own words
_LOCALLY = "set local search_path = public; set local client_min_messages = warning"


def require_clearable(url: str) -> None:
    """Raise ``restore_target_not_empty`` where :func:`clear` would; nothing is changed."""
    with connected(url) as connection:
        _clear(connection)
        connection.rollback()


def clear(url: str) -> None:
    """Take out what migrations made: a dump of other tables would leave part of it standing in its way.

    All or nothing, and never with what depends on it: raises ``restore_target_not_empty``, the thing named,
    where schema ``public`` has anything else, or anything elsewhere is made of ours.
    """
    with connected(url) as connection:
        _clear(connection)


def _clear(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute(_LOCALLY)
    names = {"names": _NAMES}
    found = connection.execute(_FOUND.encode(), names).fetchall()
    triggers = connection.execute(_TRIGGERS.encode(), names).fetchall()
    others = [f"{kind} {told}" for kind, told, _, is_ours in found if not is_ours]
    if others:
        raise _refused(["not Hoso's", *others])
    # each kind in one statement, so that what they say of one another does not hold them up
    drops = [f"drop trigger {name} on {table}" for name, table, is_ours in triggers if is_ours]
    for kind in ("routine", "table", "type"):
        ours = [str(written) for of, _, written, _ in found if of == kind]
        drops += [f"drop {kind} {', '.join(ours)} restrict"] if ours else []
    try:
        for statement in drops:
            connection.execute(statement.encode())
    except psycopg.errors.DependentObjectsStillExist as error:
        raise _refused([error.diag.message_detail or str(error)]) from error


def _refused(things: list[str]) -> HosoError:
    problem = " ".join(", ".join(things).split())[:LONGEST_PROBLEM]
    return HosoError(ErrorCode.RESTORE_TARGET_NOT_EMPTY, problem=problem)
