import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Table and prefix of every encrypted column there is so far. */
const ENCRYPTED = [
  ['app_user', 'totp_'],
  ['auction', 'personal_'],
  ['invitation', 'totp_'],
  ['notification_endpoint', 'former_secret_'],
  ['notification_endpoint', 'secret_'],
  ['operation', 'borrower_'],
  ['operation_command', 'answer_'],
  ['operation_command', 'body_'],
  ['operation_event', 'personal_'],
  ['policy_list_chunk', ''],
  ['webhook_event', 'raw_'],
] as const;

/** Ciphertexts bound to their places, audit records sealed with a key: at once in a new database, else by `rotate-keys`. */
export class BoundAndSealed1700000011200 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- The stage of the ciphertexts that a process knows of (platform/binding-stage.ts); null: of a release before it.
      ALTER TABLE instance ADD COLUMN binding_stage text;

      -- HMAC over the hash and the id of its key; null: written before there were seals.
      ALTER TABLE audit_event ADD COLUMN key_id text, ADD COLUMN seal bytea,
        ADD CONSTRAINT audit_event_seal_check CHECK ((key_id IS NULL) = (seal IS NULL) AND octet_length(seal) = 32);
      -- From now on every record has one.
      ALTER TABLE audit_head ADD COLUMN sealed boolean NOT NULL DEFAULT false;

      CREATE FUNCTION refuse_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF (SELECT sealed FROM audit_head) OR EXISTS (SELECT FROM audit_event WHERE id = NEW.id - 1 AND seal IS NOT NULL) THEN
            RAISE EXCEPTION 'the audit trail is sealed: a record without a seal is of an older release';
          END IF;
          RETURN NEW;
        END
      $$;
      CREATE TRIGGER audit_event_stays_sealed BEFORE INSERT ON audit_event
        FOR EACH ROW WHEN (NEW.seal IS NULL) EXECUTE FUNCTION refuse_unsealed();
    `);
    // The first start notes its key: where there is none, no process has ever worked here, nor does one now.
    const [used] = (await queryRunner.query(`SELECT EXISTS (SELECT FROM index_key) AS ever`)) as {
      ever: boolean;
    }[];
    if (used?.ever !== false) return;
    await queryRunner.query(`UPDATE audit_head SET sealed = true`);
    for (const [table, prefix] of ENCRYPTED)
      await queryRunner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT ${table}_${prefix}key_id_bound
         CHECK (${prefix}key_id LIKE '%.bound' OR ${prefix}ciphertext = '')`,
      );
  }
}
