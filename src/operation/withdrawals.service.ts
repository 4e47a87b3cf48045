import { Inject, Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { calendarDateAt, type Clock } from '../kernel';
import { CLOCK } from '../platform';
import {
  loanProduct,
  withdrawalRight,
  type TimelineKind,
  type WithdrawalObstacle,
  type WithdrawalRight,
} from './domain';
import { OperationEventEntity } from './operation-event.entity';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import type { OperationEntity } from './operation.entity';
import { saysPaidOff } from './paid-off';
import { BUSINESS_CALENDAR_SOURCE, type BusinessCalendarSource } from './ports';

const paid = z.object({ payments: z.array(z.object({ timestamp: z.string().optional() })) });

/** What of a loan's timeline says how its withdrawal stands. */
const SPEAKING: readonly TimelineKind[] = ['disbursed', 'noted', 'request_reversal_not_taken'];

/** How a withdrawal from a loan stands today. */
export interface WithdrawalStanding {
  /** Undefined of a loan that is not paid, or is paid off, or of a product without this right. */
  readonly right: WithdrawalRight | undefined;
  /** Both periods are over. */
  readonly isLate: boolean;
  /** Why it is not asked of QI. */
  readonly obstacle: WithdrawalObstacle | undefined;
}

/** Until when the borrowers of paid loans may give the money back. */
@Injectable()
export class Withdrawals {
  constructor(
    @Inject(BUSINESS_CALENDAR_SOURCE) private readonly calendars: BusinessCalendarSource,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(tx: EntityManager, operation: OperationEntity): Promise<WithdrawalStanding> {
    const events = await tx.find(OperationEventEntity, {
      where: { operationKey: operation.key, kind: In(SPEAKING) },
      order: { id: 'ASC' },
    });
    return this.given(operation, events);
  }

  /**
   * The same from events that are at hand. What was asked for in time and not sent is for people to settle with QI: they were
   * told, and what they ask for after that is sent.
   */
  given(operation: OperationEntity, events: readonly OperationEventEntity[]): WithdrawalStanding {
    const { status, product, statusSince } = operation;
    if (status !== 'disbursed' || !loanProduct(product).hasWithdrawalRight)
      return { right: undefined, isLate: false, obstacle: undefined };
    if (events.some(saysPaidOff)) return { right: undefined, isLate: false, obstacle: { kind: 'paid_off' } };
    const payment = events.find(({ kind }) => kind === 'disbursed');
    const read = paid.safeParse(payment?.summary);
    const timestamps = read.success ? read.data.payments.flatMap((each) => each.timestamp ?? []) : [];
    const calendar = this.calendars.currentCalendar();
    const right = withdrawalRight(statusSince, timestamps, this.limits.withdrawal, calendar);
    const isLate = right.latest < calendarDateAt(this.clock.now());
    const isOver = isLate && !events.some(saysTooLate);
    return {
      right,
      isLate,
      obstacle: isOver ? { kind: 'withdrawal_over', latest: right.latest } : undefined,
    };
  }
}

/** What was asked for in time did not go to QI before the end: see `LateWithdrawals`. */
function saysTooLate({ kind, summary }: OperationEventEntity): boolean {
  return kind === 'request_reversal_not_taken' && summary['why'] === 'withdrawal_over';
}
