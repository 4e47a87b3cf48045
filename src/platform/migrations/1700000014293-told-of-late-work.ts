import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Whoever is told that no process works is told of work that is not done any more. */
export class ToldOfLateWork1700000014293 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `UPDATE notification_endpoint SET event_types = event_types || ARRAY['alert.work_late', 'alert.audit_unanchored']
       WHERE removed_at IS NULL AND 'alert.nobody_works' = ANY (event_types)
         AND NOT event_types && ARRAY['alert.work_late', 'alert.audit_unanchored']`,
    );
  }
}
