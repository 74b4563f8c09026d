"""What the real database says about tables, policies and rights; sentences for everything that is not as promised."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

from accounts.tenancy.policy import TenantPolicy
from accounts.tenancy.scope import SETTING, TENANT_ROLE

TABLE_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
# Tables whose rows carry an organization and that the tenant role reaches through a definer function only, and why.
BEHIND_A_FUNCTION = {
    "tickets_searchdocument": "under a row policy Postgres would not use the index of codes (docs/adr/0009)",
}
# SECURITY DEFINER functions run as the owner of the tables, past every policy: each is a door, named with its reason.
DEFINER_FUNCTIONS = {
    "deskhero_search_keep": "writes rows of the organization in scope, and changes no other's",
    "deskhero_search_states": "says of the organization's own rows by which key and rules they are kept",
    "deskhero_search_tickets": "finds tickets of the organization in scope, in the mailboxes it is given",
    "deskhero_search_newest": "likewise, of common words among the newest rows",
    "deskhero_search_shares": "says of the codes it is given about how many rows have them; who has no key has no code",
    "deskhero_search_places": "finds rows likewise",
    "deskhero_search_similar": "likewise, by the words of a ticket",
    "deskhero_search_forget": "a trigger: what is deleted loses its row",
    "deskhero_search_follow": "a trigger: a message or note that moves takes its row along",
    "deskhero_search_follow_ticket": "a trigger: a ticket's row goes by its newest activity",
}

_RELATIONS = """
    SELECT c.oid, c.relname, c.relkind, c.relrowsecurity,
           pg_get_userbyid(c.relowner) AS owner,
           EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id'
                   AND NOT a.attisdropped) AS has_organization
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
    ORDER BY c.relname
"""
_POLICIES = """
    SELECT polname, polpermissive, polcmd, polroles = '{0}'::oid[] AS for_everybody,
           COALESCE(pg_get_expr(polqual, polrelid), ''), COALESCE(pg_get_expr(polwithcheck, polrelid), '')
    FROM pg_policy WHERE polrelid = %s
"""


@dataclass(frozen=True)
class Relation:
    """A table, view or sequence."""

    oid: int
    name: str
    kind: str
    has_row_security: bool
    owner: str
    has_organization: bool


def rows(sql: str, *params: object) -> list[tuple]:
    """Return what a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def relations() -> list[Relation]:
    """Return every table, view and sequence of ours."""
    return [Relation(*row) for row in rows(_RELATIONS)]


def declared() -> dict[str, TenantPolicy]:
    """Return the policies that models declare, by table."""
    return {
        model._meta.db_table: constraint
        for model in apps.get_models(include_auto_created=True)
        for constraint in model._meta.constraints
        if isinstance(constraint, TenantPolicy)
    }


def rights_of_tenant(relation: Relation) -> set[str]:
    """Return what the tenant role may do with it, column rights and rights of PUBLIC included."""
    if relation.kind == "S":
        return _granted("has_sequence_privilege", relation, ("USAGE", "SELECT", "UPDATE"))
    version = connection.cursor().connection.info.server_version  # MAINTAIN came with Postgres 17
    known = tuple(right for right in TABLE_RIGHTS if right != "MAINTAIN" or version >= 170000)
    by_column = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
    return _granted("has_table_privilege", relation, known) | _granted("has_any_column_privilege", relation, by_column)


def _granted(question: str, relation: Relation, rights: tuple[str, ...]) -> set[str]:
    ask = f"SELECT {question}(%s, %s, %s)"
    return {right for right in rights if rows(ask, TENANT_ROLE, relation.oid, right)[0][0]}


def faults() -> list[str]:
    """Return a sentence for everything about tables and rights that differs from what is promised."""
    policies = declared()
    return [
        fault
        for relation in relations()
        for fault in [*_policy_faults(relation, policies), *_right_faults(relation, policies)]
    ] + [*_function_faults(), *_role_faults()]


def _policy_faults(relation: Relation, policies: dict[str, TenantPolicy]) -> Iterator[str]:
    needs = relation.name in policies or relation.has_organization
    if not needs or relation.name in BEHIND_A_FUNCTION:
        return
    if relation.kind not in {"r", "p"}:
        yield f"{relation.name} shows organizations' rows past the policies: it is no table."
        return
    if relation.name not in policies:
        yield f"{relation.name} has an organization and its model declares no TenantPolicy (inherit from Owned)."
    if not relation.has_row_security:
        yield f"{relation.name}: row-level security is off."
    found = rows(_POLICIES, relation.oid)
    if len(found) != 1:
        yield f"{relation.name} has {len(found)} policies, not one."
    for name, permissive, command, for_everybody, using, check in found:
        if not (permissive and command == "*" and for_everybody):
            yield f"{relation.name}: the policy {name} does not cover every command and role."
        if SETTING not in using or SETTING not in check:
            yield f"{relation.name}: the policy {name} does not ask for the organization in scope."


def _right_faults(relation: Relation, policies: dict[str, TenantPolicy]) -> Iterator[str]:
    policy = policies.get(relation.name)
    allowed = {right.strip() for right in policy.grant.split(",")} if policy else set()
    has = rights_of_tenant(relation)
    if has - allowed:
        yield f"{relation.name}: the tenant role may {', '.join(sorted(has - allowed))}."
    if allowed - has:
        yield f"{relation.name}: the tenant role may not {', '.join(sorted(allowed - has))}."
    if relation.owner == TENANT_ROLE:
        yield f"{relation.name} belongs to the tenant role."


def _function_faults() -> Iterator[str]:
    definers = rows(
        "SELECT p.proname, COALESCE(array_to_string(p.proconfig, ';'), '') FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosecdef AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'"
    )
    for name, config in definers:
        if name not in DEFINER_FUNCTIONS:
            yield f"The function {name} runs as its owner and is no named door."
        if "search_path=" not in config:
            yield f"The function {name} runs as its owner without a search_path of its own."


def _role_faults() -> Iterator[str]:
    facts = rows(
        "SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = %s",
        TENANT_ROLE,
    )
    if facts != [(False,) * 6]:
        yield f"The tenant role is missing or may more than read and write rows: {facts}."
    if rows("SELECT 1 FROM pg_auth_members WHERE member = to_regrole(%s)", TENANT_ROLE):
        yield "The tenant role is a member of another role."
    owned = rows(
        "SELECT count(*) FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o'"
        " AND refobjid = to_regrole(%s)"
        " AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))",
        TENANT_ROLE,
    )
    if owned[0][0]:
        yield f"The tenant role owns {owned[0][0]} things."
    may_create = rows("SELECT has_schema_privilege(%s, 'public', 'CREATE')", TENANT_ROLE)[0][0]
    if may_create:
        yield "The tenant role may create things in the schema public."
