import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/**
 * Orders for a debt that are to be sent again: whether an answer was lost, nobody has kept until now. The few that are under way
 * are taken for such.
 */
export class AnswersLostBefore1700000014090 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `UPDATE proposal_command SET answer_lost = true
       WHERE action = 'issue' AND status = 'intended' AND sent_at IS NOT NULL`,
    );
  }
}
