import { DataSource } from 'typeorm';
import { calendarDateAt, type JsonObject } from '../src/kernel';
import type { PersonsRequest } from '../src/operation';
import { ApprovalActions } from '../src/operation/approval-actions.service';
import { OperatorActions } from '../src/operation/operator-actions.service';
import type { Actor } from '../src/platform';
import { BRUNA, RUI } from './people';
import type { Product } from './product';

const HOUR_MS = 3_600_000;
const AT_ONCE = 40;
/** Tasks of the last hours wait for whoever opens the demo. */
const LEFT_MS = 20 * HOUR_MS;

interface OpenTask {
  readonly key: string;
  readonly kind: 'authorization_review' | 'disbursement_failed';
  readonly approval: string | null;
}

/** Bruna goes through the queue, and Rui decides what takes two. */
export async function workTheQueue(product: Product, now: Date, end: Date): Promise<void> {
  await product.sendCommands();
  const until = Math.min(now.getTime() - HOUR_MS, end.getTime() - LEFT_MS);
  const actions = product.get(OperatorActions);
  for (const task of await openTasks(product, new Date(until))) {
    if (task.approval !== null)
      await product.get(ApprovalActions).approve(task.approval, undefined, asks(RUI));
    else if (task.kind === 'authorization_review') await actions.authorize(task.key, asks(BRUNA));
    else
      await actions.resubmitDisbursement(task.key, asks(BRUNA, { disbursement_date: calendarDateAt(now) }));
    await product.sendCommands();
  }
}

function openTasks(product: Product, before: Date): Promise<OpenTask[]> {
  return product.get(DataSource).query<OpenTask[]>(
    `SELECT task.credit_operation_key AS key, task.kind, approval.id AS approval
     FROM task LEFT JOIN approval ON approval.credit_operation_key = task.credit_operation_key
       AND approval.status = 'pending'
     WHERE task.status <> 'resolved' AND task.kind IN ('authorization_review', 'disbursement_failed')
       AND task.opened_at < $1
     ORDER BY task.opened_at LIMIT ${AT_ONCE}`,
    [before],
  );
}

const asks = (actor: Actor, body?: JsonObject): PersonsRequest => ({
  actor,
  idempotencyKey: undefined,
  body,
});
