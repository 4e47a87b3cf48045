import { createHash } from 'node:crypto';
import { canonicalText, type CalendarDate } from '../kernel';
import { cellTerms, learnedFunds, type CellWorld } from '../decision/domain';
import {
  capsOn,
  type CompiledLearning,
  type CompiledPolicy,
  type LegalCaps,
  type Mandate,
} from '../policy/domain';
import {
  ACCEPTANCE_PRIOR,
  bandsOfCell,
  PAYOUT_PRIOR,
  WHOLE,
  WIN_PRIOR,
  type LearnerSettings,
  type NightTerms,
  type Propensities,
  type RateTable,
  type Segmentation,
  type TableLimits,
} from './domain';

/** What a night is told besides the policy: plain data, so that it may cross to another thread. */
export interface NightOrder {
  /** The last day that is learnt from; the version bids on the day after. */
  readonly through: CalendarDate;
  readonly on: CalendarDate;
  readonly watchedFrom: string;
  /** Of the last version of a day before, with the same cells; empty: the tables of the policy. */
  readonly lastTables: readonly RateTable[];
  readonly learnedShare: number;
}

/** Shares of a bid beside the best rate known: how a share of 36 % and of 10 % are spread over the arms. */
const SEARCHING: Propensities = [500, 1_300, 6_400, 1_300, 500];
const CERTAIN: Propensities = [100, 400, 9_000, 400, 100];
const PART_OF_VARIANCE = 0.2;
const DRIFT = { slack: 0.75, alarmAt: 5, quietDays: 8, alarmDays: 2 };
const ALARM_DRIFT = 0.4;
/** From the end of the acceptance to the payment, in days. */
const PAID_WITHIN = 5;

export function nightTerms(
  { policy }: Pick<CompiledPolicy, 'policy'>,
  learning: CompiledLearning,
  world: Omit<CellWorld, 'on'> & { readonly caps: LegalCaps },
  order: NightOrder,
): NightTerms {
  const { mandate } = learning;
  const segmentation = segmentationOf(learning);
  const cap = capsOn(world.caps, order.on).rate;
  const ceilingBp =
    cap === undefined
      ? WHOLE
      : Math.floor(Number(cap.maximum.times(WHOLE).toFixed())) - (cap.exclusive ? 1 : 0);
  const cells = learning.cells.map((cell, at) =>
    cell === undefined
      ? undefined
      : cellTerms(
          cell,
          { ...world, on: order.on },
          {
            minimumMarginBp: mandate.minimum_margin_bp,
            ceilingBp,
            payoutGroup: bandsOfCell(segmentation, at)[0] ?? 0,
          },
        ),
  );
  const references = learning.cells.map((cell) => cell?.referenceBp);
  const funds = learnedFunds({ policy, learning });
  const acceptedAfter = policy.pricing.days_to_expiration;
  return {
    settings: learnerSettings(learning),
    references,
    cells,
    declarations: learning.declarations,
    limits: limitsOf(mandate),
    minimumBids: mandate.minimum_bids,
    validityDays: mandate.validity_days,
    acceptedAfter,
    paidAfter: acceptedAfter + PAID_WITHIN,
    through: order.through,
    watchedFrom: order.watchedFrom,
    lastTables: order.lastTables.length > 0 ? order.lastTables : [tableOf(references, cells)],
    dailyFunding: funds && Number(funds.toFixed()),
    learnedShare: order.learnedShare,
  };
}

/** What a version's rates rest on besides policy and mandate: which entry of the economics, and the dated tables. */
export function assumptionsHash(policy: CompiledPolicy, on: CalendarDate, dataSha256: string): string {
  const entry = policy.policy.economics?.inputs.findLast(({ from }) => from <= on)?.from ?? null;
  return createHash('sha256')
    .update(canonicalText({ entry, data: dataSha256 }))
    .digest('hex');
}

/** Rates of two axes at least are learnt together. */
function segmentationOf({ axes }: CompiledLearning): Segmentation {
  const named = axes.map(({ column, bands }) => ({ name: column, bands: bands.length }));
  return { axes: named.length > 1 ? named : [...named, { name: 'all', bands: 1 }] };
}

/** What the learner of a mandate is. */
export function learnerSettings(learning: CompiledLearning): LearnerSettings {
  const segmentation = segmentationOf(learning);
  return {
    segmentation,
    winPrior: WIN_PRIOR,
    acceptancePrior: ACCEPTANCE_PRIOR,
    payoutPrior: PAYOUT_PRIOR,
    payoutGroups: segmentation.axes[0]?.bands ?? 1,
    drift: DRIFT,
    alarmDrift: ALARM_DRIFT,
  };
}

function limitsOf({ speed_limit_bp: speedLimitBp, exploration }: Mandate): TableLimits {
  const share = Number(exploration.share);
  return {
    speedLimitBp,
    exploration: {
      stepsBp: exploration.steps_bp,
      searching: scaled(SEARCHING, share),
      certain: scaled(CERTAIN, share),
      partOfVariance: PART_OF_VARIANCE,
      budget: share === 0 ? -1 : Number(exploration.budget),
    },
  };
}

/** As wide as they are, or narrower: no more than the share is bid beside the centre. */
function scaled([lowest, low, centre, high, highest]: Propensities, share: number): Propensities {
  const part = Math.min(1, (share * WHOLE) / (WHOLE - centre));
  const [a, b, c, d] = [lowest, low, high, highest].map((each) => Math.floor(each * part)) as [
    number,
    number,
    number,
    number,
  ];
  return [a, b, WHOLE - a - b - c - d, c, d];
}

/** The policy's own rates, which the first version is held against. */
function tableOf(references: NightTerms['references'], cells: NightTerms['cells']): RateTable {
  return references.map((reference, at) => ({
    ratesBp: (cells[at]?.amounts ?? [0]).map(() => reference ?? null),
    stepsFrom: [],
    floorBp: reference ?? 0,
    ceilingBp: reference ?? 0,
    exploration: { stepBp: 0, propensities: [0, 0, WHOLE, 0, 0] },
  }));
}
