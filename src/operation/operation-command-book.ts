import { Injectable } from '@nestjs/common';
import { CommandBook } from '../commands';
import { FieldCipher } from '../platform';
import { ACTION_RULES, OPERATION_ACTIONS, type OperationAction } from './domain';
import { OperationCommandEntity } from './operation-command.entity';

/** Its auction ended before the restore, or it is not known which it was. */
const OF_BEFORE_RESTORE = `EXISTS (
  SELECT FROM recovery LEFT JOIN operation ON credit_operation_key = $2
    LEFT JOIN auction ON issuer_proposal_request_key = auction_key
  WHERE inclusion_limit_at IS NULL OR inclusion_limit_at < bids_from + interval '1 hour')`;

/** What is asked of QI about operations. */
@Injectable()
export class OperationCommandBook extends CommandBook<OperationAction> {
  constructor(cipher: FieldCipher) {
    super(
      {
        entity: OperationCommandEntity,
        name: 'operation_command',
        subjectColumn: 'credit_operation_key',
        askable: OPERATION_ACTIONS.filter((action) => ACTION_RULES[action].whenUnknown === 'inquire'),
        mayHaveBeenForgotten: OF_BEFORE_RESTORE,
      },
      cipher,
    );
  }
}
