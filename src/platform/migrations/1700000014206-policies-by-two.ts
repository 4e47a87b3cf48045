import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** A table that auctions use is changed apart. */
export class PoliciesByTwo1700000014206 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TRIGGER policy_version_by_two BEFORE UPDATE OF approver ON policy_version FOR EACH ROW
        WHEN (NEW.approver IS DISTINCT FROM OLD.approver AND is_same_person(NEW.approver, NEW.authors))
        EXECUTE FUNCTION refuse_one_person('policy_author_is_not_approver');
    `);
  }
}
