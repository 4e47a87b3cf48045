import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { AuditTrail } from '../platform';
import { AuthorizationReview } from './authorization-review.service';
import { accountMayBeChanged, commandTakenBackReason, type OperationAction } from './domain';
import { accepted, IdempotentRequests, type Accepted } from './idempotent-requests.service';
import { OperationCommandBook } from './operation-command-book';
import { OperationCommandEntity } from './operation-command.entity';
import { OperationLife } from './operation-life.service';
import type { OperationEntity } from './operation.entity';
import type { PersonsRequest } from './persons-request';
import type { Refusal } from './refusal';
import { TaskDesk } from './task-desk.service';

/** What was asked of QI, by whomever, and has never left: while QI takes no calls it would go out as soon as it does again. */
@Injectable()
export class TakeBack {
  constructor(
    private readonly dataSource: DataSource,
    private readonly life: OperationLife,
    private readonly commands: OperationCommandBook,
    private readonly review: AuthorizationReview,
    private readonly tasks: TaskDesk,
    private readonly requests: IdempotentRequests,
    private readonly audit: AuditTrail,
  ) {}

  takeBack(operationKey: string, commandId: string, request: PersonsRequest): Promise<Accepted | Refusal> {
    const target = `take_back ${operationKey} ${commandId}`;
    return this.dataSource.transaction((tx) =>
      this.requests.once<Refusal>(tx, { ...request, target }, async () => {
        const operation = await this.life.lock(tx, operationKey);
        const command = z.uuid().safeParse(commandId).success
          ? await tx.findOneBy(OperationCommandEntity, { id: commandId, subject: operationKey })
          : null;
        if (operation === undefined || command === null) return { kind: 'not_found', what: 'command' };
        const { action } = command;
        if (!(await this.commands.takeBack(tx, commandId, request.actor.id))) return { kind: 'too_late' };
        await this.#follow(tx, operation, action, { command_id: commandId, by: request.actor.id });
        return accepted({ command_id: commandId, action, status: 'withdrawn' }, 200);
      }),
    );
  }

  async #follow(
    tx: EntityManager,
    operation: OperationEntity,
    action: OperationAction,
    { command_id, by }: { readonly command_id: string; readonly by: string },
  ): Promise<void> {
    await this.life.note(tx, operation, { kind: `${action}_undone`, actor: by, summary: { command_id } });
    await this.audit.record(tx, {
      actor: by,
      action: 'operation.command_taken_back',
      subject: operation.key,
      details: { command_id, command: action },
    });
    // The policy does not give what a person has taken back; what waited for this command to end is looked at again.
    if (action === 'authorize' && operation.status === 'awaiting_authorization')
      await this.tasks.open(tx, operation, 'authorization_review', commandTakenBackReason(action));
    else await this.review.consider(tx, operation);
    if (await this.commands.mayHaveChangedAccount(tx, operation.product, { id: command_id, action }))
      await this.tasks.openRefusal(tx, operation, accountMayBeChanged(commandTakenBackReason(action)));
  }
}
