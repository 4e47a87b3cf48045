import { Inject, Injectable } from '@nestjs/common';
import { CommandSender, SenderGround } from '../commands';
import type { OperationAction } from './domain';
import { OperationCommandBook } from './operation-command-book';
import { OperationCommands } from './operation-commands';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import type { OperationEntity } from './operation.entity';

/** Sends what is asked of QI about operations. */
@Injectable()
export class OperationCommandSender extends CommandSender<OperationEntity, OperationAction> {
  constructor(
    owner: OperationCommands,
    book: OperationCommandBook,
    @Inject(OPERATION_LIMITS) limits: OperationLimits,
    ground: SenderGround,
  ) {
    super(owner, book, limits, ground);
  }
}
