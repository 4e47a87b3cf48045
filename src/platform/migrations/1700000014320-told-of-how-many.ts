import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Of how many an alert told people: one more is told to whoever has the others in hand. A release before leaves it out. */
export class ToldOfHowMany1700000014320 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE alert ADD COLUMN told_count integer`);
  }
}
