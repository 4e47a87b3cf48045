import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { loanProduct, withdrawalRight, type WithdrawalRight } from './domain';
import { OperationEventEntity } from './operation-event.entity';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import type { OperationEntity } from './operation.entity';
import { BUSINESS_CALENDAR_SOURCE, type BusinessCalendarSource } from './ports';

const paid = z.object({ payments: z.array(z.object({ timestamp: z.string().optional() })) });

/** Until when the borrowers of paid loans may give the money back. */
@Injectable()
export class Withdrawals {
  constructor(
    @Inject(BUSINESS_CALENDAR_SOURCE) private readonly calendars: BusinessCalendarSource,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
  ) {}

  /** @returns undefined of a loan that is not paid, or of a product without this right */
  async of(tx: EntityManager, operation: OperationEntity): Promise<WithdrawalRight | undefined> {
    if (operation.status !== 'disbursed') return undefined;
    const payment = await tx.findOne(OperationEventEntity, {
      where: { operationKey: operation.key, kind: 'disbursed' },
      order: { id: 'ASC' },
    });
    return this.given(operation, payment === null ? [] : [payment]);
  }

  /** The same from events that are at hand. */
  given(
    { status, product, statusSince }: OperationEntity,
    events: readonly OperationEventEntity[],
  ): WithdrawalRight | undefined {
    if (status !== 'disbursed' || !loanProduct(product).hasWithdrawalRight) return undefined;
    const payment = events.find(({ kind }) => kind === 'disbursed');
    const read = paid.safeParse(payment?.summary);
    const timestamps = read.success ? read.data.payments.flatMap((each) => each.timestamp ?? []) : [];
    return withdrawalRight(statusSince, timestamps, this.limits.withdrawal, this.calendars.currentCalendar());
  }
}
