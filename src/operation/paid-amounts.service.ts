import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { ExposureBook } from '../exposure';
import { calendarDateAt, daysBetween, Decimal } from '../kernel';
import {
  lastAgreedTo,
  orderedIn,
  paidOtherwiseReason,
  partsPaid,
  paysOffOf,
  paysLessReason,
  planDifference,
  readPaid,
  sumsPaid,
  type Owed,
  type TaskReason,
} from './domain';
import { OperationEventEntity } from './operation-event.entity';
import type { OperationEntity } from './operation.entity';
import { TaskDesk } from './task-desk.service';

/** A loan may have been calculated the day before we heard of it. */
const DAY_BEFORE = 1;

/**
 * What a loan is owed with: as it was won or ordered, until QI calculates it for another day of payment or pays what another
 * day explains. Call last in a transaction, for what is at risk is counted by it.
 */
@Injectable()
export class PaidAmounts {
  constructor(
    private readonly tasks: TaskDesk,
    private readonly exposure: ExposureBook,
  ) {}

  /** Holds what was paid, and how it is to be paid back, against what is owed: with each payment, and once that is known. */
  async compare(tx: EntityManager, operation: OperationEntity): Promise<void> {
    if (operation.status !== 'disbursed') return;
    const events = await tx.find(OperationEventEntity, {
      where: { operationKey: operation.key, kind: In(['issued', 'disbursed']) },
      order: { id: 'ASC' },
    });
    const summariesOf = (kind: string) =>
      events.flatMap((event) => (event.kind === kind ? [event.summary] : []));
    const plan = { count: operation.numberOfInstallments, ordered: orderedIn(summariesOf('issued')) };
    const difference = planDifference(summariesOf('disbursed'), plan);
    if (difference !== undefined) await this.tasks.openContradiction(tx, operation, difference);
    const parts = partsPaid(summariesOf('disbursed'));
    if (parts === undefined || operation.disbursedIssueAmount === null) return;

    const owed: Owed = {
      amount: new Decimal(operation.disbursedIssueAmount),
      monthlyInterestRate:
        operation.monthlyInterestRate === null ? undefined : new Decimal(operation.monthlyInterestRate),
      paysOff: paysOffOf(summariesOf('issued')),
    };
    const paid = Decimal.sum(...parts);
    const [opened, paidOn] = [calendarDateAt(operation.openedAt), calendarDateAt(operation.statusSince)];
    switch (readPaid(parts, owed, daysBetween(opened, paidOn) + DAY_BEFORE)) {
      case 'unexplained':
        await this.tasks.openContradiction(tx, operation, paidReason(paid, owed), told(parts, owed));
        if (paid.gt(owed.amount)) await this.#count(tx, operation, paid);
        return;
      case 'on_another_day':
        await this.#settled(tx, operation, parts, owed);
        await this.#owe(tx, operation, paid);
        return;
      case 'as_owed':
        await this.#settled(tx, operation, parts, owed);
        return;
    }
  }

  /**
   * QI has calculated the loan for another day of payment. A borrower who gets less by that than was agreed to has not agreed to it;
   * a later day that brings enough again ends that.
   */
  async recalculated(tx: EntityManager, operation: OperationEntity, amount: Decimal): Promise<void> {
    if (operation.disbursedIssueAmount === null) return;
    const before = new Decimal(operation.disbursedIssueAmount);
    if (amount.eq(before)) return;
    const { accepted = before, days } = await this.#daysOf(tx, operation);
    const lower = days.filter((each) => each.lt(accepted));
    const words = [accepted, ...lower].flatMap((agreedTo) =>
      lower.map((each) => paysLessReason(each, agreedTo)),
    );
    const ended = await this.tasks.contradictionsEndedByPeople(tx, operation.key);
    const agreed = lastAgreedTo(accepted, lower, ended);
    if (amount.lt(agreed))
      await this.tasks.openContradiction(tx, operation, paysLessReason(amount, agreed), words);
    else await this.tasks.takeBackContradiction(tx, operation, words, 'recalculated');
    await this.#owe(tx, operation, amount);
  }

  /** What was owed first, and by each of the payment days that QI has calculated it for before this one. */
  async #daysOf(
    tx: EntityManager,
    { key, requestControlKey }: OperationEntity,
  ): Promise<{ readonly accepted: Decimal | undefined; readonly days: readonly Decimal[] }> {
    const told = await tx.query<{ day: string; owed: string | null }[]>(
      `SELECT summary ->> 'recalculated_amount' AS day, summary ->> 'owed_before' AS owed FROM operation_event
       WHERE credit_operation_key = $1 AND summary ? 'recalculated_amount' ORDER BY id`,
      [key],
    );
    // A release before did not keep what was owed before a day.
    const [first] = await tx.query<{ owed: string | null }[]>(
      `SELECT coalesce((SELECT disbursed_issue_amount FROM proposal WHERE credit_operation_key = $1),
         (SELECT disbursed_issue_amount FROM bid WHERE request_control_key = $2)) AS owed`,
      [key, requestControlKey],
    );
    const [owed] = [first, ...told].flatMap((each) => each?.owed ?? []);
    return {
      accepted: owed === undefined ? undefined : new Decimal(owed),
      days: told.slice(0, -1).map(({ day }) => new Decimal(day)),
    };
  }

  /** The last part has come: what was told of the sum of those before is over. */
  #settled(
    tx: EntityManager,
    operation: OperationEntity,
    parts: readonly Decimal[],
    owed: Owed,
  ): Promise<void> {
    return this.tasks.takeBackContradiction(tx, operation, told(parts, owed), 'disbursed');
  }

  async #owe(tx: EntityManager, operation: OperationEntity, amount: Decimal): Promise<void> {
    operation.disbursedIssueAmount = amount.toFixed();
    await tx.query(`UPDATE operation SET disbursed_issue_amount = $2 WHERE credit_operation_key = $1`, [
      operation.key,
      operation.disbursedIssueAmount,
    ]);
    await this.#count(tx, operation, amount);
  }

  async #count(tx: EntityManager, { requestControlKey }: OperationEntity, amount: Decimal): Promise<void> {
    if (requestControlKey !== null) await this.exposure.revise(tx, requestControlKey, amount);
  }
}

/** What may have been told of the sum, as the parts came. */
function told(parts: readonly Decimal[], owed: Owed): TaskReason[] {
  return sumsPaid(parts).map((sum) => paidReason(sum, owed));
}

function paidReason(paid: Decimal, { amount, paysOff }: Owed): TaskReason {
  return paidOtherwiseReason(paid, amount, typeof paysOff === 'boolean' ? undefined : paysOff);
}
