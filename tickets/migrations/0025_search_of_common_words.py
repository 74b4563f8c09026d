import django.db.models.expressions
from django.db import migrations, models

OWN = "NULLIF(current_setting('deskhero.organization', true), '')::uuid"

# How many rows of the whole table have each of these codes, of those that are common enough for the planner to know.
SHARES = """
CREATE FUNCTION deskhero_search_shares(lexemes text[]) RETURNS TABLE (lexeme text, rows_with_it double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.code, m.share * c.reltuples
    FROM pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS m(code, share), pg_class c
    WHERE s.schemaname = 'public' AND s.tablename = 'tickets_searchdocument' AND s.attname = 'codes'
      AND c.oid = 'public.tickets_searchdocument'::regclass AND m.code = ANY (lexemes)
$$;
"""

# Tickets by the newest row that has the rarest of the wanted things, one of `rare`, from `before` on, of a bounded number
# of rows: the newest `walk` of all, where even the rarest is common, else the newest tickets that have it. What a ticket
# has besides is looked for in all of its rows. A last line without a ticket says where the look ended.
NEWEST = f"""
CREATE FUNCTION deskhero_search_newest(
    wanted tsquery[], rare integer[], walk integer, unwanted tsquery, mailboxes uuid[], since timestamptz,
    until timestamptz, before_at timestamptz, before_id uuid, most integer
) RETURNS TABLE (ticket_id uuid, at timestamptz) LANGUAGE plpgsql STABLE ROWS 1000
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off SET work_mem = '32MB' AS $$
#variable_conflict use_column
DECLARE
    own uuid := {OWN};
    total integer := COALESCE(cardinality(wanted), 0);
    every integer := (1 << total) - 1;
    one_box integer := 2 * walk / GREATEST(COALESCE(cardinality(mailboxes), 0), 1) + 1;
    rarest integer := rare[1];
    fewest integer;
    found integer;
    n integer;
    few uuid[];
    edge timestamptz;
BEGIN
    IF own IS NULL OR total = 0 THEN
        RETURN;
    END IF;
    IF walk > 0 THEN
        WITH walked AS MATERIALIZED (
            SELECT m.id AS box, r.ticket_id, r.at, r.codes FROM unnest(mailboxes) AS m(id) CROSS JOIN LATERAL (
                SELECT d.ticket_id, d.at, d.codes FROM public.tickets_searchdocument d
                WHERE uuid_send(d.mailbox_id) = uuid_send(m.id) AND d.organization_id = own
                  AND (since IS NULL OR d.at >= since) AND (until IS NULL OR d.at < until)
                  AND (before_at IS NULL OR d.at <= before_at)
                ORDER BY d.at DESC LIMIT one_box
            ) r
        ), ended AS MATERIALIZED (
            SELECT GREATEST(
                (SELECT max(b.at) FROM (
                    SELECT min(w.at) AS at FROM walked w GROUP BY w.box HAVING count(*) >= one_box
                ) b),
                (SELECT w.at FROM walked w ORDER BY w.at DESC OFFSET walk LIMIT 1)
            ) AS at
        ), whole AS MATERIALIZED (
            SELECT w.ticket_id, w.codes FROM walked w, ended e WHERE e.at IS NULL OR w.at > e.at
        )
        SELECT (SELECT e.at FROM ended e), (
            SELECT array_agg(DISTINCT w.ticket_id) FROM whole w WHERE w.codes @@ wanted[rarest]
        ) INTO edge, few;
        IF edge = before_at THEN  -- a whole look of one moment: go on behind it
            edge := edge - interval '1 microsecond';
        END IF;
    ELSE
        FOREACH n IN ARRAY rare LOOP
            SELECT count(*) INTO found FROM (
                SELECT 1 FROM public.tickets_searchdocument d
                WHERE d.codes @@ wanted[n] AND d.organization_id = own AND d.mailbox_id = ANY (mailboxes) LIMIT most
            ) probe;
            IF fewest IS NULL OR found < fewest THEN
                rarest := n;
                fewest := found;
            END IF;
        END LOOP;
        SELECT min(p.at) FILTER (WHERE p.place = most), array_agg(p.ticket_id) FILTER (WHERE p.place < most)
        INTO edge, few FROM (
            SELECT c.ticket_id, c.at, row_number() OVER (ORDER BY c.at DESC, c.ticket_id DESC) AS place FROM (
                SELECT d.ticket_id, max(d.at) AS at FROM public.tickets_searchdocument d
                WHERE d.codes @@ wanted[rarest] AND d.organization_id = own AND d.mailbox_id = ANY (mailboxes)
                  AND (since IS NULL OR d.at >= since) AND (until IS NULL OR d.at < until)
                GROUP BY d.ticket_id
            ) c WHERE before_at IS NULL OR (c.at, c.ticket_id) < (before_at, before_id)
            ORDER BY c.at DESC, c.ticket_id DESC LIMIT most
        ) p;
    END IF;
    RETURN QUERY
    SELECT c.ticket_id, e.at FROM unnest(few) AS c(ticket_id) CROSS JOIN LATERAL (
        SELECT max(o.at) FILTER (WHERE w.n = rarest) AS at, bit_or(1 << (w.n - 1)::integer) AS has FROM (
            SELECT d.at, d.codes FROM public.tickets_searchdocument d
            WHERE d.ticket_id = c.ticket_id AND d.organization_id = own AND d.mailbox_id = ANY (mailboxes)
              AND (since IS NULL OR d.at >= since) AND (until IS NULL OR d.at < until) OFFSET 0
        ) o JOIN unnest(wanted) WITH ORDINALITY AS w(query, n) ON o.codes @@ w.query
    ) e
    WHERE e.has = every AND (before_at IS NULL OR (e.at, c.ticket_id) < (before_at, before_id))
      AND (unwanted IS NULL OR NOT EXISTS (
          SELECT 1 FROM (
              SELECT d.codes FROM public.tickets_searchdocument d WHERE d.ticket_id = c.ticket_id
              AND d.organization_id = own AND d.mailbox_id = ANY (mailboxes) OFFSET 0
          ) x WHERE x.codes @@ unwanted
      ))
    ORDER BY e.at DESC, c.ticket_id DESC;
    IF edge IS NOT NULL THEN
        RETURN QUERY SELECT NULL::uuid, edge;
    END IF;
END
$$;
"""
FUNCTIONS = {
    "deskhero_search_shares": "text[]",
    "deskhero_search_newest": (
        "tsquery[], integer[], integer, tsquery, uuid[], timestamptz, timestamptz, timestamptz, uuid, integer"
    ),
}
RIGHTS = "".join(
    f"REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC;"
    f"GRANT EXECUTE ON FUNCTION {name}({arguments}) TO deskhero_tenant;"
    for name, arguments in FUNCTIONS.items()
)
UNDO = "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0024_ticket_suspicion'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(models.Func(models.F('mailbox_id'), function='uuid_send'), models.OrderBy(models.F('at'), descending=True), name='search_document_by_time'),
        ),
        migrations.RunSQL(SHARES + NEWEST + RIGHTS, UNDO),
    ]
