import { Inject, Injectable } from '@nestjs/common';
import { CommandSender, SenderGround } from '../commands';
import type { ProposalAction } from './domain';
import { ORIGINATION_LIMITS, type OriginationLimits } from './origination-limits';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalCommands } from './proposal-commands';
import type { ProposalEntity } from './proposal.entity';

/** Sends what is asked of QI about proposals. */
@Injectable()
export class ProposalCommandSender extends CommandSender<ProposalEntity, ProposalAction> {
  constructor(
    owner: ProposalCommands,
    book: ProposalCommandBook,
    @Inject(ORIGINATION_LIMITS) limits: OriginationLimits,
    ground: SenderGround,
  ) {
    super(owner, book, limits, ground);
  }
}
