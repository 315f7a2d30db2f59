"""Each event is linked to the one before it by a hash, by the database itself, when its transaction commits.

In two deferred steps: whatever else a commit still has to check is done first, so that the one lock of the chain is asked for last
and nobody who holds it ever waits for anybody. The functions act with the owner's rights: the application can only read links.
What an event says is put together in one way for ever; should it ever have to change, it gets another name and another function.
"""

from django.db import migrations, models

MAKE = """
CREATE FUNCTION audit_said(e audit_event) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        'event 1', e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        e.actor, e.actor_id, e.clinic, e.action, e.subject_kind, e.subject_id, e.detail
    )::text
$$;

CREATE FUNCTION audit_hash(before text, e audit_event) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(before || audit_said(e), 'UTF8')), 'hex')
$$;

DO $$
DECLARE
    e audit_event;
    last text := '';
    number bigint := 0;
BEGIN
    FOR e IN SELECT * FROM audit_event ORDER BY id LOOP
        last := audit_hash(last, e);
        number := number + 1;
        INSERT INTO audit_link (event_id, at, position, hash) VALUES (e.id, e.at, number, last);
    END LOOP;
END $$;

CREATE FUNCTION audit_await_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_link (event_id, at, hash) SELECT id, at, '' FROM audit_event WHERE id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION audit_link_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit.link', 0));
    SELECT position, hash INTO last FROM audit_link WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1;
    UPDATE audit_link SET position = coalesce(last.position, 0) + 1, hash = audit_hash(coalesce(last.hash, ''), e)
        FROM audit_event AS e WHERE audit_link.event_id = NEW.event_id AND e.id = NEW.event_id;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER event_awaits_link AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_await_link();

CREATE CONSTRAINT TRIGGER event_is_linked AFTER INSERT ON audit_link DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_link_event();
"""

UNMAKE = """
DROP TRIGGER event_is_linked ON audit_link;
DROP TRIGGER event_awaits_link ON audit_event;
DROP FUNCTION audit_link_event();
DROP FUNCTION audit_await_link();
DROP FUNCTION audit_hash(text, audit_event);
DROP FUNCTION audit_said(audit_event);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_events")]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("position", models.BigIntegerField(null=True, unique=True)),
                ("hash", models.CharField(blank=True, max_length=64)),
                ("removed", models.BigIntegerField(blank=True, null=True)),
            ],
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
