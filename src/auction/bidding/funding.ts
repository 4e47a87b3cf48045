import type { PolicyVersion } from '../../policy';
import {
  capsOfBid,
  limitReason,
  NOT_STOPPED,
  withoutFunding,
  type Decision,
  type StoppedBid,
} from '../../decision/domain';
import {
  usesOf,
  type Caps,
  type LimitUse,
  type Parties,
  type ReachedLimit,
  type Standings,
} from '../../exposure';
import { decide, type DecisionInputs } from '../domain/decide';

/** What a bid is held against. */
interface Money {
  readonly policy: PolicyVersion;
  readonly caps: Caps;
  readonly now: Date;
  readonly standings: Standings;
}

/** What was decided, and what it would come over. */
export interface HeldDecision {
  readonly inputs: DecisionInputs;
  readonly decision: Decision;
  /** Those that hold for it. */
  readonly caps: Caps;
  /** Every counter that a bid counts in; of no bid none. */
  readonly uses: readonly LimitUse[];
  readonly reached: readonly ReachedLimit[];
  /** The same as it is kept. */
  readonly stopped: StoppedBid;
}

/** A learned rate that the day's funding has no room for is not bid: the table is asked instead. */
export function decideWithinFunding(inputs: DecisionInputs, parties: Parties, money: Money): HeldDecision {
  const held = hold(inputs, parties, money);
  const { rateModel } = inputs;
  const isOver = held.caps !== money.caps && held.reached.some(({ name }) => name === 'per_day');
  if (rateModel === undefined || !isOver) return held;
  return hold({ ...inputs, rateModel: withoutFunding(rateModel) }, parties, money);
}

function hold(
  inputs: DecisionInputs,
  parties: Parties,
  { policy, caps, now, standings }: Money,
): HeldDecision {
  const decision = decide(inputs);
  if (decision.outcome === 'no_bid')
    return { inputs, decision, caps, uses: [], reached: [], stopped: NOT_STOPPED };
  const own = capsOfBid(caps, policy.compiled, decision.trace);
  const amount = decision.bid.disbursedIssueAmount;
  const uses = usesOf(amount, parties, now, own);
  const reached = standings.reachedBy(uses);
  const stopped =
    reached.length === 0 ? NOT_STOPPED : { added: reached.map(limitReason), stoppedAmount: amount };
  return { inputs, decision, caps: own, uses, reached, stopped };
}
