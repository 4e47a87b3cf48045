import type { JsonObject } from '../kernel';
import type { AuctionEnd } from '../auction/domain';
import { Fields } from './fields';
import { unreadable, type Unreadable } from './unreadable';

export type AuctionEndReading = { readonly kind: 'read'; readonly end: AuctionEnd } | Unreadable;

/**
 * `laas.private_payroll_auction.end_of_auction` (QI manual 003, internal auction), unwrapped.
 * `signature_url` exists in QI's sandbox only and is not read. The manual says that each partner is told: one without a
 * proposal may be told of its loss by the request alone.
 */
export function readAuctionEnd(document: JsonObject): AuctionEndReading {
  const envelope = new Fields(document);
  const data = envelope.child('data');

  const [outerKey, innerKey] = [envelope.key('key'), data.key('auction_proposal_key')];
  const auctionProposalKey = innerKey ?? outerKey;
  if (outerKey !== undefined && outerKey !== auctionProposalKey) return unreadable('keys_disagree');

  const [outerStatus, innerStatus] = [envelope.word('status'), data.word('status')];
  const status = innerStatus ?? outerStatus ?? '';
  const creditOperationKey = data.key('credit_operation_key');
  const issuerProposalRequestKey = data.key('issuer_proposal_request_key');
  const outcome = data.has('credit_operation_key')
    ? outcomeWithKey(status, outerStatus ?? status, creditOperationKey)
    : outcomeWithoutKey(status, data);
  const isLossByRequest = outcome === 'lost' && issuerProposalRequestKey !== undefined;
  if (auctionProposalKey === undefined && !isLossByRequest) return unreadable('key_missing');
  return {
    kind: 'read',
    end: {
      auctionProposalKey,
      issuerProposalRequestKey,
      outcome,
      status,
      rankPosition: data.count('rank_position'),
      creditOperationKey,
    },
  };
}

function outcomeWithKey(
  status: string,
  outerStatus: string,
  operationKey: string | undefined,
): AuctionEnd['outcome'] {
  return status === 'won' && outerStatus === 'won' && operationKey !== undefined ? 'won' : 'unclear';
}

/**
 * The manual prints no lost auction; it says that its operation key is null, so a null settles it, whatever the
 * word. A "won" that does not mention the key at all is something else.
 */
function outcomeWithoutKey(status: string, data: Fields): AuctionEnd['outcome'] {
  return status === 'won' && !data.mentions('credit_operation_key') ? 'unclear' : 'lost';
}
