"""Mentions know whether their ticket is unfinished: the database writes it, whoever changes the ticket or moves the note.

The functions run with the rights of who writes, so that row policies hold for them, too.
"""

from django.db import migrations, models

DONE = "('closed', 'spam', 'locked')"

WAITING = f"""
CREATE FUNCTION deskhero_mention_begins() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    its_state text;
BEGIN
    SELECT t.state INTO its_state
        FROM public.tickets_note n JOIN public.tickets_ticket t ON t.id = n.ticket_id WHERE n.id = NEW.note_id;
    IF FOUND THEN
        NEW.is_waiting := its_state NOT IN {DONE};
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION deskhero_mention_follow_ticket() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.tickets_mention m SET is_waiting = NEW.state NOT IN {DONE}
        WHERE m.note_id = ANY(ARRAY(SELECT n.id FROM public.tickets_note n WHERE n.ticket_id = NEW.id));
    RETURN NULL;
END
$$;

CREATE FUNCTION deskhero_mention_follow_note() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.tickets_mention m SET is_waiting = t.state NOT IN {DONE}
        FROM public.tickets_ticket t WHERE t.id = NEW.ticket_id AND m.note_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER mention_begins BEFORE INSERT ON tickets_mention
    FOR EACH ROW EXECUTE FUNCTION deskhero_mention_begins();
CREATE TRIGGER mention_follow AFTER UPDATE OF state ON tickets_ticket FOR EACH ROW
    WHEN ((OLD.state IN {DONE}) <> (NEW.state IN {DONE})) EXECUTE FUNCTION deskhero_mention_follow_ticket();
CREATE TRIGGER mention_follow AFTER UPDATE OF ticket_id ON tickets_note FOR EACH ROW
    WHEN (OLD.ticket_id <> NEW.ticket_id) EXECUTE FUNCTION deskhero_mention_follow_note();
"""
UNDO = """
DROP TRIGGER mention_begins ON tickets_mention;
DROP TRIGGER mention_follow ON tickets_ticket;
DROP TRIGGER mention_follow ON tickets_note;
DROP FUNCTION deskhero_mention_begins, deskhero_mention_follow_ticket, deskhero_mention_follow_note;
"""
FILL = f"""
UPDATE tickets_mention m SET is_waiting = true FROM tickets_note n JOIN tickets_ticket t ON t.id = n.ticket_id
    WHERE n.id = m.note_id AND t.state NOT IN {DONE} AND NOT m.is_waiting
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0028_scan_of_attachments")]

    operations = [
        migrations.AddField("mention", "is_waiting", models.BooleanField(default=False, editable=False)),
        migrations.RunSQL(WAITING, UNDO),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            "mention",
            models.Index(
                condition=models.Q(("is_waiting", True)),
                fields=["member"],
                include=("organization", "note"),
                name="mention_waiting",
            ),
        ),
    ]
