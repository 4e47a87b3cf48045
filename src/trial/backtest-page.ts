import type { ProposalRequestReader } from '../auction';
import {
  deriveFacts,
  readDecisionContext,
  termsOf,
  type DecisionContext,
  type ProposalRequest,
} from '../auction/domain';
import type { Envelope } from '../inbox';
import { Decimal } from '../kernel';
import type { FieldCipher } from '../platform';
import { pricesAlike, type PolicyVersion } from '../policy/domain';
import type { PricingContext } from '../pricing/domain';
import { BacktestTally, type BacktestCounts } from './domain/backtest-tally';
import type { KnownOutcome } from './domain/win-tally';
import {
  capsOf,
  decideOn,
  declinedAfterAll,
  limitReasonsUnder,
  NOT_STOPPED,
  priceOffer,
  type Decision,
  type ProgrammeTerms,
} from '../decision/domain';

/** What a backtest reads requests and decides with. */
export interface BacktestWorld {
  readonly cipher: FieldCipher;
  readonly reread: (rawBody: Buffer) => Envelope | undefined;
  readonly read: ProposalRequestReader;
  readonly pricing: PricingContext;
  readonly programme: ProgrammeTerms;
}

/** The two versions held against each other. */
export interface BacktestVersions {
  readonly baseline: PolicyVersion;
  readonly candidate: PolicyVersion;
}

/** A stored request as it lies in the database, with what is known of its end. */
export interface StoredRow {
  readonly key: string;
  /** ISO 8601, to the microsecond: where the next page begins. */
  readonly received_at: string;
  readonly limit_at: string | null;
  readonly status: string;
  readonly content_hash: string;
  readonly raw_key_id: string;
  readonly raw_ciphertext: Buffer;
  /** JSON text: cheaper to hand to a thread than what it says. */
  readonly context: string | null;
  readonly won_rate: string | null;
}

/** Both versions on each request of a page after the newest that was erased, added up. Takes all it needs and writes nothing. */
export function pageDecider(
  world: BacktestWorld,
  versions: BacktestVersions,
): (rows: readonly StoredRow[]) => BacktestCounts {
  const sharePrices = pricesAlike(versions.baseline.compiled.policy, versions.candidate.compiled.policy);
  return (rows) => {
    const erased = rows.findLastIndex(isErased);
    const newest = rows[erased];
    const tally = new BacktestTally(newest && { keptAfter: newest.received_at, requests: erased + 1 });
    for (const row of rows.slice(erased + 1)) {
      const request = readRequest(world, row);
      if (request === undefined) {
        tally.setAside('unreadable');
        continue;
      }
      if (row.context === null) tally.setAside('assumed_standing');
      const moment = row.context === null ? onArrival(row) : readDecisionContext(JSON.parse(row.context));
      const price = sharePrices ? once(priceOffer) : priceOffer;
      const decisions = decideBoth(world, versions, request, moment, price);
      if (decisions === undefined) {
        tally.setAside('failed');
        continue;
      }
      const wasStopped = moment.added.length > 0;
      if (wasStopped && decisions.some(({ outcome }) => outcome === 'bid')) tally.setAside('limits_lifted');
      tally.add(request, ...decisions, outcomeOf(row));
    }
    return tally.counts;
  };
}

/** As retention leaves it: nothing, or the sealing of nothing. */
const isErased = ({ raw_ciphertext: ciphertext }: StoredRow): boolean => ciphertext.length <= NOTHING_SEALED;
const NOTHING_SEALED = 28;

function readRequest({ cipher, reread, read }: BacktestWorld, row: StoredRow): ProposalRequest | undefined {
  const sealed = { keyId: row.raw_key_id, ciphertext: row.raw_ciphertext };
  const raw = cipher.decryptOrTell(sealed, 'webhook_event.raw_ciphertext', row.content_hash);
  const envelope = raw && reread(raw);
  return envelope && read(envelope.document);
}

const NOTHING = new Decimal(0);

function onArrival({ received_at: arrival, limit_at: limitAt }: StoredRow): DecisionContext {
  return {
    context: {
      now: new Date(arrival),
      deadline: limitAt === null ? undefined : new Date(limitAt),
      liveOffers: { borrower: 0, employer: 0, lowestRate: undefined },
      exposure: { borrower: NOTHING, employer: NOTHING },
    },
    window: 'on_time',
    installmentBelow: undefined,
    rateModel: undefined,
    ...NOT_STOPPED,
  };
}

/** For versions that price alike: the same request gets the same offer, so it is worked out once. */
function once(price: typeof priceOffer): typeof priceOffer {
  let known: ReturnType<typeof priceOffer> | undefined;
  return (...asked) => (known ??= price(...asked));
}

function decideBoth(
  { pricing, programme }: BacktestWorld,
  { baseline, candidate }: BacktestVersions,
  request: ProposalRequest,
  moment: DecisionContext,
  price: typeof priceOffer,
): readonly [Decision, Decision] | undefined {
  try {
    const { context, window, added } = moment;
    const facts = deriveFacts(request, context);
    const under = (policy: PolicyVersion): Decision => {
      const inputs = { request, policy, pricing, programme, context, window, installmentBelow: undefined };
      const decision = decideOn(facts, termsOf(inputs), price);
      if (decision.outcome !== 'bid' || added.length === 0) return decision;
      const offered = decision.bid.disbursedIssueAmount;
      const reached = limitReasonsUnder(capsOf(policy.compiled), moment, offered);
      return reached.length > 0 ? declinedAfterAll(decision, reached) : decision;
    };
    return [under(baseline), under(candidate)];
  } catch {
    return undefined;
  }
}

function outcomeOf({ status, won_rate: rate }: StoredRow): KnownOutcome | undefined {
  return rate === null ? undefined : { won: status === 'won', monthlyInterestRate: new Decimal(rate) };
}
