import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock } from '../../kernel';
import { AuditTrail, CLOCK, ProblemException, type Actor } from '../../platform';
import type { OutcomeProblem, OutcomesRead } from './outcome';

/** A month of a portfolio; more come as more files. */
export const MOST_OUTCOMES = 50_000;
/** Wrong lines that are named; the count is always whole. */
const MOST_NAMED = 200;

export interface OutcomesTaken {
  readonly id: string;
  readonly outcomes: number;
  readonly loans: number;
}

/** What became of loans after disbursement, told by who services them. All of a file, or nothing of it. */
@Injectable()
export class LoanOutcomes {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws ProblemException 422 with every wrong line and every unknown loan; then nothing is stored */
  async take({ outcomes, places, problems }: OutcomesRead, actor: Actor): Promise<OutcomesTaken> {
    if (outcomes.length > MOST_OUTCOMES) {
      const message = `são ${String(outcomes.length)} linhas; cabem ${String(MOST_OUTCOMES)}`;
      throw refused([{ path: '', message }]);
    }
    if (outcomes.length === 0 && problems.length === 0)
      throw refused([{ path: '', message: 'nenhuma linha' }]);
    return this.dataSource.transaction(async (tx) => {
      const keys = [...new Set(outcomes.map((one) => one.credit_operation_key))];
      const known = await tx.query<{ key: string }[]>(
        `SELECT credit_operation_key AS key FROM operation WHERE credit_operation_key = ANY ($1)`,
        [keys],
      );
      const loans = new Set(known.map(({ key }) => key));
      const unknown = outcomes.flatMap((one, at): OutcomeProblem[] =>
        loans.has(one.credit_operation_key)
          ? []
          : [{ path: places[at] ?? '', message: 'não há operação com esta chave' }],
      );
      if (problems.length + unknown.length > 0) throw refused([...problems, ...unknown]);
      const id = randomUUID();
      await tx.query(
        `INSERT INTO loan_outcome_import (id, imported_by, imported_at, outcomes) VALUES ($1, $2, $3, $4)`,
        [id, actor.id, this.clock.now(), outcomes.length],
      );
      await tx.query(STORE, [JSON.stringify(outcomes), id]);
      await this.audit.record(tx, {
        actor: actor.id,
        action: 'loan_outcomes.imported',
        subject: `loan outcomes ${id}`,
        details: { outcomes: String(outcomes.length), loans: String(loans.size) },
      });
      return { id, outcomes: outcomes.length, loans: loans.size };
    });
  }
}

const STORE = `
  INSERT INTO loan_outcome (credit_operation_key, installment, due_on, status, paid_on, paid_amount, loss_amount, import_id)
  SELECT told.*, $2::uuid FROM jsonb_to_recordset($1::jsonb) AS told (credit_operation_key text, installment smallint,
    due_on date, status text, paid_on date, paid_amount numeric, loss_amount numeric)
  ON CONFLICT (credit_operation_key, installment) DO UPDATE SET due_on = excluded.due_on, status = excluded.status,
    paid_on = excluded.paid_on, paid_amount = excluded.paid_amount, loss_amount = excluded.loss_amount,
    import_id = excluded.import_id`;

function refused(errors: readonly OutcomeProblem[]): ProblemException {
  return new ProblemException(422, {
    type: 'invalid',
    title: 'Nada foi gravado: há linhas erradas',
    problems: errors.length,
    errors: errors.slice(0, MOST_NAMED),
  });
}
