"""Mentions know which ticket waits, and in which mailbox: their count is read from one index, and joins nothing.

And the index of what waits longest carries what saved views ask of it. The functions run with the rights of who writes.
"""

from django.db import migrations, models

DONE = "('closed', 'spam', 'locked')"

WHERE = f"""
CREATE OR REPLACE FUNCTION deskhero_mention_begins() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    its record;
BEGIN
    SELECT t.id, t.mailbox_id, t.state INTO its
        FROM public.tickets_note n JOIN public.tickets_ticket t ON t.id = n.ticket_id WHERE n.id = NEW.note_id;
    IF FOUND THEN
        NEW.waiting_ticket := CASE WHEN its.state NOT IN {DONE} THEN its.id END;
        NEW.waiting_mailbox := CASE WHEN its.state NOT IN {DONE} THEN its.mailbox_id END;
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION deskhero_mention_follow_ticket() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.tickets_mention m SET
        waiting_ticket = CASE WHEN NEW.state NOT IN {DONE} THEN NEW.id END,
        waiting_mailbox = CASE WHEN NEW.state NOT IN {DONE} THEN NEW.mailbox_id END
        WHERE m.note_id = ANY(ARRAY(SELECT n.id FROM public.tickets_note n WHERE n.ticket_id = NEW.id));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION deskhero_mention_follow_note() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.tickets_mention m SET
        waiting_ticket = CASE WHEN t.state NOT IN {DONE} THEN t.id END,
        waiting_mailbox = CASE WHEN t.state NOT IN {DONE} THEN t.mailbox_id END
        FROM public.tickets_ticket t WHERE t.id = NEW.ticket_id AND m.note_id = NEW.id;
    RETURN NULL;
END
$$;

DROP TRIGGER mention_follow ON tickets_ticket;
CREATE TRIGGER mention_follow AFTER UPDATE OF state, mailbox_id ON tickets_ticket FOR EACH ROW
    WHEN ((OLD.state IN {DONE}) <> (NEW.state IN {DONE}) OR OLD.mailbox_id <> NEW.mailbox_id)
    EXECUTE FUNCTION deskhero_mention_follow_ticket();
"""
FILL = f"""
UPDATE tickets_mention m SET waiting_ticket = t.id, waiting_mailbox = t.mailbox_id
    FROM tickets_note n JOIN tickets_ticket t ON t.id = n.ticket_id
    WHERE n.id = m.note_id AND t.state NOT IN {DONE}
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0029_mention_waiting")]

    operations = [
        migrations.AddField("mention", "waiting_ticket", models.UUIDField(null=True, editable=False)),
        migrations.AddField("mention", "waiting_mailbox", models.UUIDField(null=True, editable=False)),
        migrations.RunSQL(WHERE),
        migrations.RunSQL(FILL),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.RemoveIndex("mention", "mention_waiting"),
        migrations.RemoveField("mention", "is_waiting"),
        migrations.AddIndex(
            "mention",
            models.Index(
                condition=models.Q(("waiting_ticket__isnull", False)),
                fields=["member", "waiting_mailbox", "waiting_ticket"],
                include=("organization",),
                name="mention_waiting",
            ),
        ),
        migrations.RemoveIndex("ticket", "ticket_queue_by_waiting"),
        migrations.AddIndex(
            "ticket",
            models.Index(
                condition=models.Q(("state__in", ["open", "pending", "snoozed"])),
                fields=["mailbox", "state", "waiting_since", "id"],
                include=("organization", "assignee", "team", "priority", "last_activity_at"),
                name="ticket_queue_by_waiting",
            ),
        ),
    ]
