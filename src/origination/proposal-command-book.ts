import { Injectable } from '@nestjs/common';
import { CommandBook } from '../commands';
import { FieldCipher } from '../platform';
import { PROPOSAL_ACTION_RULES, PROPOSAL_ACTIONS, type ProposalAction } from './domain';
import { ProposalCommandEntity } from './proposal-command.entity';

/** What is asked of QI about proposals. */
@Injectable()
export class ProposalCommandBook extends CommandBook<ProposalAction> {
  constructor(cipher: FieldCipher) {
    super(
      {
        entity: ProposalCommandEntity,
        name: 'proposal_command',
        subjectColumn: 'proposal_id',
        askable: PROPOSAL_ACTIONS.filter((action) => PROPOSAL_ACTION_RULES[action].whenUnknown === 'inquire'),
        mayHaveBeenForgotten: `EXISTS (
          SELECT FROM recovery JOIN proposal ON proposal.id = $2 WHERE created_at < bids_from)`,
      },
      cipher,
    );
  }
}
