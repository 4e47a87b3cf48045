import { Inject, Injectable } from '@nestjs/common';
import { CommandBook } from '../commands';
import type { Clock } from '../kernel';
import { CLOCK, FieldCipher } from '../platform';
import type { ProposalAction } from './domain';
import { ProposalCommandEntity } from './proposal-command.entity';

/** What is asked of QI about proposals. */
@Injectable()
export class ProposalCommandBook extends CommandBook<ProposalAction> {
  constructor(cipher: FieldCipher, @Inject(CLOCK) clock: Clock) {
    super(
      { entity: ProposalCommandEntity, name: 'proposal_command', subjectColumn: 'proposal_id' },
      cipher,
      clock,
    );
  }
}
