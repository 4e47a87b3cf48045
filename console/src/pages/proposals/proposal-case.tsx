import { List, Stack } from '@mantine/core';
import type { ProposalDetail } from '../../api/client';
import { monthlyRate, NOTHING, reais } from '../../format/format';
import { Facts } from '../../parts/facts';
import { WhatFollows } from '../../parts/what-follows';
import { PROPOSAL_CONSEQUENCE, PROPOSAL_STATUS, PROPOSAL_UNDO } from '../../words/proposal-words';
import { PRODUCT, wordOf } from '../../words/words';
import { whyNotOffered } from './event-facts';

/** What a person decides about before a proposal moves: whose, of how much, what is doubtful, and what follows. */
export function ProposalCase({
  proposal,
  action,
}: {
  readonly proposal: ProposalDetail;
  readonly action: ProposalDetail['next_actions'][number];
}) {
  const { borrower, offer } = proposal;
  const doubts = whyNotOffered(proposal);
  return (
    <Stack gap="sm">
      <Facts
        items={[
          ['Cliente', borrower.name ?? NOTHING],
          ['CPF', borrower.document_number],
          ['Produto', wordOf(PRODUCT, proposal.product)],
          ['Valor ao cliente', <b key="amount">{reais(proposal.disbursed_issue_amount)}</b>],
          ['Taxa', monthlyRate(offer?.monthly_interest_rate)],
          ['Situação', wordOf(PROPOSAL_STATUS, proposal.status)],
        ]}
      />
      {doubts.length > 0 && (
        <List size="sm">
          {doubts.map((each) => (
            <List.Item key={each}>{each}</List.Item>
          ))}
        </List>
      )}
      <WhatFollows consequence={wordOf(PROPOSAL_CONSEQUENCE, action)} undo={wordOf(PROPOSAL_UNDO, action)} />
    </Stack>
  );
}
