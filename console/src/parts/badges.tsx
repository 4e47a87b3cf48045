import { Badge } from '@mantine/core';
import {
  AUCTION_COLOR,
  AUCTION_STATUS,
  MARGIN_COLOR,
  MARGIN_STATUS,
  OPERATION_COLOR,
  OPERATION_STATUS,
  POLICY_COLOR,
  POLICY_STATE,
  wordOf,
} from '../words/words';
import { PROPOSAL_COLOR, PROPOSAL_STATUS } from '../words/proposal-words';

function badge(words: Readonly<Record<string, string>>, colors: Readonly<Record<string, string>>) {
  return function StatusBadge({
    status,
    size = 'md',
  }: {
    readonly status: string;
    readonly size?: 'sm' | 'md' | 'lg';
  }) {
    return (
      <Badge
        variant="light"
        color={colors[status] ?? 'gray'}
        size={size}
        tt="none"
        fw={600}
        className="badge"
      >
        {wordOf(words, status)}
      </Badge>
    );
  };
}

export const AuctionBadge = badge(AUCTION_STATUS, AUCTION_COLOR);
export const OperationBadge = badge(OPERATION_STATUS, OPERATION_COLOR);
export const MarginBadge = badge(MARGIN_STATUS, MARGIN_COLOR);
export const ProposalBadge = badge(PROPOSAL_STATUS, PROPOSAL_COLOR);
export const PolicyBadge = badge(POLICY_STATE, POLICY_COLOR);
