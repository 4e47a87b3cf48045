import { capsOfBid, withoutFunding, type Decision, type PolicyVersion } from '../../decision/domain';
import { usesOf, type Caps, type LimitUse, type Parties, type Standings } from '../../exposure';
import { decide, type DecisionInputs } from '../domain/decide';

/** What a bid is held against. */
interface Money {
  readonly policy: PolicyVersion;
  readonly caps: Caps;
  readonly now: Date;
  readonly standings: Standings;
}

type BidDecision = Extract<Decision, { readonly outcome: 'bid' }>;

/** Every counter that a bid counts in, with the caps that hold for it. */
export function usesOfBid(
  { bid, trace }: BidDecision,
  parties: Parties,
  { policy, caps, now }: Omit<Money, 'standings'>,
): readonly LimitUse[] {
  return usesOf(bid.disbursedIssueAmount, parties, now, capsOfBid(caps, policy.compiled, trace));
}

/** A learned rate that the day's funding has no room for is not bid: the table is asked instead. */
export function decideWithinFunding(
  inputs: DecisionInputs,
  parties: Parties,
  terms: Money,
): { readonly inputs: DecisionInputs; readonly decision: Decision } {
  const decision = decide(inputs);
  const { rateModel } = inputs;
  if (rateModel === undefined || decision.outcome === 'no_bid') return { inputs, decision };
  const over = terms.standings.reachedBy(usesOfBid(decision, parties, terms));
  const isOwn = capsOfBid(terms.caps, terms.policy.compiled, decision.trace) !== terms.caps;
  if (!isOwn || over.every(({ name }) => name !== 'per_day')) return { inputs, decision };
  const atTable = { ...inputs, rateModel: withoutFunding(rateModel) };
  return { inputs: atTable, decision: decide(atTable) };
}
