import { Inject, Injectable } from '@nestjs/common';
import { CommandBook } from '../commands';
import type { Clock } from '../kernel';
import { CLOCK, FieldCipher } from '../platform';
import type { OperationAction } from './domain';
import { OperationCommandEntity } from './operation-command.entity';

/** What is asked of QI about operations. */
@Injectable()
export class OperationCommandBook extends CommandBook<OperationAction> {
  constructor(cipher: FieldCipher, @Inject(CLOCK) clock: Clock) {
    super(
      { entity: OperationCommandEntity, name: 'operation_command', subjectColumn: 'credit_operation_key' },
      cipher,
      clock,
    );
  }
}
