import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('deskhero.organization', true), '')::uuid"
# A plan that reads the table from end to end, or in the order of another index, opens every row's codes.
ASKING = """
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_indexscan = off
SET enable_indexonlyscan = off SET jit = off SET work_mem = '32MB'
"""
WITHIN = """
d.organization_id = own AND d.mailbox_id = ANY (mailboxes)
AND (since IS NULL OR d.at >= since) AND (until IS NULL OR d.at < until)
"""

TABLE = """
ALTER TABLE tickets_searchdocument ALTER codes SET STORAGE EXTERNAL;
ALTER TABLE tickets_searchdocument SET (toast_tuple_target = 128, fillfactor = 90);
REVOKE ALL ON tickets_searchdocument FROM PUBLIC, deskhero_tenant;
"""

# Write rows of the organization in scope; a row that is there is written anew.
KEEP = f"""
CREATE FUNCTION deskhero_search_keep(
    ids uuid[], kinds smallint[], tickets uuid[], mailboxes uuid[], moments timestamptz[], key_versions smallint[],
    rules smallint, lexemes text[]
) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.tickets_searchdocument AS kept
        (id, organization_id, ticket_id, mailbox_id, kind, at, key_version, rules, filler, codes)
    SELECT d.id, {OWN}, d.ticket_id, d.mailbox_id, d.kind, d.at, d.key_version, $7, repeat(' ', 2100), d.codes::tsvector
    FROM unnest($1, $2, $3, $4, $5, $6, $8) AS d(id, kind, ticket_id, mailbox_id, at, key_version, codes)
    ON CONFLICT (id) DO UPDATE SET ticket_id = excluded.ticket_id, mailbox_id = excluded.mailbox_id, at = excluded.at,
        key_version = excluded.key_version, rules = excluded.rules, codes = excluded.codes
    WHERE kept.organization_id = excluded.organization_id
$$;
"""

# Under which key and rules the rows of these ids are kept.
STATES = f"""
CREATE FUNCTION deskhero_search_states(ids uuid[])
RETURNS TABLE (id uuid, mailbox_id uuid, key_version smallint, rules smallint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.id, d.mailbox_id, d.key_version, d.rules FROM public.tickets_searchdocument d
    WHERE d.id = ANY ($1) AND d.organization_id = {OWN}
$$;
"""

# The tickets that have every wanted thing, in any of their rows, and no unwanted one; newest place first.
TICKETS = f"""
CREATE FUNCTION deskhero_search_tickets(
    wanted tsquery[], unwanted tsquery, mailboxes uuid[], since timestamptz, until timestamptz,
    before_at timestamptz, before_id uuid, most integer
) RETURNS TABLE (ticket_id uuid, at timestamptz) LANGUAGE plpgsql STABLE ROWS 1000 {ASKING} AS $$
#variable_conflict use_column
DECLARE
    own uuid := {OWN};
    total integer := COALESCE(cardinality(wanted), 0);
    every integer := (1 << total) - 1;
    few CONSTANT integer := 400;  -- tickets that are looked at one by one rather than through sets of all
    rarest integer := 1;
    fewest integer := few + 1;
    found integer;
    newest uuid[];
    moments timestamptz[];
    seen integer;
BEGIN
    IF own IS NULL OR total = 0 THEN
        RETURN;
    END IF;
    IF total = 1 AND unwanted IS NULL AND before_at IS NULL AND most IS NOT NULL THEN
        -- The newest rows have the newest tickets: most words need no look at all of their tickets.
        SELECT array_agg(n.ticket_id), array_agg(n.at), count(*) INTO newest, moments, seen FROM (
            SELECT d.ticket_id, d.at FROM public.tickets_searchdocument d
            WHERE d.codes @@ wanted[1] AND {WITHIN}
            ORDER BY d.at DESC LIMIT most * 4
        ) n;
        SELECT count(DISTINCT n) INTO found FROM unnest(newest) n;
        IF found >= most OR seen < most * 4 THEN
            RETURN QUERY SELECT n.ticket_id, max(n.at) FROM unnest(newest, moments) AS n(ticket_id, at)
            GROUP BY n.ticket_id ORDER BY 2 DESC, 1 DESC LIMIT most;
            RETURN;
        END IF;
    END IF;
    IF total > 1 THEN
        FOR n IN 1..total LOOP
            SELECT count(*) INTO found FROM (
                SELECT 1 FROM public.tickets_searchdocument d WHERE d.codes @@ wanted[n] AND {WITHIN} LIMIT few + 1
            ) probe;
            IF found = 0 THEN
                RETURN;
            ELSIF found < fewest THEN
                rarest := n;
                fewest := found;
            END IF;
        END LOOP;
    END IF;
    IF fewest <= few THEN
        RETURN QUERY
        SELECT c.ticket_id, e.at
        FROM (
            SELECT DISTINCT d.ticket_id FROM public.tickets_searchdocument d WHERE d.codes @@ wanted[rarest] AND {WITHIN}
        ) c CROSS JOIN LATERAL (
            SELECT max(o.at) AS at, bit_or(1 << (w.n - 1)::integer) AS has
            FROM (
                SELECT d.at, d.codes FROM public.tickets_searchdocument d
                WHERE d.ticket_id = c.ticket_id AND {WITHIN} OFFSET 0
            ) o JOIN unnest(wanted) WITH ORDINALITY AS w(query, n) ON o.codes @@ w.query
        ) e
        WHERE e.has = every AND (before_at IS NULL OR (e.at, c.ticket_id) < (before_at, before_id))
          AND (unwanted IS NULL OR NOT EXISTS (
              SELECT 1 FROM (
                  SELECT d.codes FROM public.tickets_searchdocument d WHERE d.ticket_id = c.ticket_id
                  AND d.organization_id = own AND d.mailbox_id = ANY (mailboxes) OFFSET 0
              ) x WHERE x.codes @@ unwanted
          ))
        ORDER BY e.at DESC, c.ticket_id DESC LIMIT most;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT h.ticket_id, h.at
    FROM (
        SELECT p.ticket_id, max(p.at) AS at
        FROM (
            SELECT d.ticket_id, d.at, w.n FROM unnest(wanted) WITH ORDINALITY AS w(query, n)
            JOIN public.tickets_searchdocument d ON d.codes @@ w.query WHERE {WITHIN}
        ) p
        GROUP BY p.ticket_id HAVING bit_or(1 << (p.n - 1)::integer) = every
    ) h
    WHERE (before_at IS NULL OR (h.at, h.ticket_id) < (before_at, before_id))
      AND (unwanted IS NULL OR h.ticket_id NOT IN (
          SELECT d.ticket_id FROM public.tickets_searchdocument d
          WHERE d.codes @@ unwanted AND d.organization_id = own AND d.mailbox_id = ANY (mailboxes)
      ))
    ORDER BY h.at DESC, h.ticket_id DESC LIMIT most;
END
$$;
"""

# Which rows of these tickets have any of the things, the newest of each ticket first.
PLACES = f"""
CREATE FUNCTION deskhero_search_places(
    tickets uuid[], any_of tsquery, mailboxes uuid[], since timestamptz, until timestamptz, most integer
) RETURNS TABLE (id uuid, ticket_id uuid, kind smallint, at timestamptz, total bigint)
LANGUAGE plpgsql STABLE ROWS 100 {ASKING} AS $$
#variable_conflict use_column
DECLARE own uuid := {OWN};
BEGIN
    RETURN QUERY
    SELECT p.id, p.ticket_id, p.kind, p.at, p.total FROM (
        SELECT o.id, o.ticket_id, o.kind, o.at,
            row_number() OVER (PARTITION BY o.ticket_id ORDER BY o.at DESC, o.id DESC) AS place,
            count(*) OVER (PARTITION BY o.ticket_id) AS total
        FROM (
            SELECT d.* FROM public.tickets_searchdocument d WHERE d.ticket_id = ANY (tickets) AND {WITHIN} OFFSET 0
        ) o WHERE o.codes @@ any_of
    ) p WHERE p.place <= most ORDER BY p.at DESC, p.id DESC;
END
$$;
"""

# The tickets that share the rarest of the wanted words, likest first; a word's codes are also given one by one. A word
# that more than `common` rows of other tickets have says little about any of them.
SIMILAR = f"""
CREATE FUNCTION deskhero_search_similar(
    ticket uuid, wanted tsquery[], times integer[], code_of integer[], lexemes text[], common integer, mailboxes uuid[],
    most integer
) RETURNS TABLE (ticket_id uuid, likeness double precision, shared bigint)
LANGUAGE plpgsql STABLE ROWS 10 {ASKING} AS $$
#variable_conflict use_column
DECLARE
    own uuid := {OWN};
    since CONSTANT timestamptz := NULL;
    until CONSTANT timestamptz := NULL;
    rows_of_table double precision;
    too_common text[];
BEGIN
    SELECT c.reltuples INTO rows_of_table FROM pg_class c WHERE c.oid = 'public.tickets_searchdocument'::regclass;
    -- What the planner knows to be common needs no counting.
    SELECT array_agg(m.code) INTO too_common
    FROM pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS m(code, share)
    WHERE s.schemaname = 'public' AND s.tablename = 'tickets_searchdocument' AND s.attname = 'codes'
      AND m.code IS NOT NULL AND m.share * rows_of_table > common;  -- behind the shares stand their least and most
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT w.query, w.times FROM unnest(wanted, times) WITH ORDINALITY AS w(query, times, n)
        WHERE too_common IS NULL OR NOT EXISTS (
            SELECT 1 FROM unnest(code_of, lexemes) AS c(n, code) WHERE c.n = w.n AND c.code = ANY (too_common)
        )
    ), counted AS MATERIALIZED (
        SELECT a.query, a.times, p.rows_with_it FROM asked a CROSS JOIN LATERAL (
            SELECT count(*) AS rows_with_it FROM (
                SELECT 1 FROM public.tickets_searchdocument d
                WHERE d.codes @@ a.query AND d.ticket_id <> ticket AND {WITHIN} LIMIT common + 1
            ) o
        ) p
    ), telling AS MATERIALIZED (
        SELECT c.query, (1 + ln(c.times)) * ln(2.0 * common / c.rows_with_it) AS weight FROM counted c
        WHERE c.rows_with_it BETWEEN 1 AND common
        ORDER BY c.rows_with_it, c.times DESC LIMIT 12
    )
    SELECT m.ticket_id, sum(m.weight)::double precision, count(*) FROM (
        SELECT DISTINCT d.ticket_id, t.query, t.weight
        FROM telling t JOIN public.tickets_searchdocument d ON d.codes @@ t.query
        WHERE d.ticket_id <> ticket AND {WITHIN}
    ) m
    GROUP BY m.ticket_id HAVING count(*) >= 3
    ORDER BY 2 DESC, 1 DESC LIMIT most;
END
$$;
"""

# What is deleted is not found any more, whoever deleted it and how; what changes its key is kept anew or not at all.
FOLLOW = """
CREATE FUNCTION deskhero_search_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.tickets_searchdocument d USING gone WHERE d.id = gone.id;
    RETURN NULL;
END
$$;
CREATE FUNCTION deskhero_search_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.mailbox_id IS DISTINCT FROM OLD.mailbox_id THEN
        DELETE FROM public.tickets_searchdocument d WHERE d.id = NEW.id;
    ELSE
        UPDATE public.tickets_searchdocument d SET ticket_id = NEW.ticket_id, at = NEW.at WHERE d.id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION deskhero_search_follow_ticket() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.mailbox_id IS DISTINCT FROM OLD.mailbox_id THEN
        DELETE FROM public.tickets_searchdocument d WHERE d.id = NEW.id;
    ELSE
        UPDATE public.tickets_searchdocument d SET at = NEW.last_activity_at WHERE d.id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
""" + "".join(
    f"""
CREATE TRIGGER search_forget AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION deskhero_search_forget();
"""
    for table in ("tickets_ticket", "tickets_message", "tickets_note")
) + "".join(
    f"""
CREATE TRIGGER search_follow AFTER UPDATE OF mailbox_id, ticket_id, at ON {table} FOR EACH ROW
    WHEN ((OLD.mailbox_id, OLD.ticket_id, OLD.at) IS DISTINCT FROM (NEW.mailbox_id, NEW.ticket_id, NEW.at))
    EXECUTE FUNCTION deskhero_search_follow();
"""
    for table in ("tickets_message", "tickets_note")
) + """
CREATE TRIGGER search_follow AFTER UPDATE OF mailbox_id, last_activity_at ON tickets_ticket FOR EACH ROW
    WHEN (OLD.mailbox_id IS DISTINCT FROM NEW.mailbox_id OR OLD.last_activity_at IS DISTINCT FROM NEW.last_activity_at)
    EXECUTE FUNCTION deskhero_search_follow_ticket();
"""

FUNCTIONS = {
    "deskhero_search_keep": "uuid[], smallint[], uuid[], uuid[], timestamptz[], smallint[], smallint, text[]",
    "deskhero_search_states": "uuid[]",
    "deskhero_search_tickets": "tsquery[], tsquery, uuid[], timestamptz, timestamptz, timestamptz, uuid, integer",
    "deskhero_search_places": "uuid[], tsquery, uuid[], timestamptz, timestamptz, integer",
    "deskhero_search_similar": "uuid, tsquery[], integer[], integer[], text[], integer, uuid[], integer",
}
RIGHTS = "".join(
    f"REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC;"
    f"GRANT EXECUTE ON FUNCTION {name}({arguments}) TO deskhero_tenant;"
    for name, arguments in FUNCTIONS.items()
) + "".join(
    f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;"
    for name in ("deskhero_search_forget", "deskhero_search_follow", "deskhero_search_follow_ticket")
)
UNDO = "".join(
    f"DROP TRIGGER {trigger} ON {table};"
    for trigger in ("search_forget", "search_follow")
    for table in ("tickets_ticket", "tickets_message", "tickets_note")
) + "".join(
    f"DROP FUNCTION {name};"
    for name in (*FUNCTIONS, "deskhero_search_forget", "deskhero_search_follow", "deskhero_search_follow_ticket")
)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_team'),
        ('tickets', '0017_words_of_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('ticket_id', models.UUIDField()),
                ('mailbox_id', models.UUIDField()),
                ('kind', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('key_version', models.PositiveSmallIntegerField()),
                ('rules', models.PositiveSmallIntegerField()),
                ('filler', models.TextField()),
                ('codes', django.contrib.postgres.search.SearchVectorField()),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='accounts.organization')),
            ],
            options={
                'indexes': [models.Index(fields=['ticket_id'], name='search_document_of_ticket'), django.contrib.postgres.indexes.GinIndex(fields=['codes'], gin_pending_list_limit=1024, name='search_document_codes')],
            },
        ),
        migrations.RunSQL(TABLE, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP + STATES + TICKETS + PLACES + SIMILAR + FOLLOW + RIGHTS, UNDO),
    ]
