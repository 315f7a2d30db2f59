"""What has ended stays ended, whoever asks: a used link lets nobody in again, and a revoked token speaks for nobody again."""

from django.db import migrations

MAKE = """
CREATE FUNCTION accounts_refuse_new_life() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% % has ended and stays so', TG_ARGV[0], OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER link_ended_stays_ended BEFORE UPDATE ON accounts_onetimelink
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION accounts_refuse_new_life('link');

CREATE TRIGGER token_revoked_stays_revoked BEFORE UPDATE ON accounts_apitoken
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL) EXECUTE FUNCTION accounts_refuse_new_life('token');
"""

UNMAKE = """
DROP TRIGGER token_revoked_stays_revoked ON accounts_apitoken;
DROP TRIGGER link_ended_stays_ended ON accounts_onetimelink;
DROP FUNCTION accounts_refuse_new_life();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_links_tokens_and_cache")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
