import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { readProgrammeTerms } from '../auction';
import { marginLine, type CellWorld } from '../decision/domain';
import { DAY_MS, calendarDateAt, type Clock } from '../kernel';
import { CLOCK, inTurns } from '../platform';
import { ActivePolicy, type CompiledLearning } from '../policy';
import { PricingDataService } from '../pricing';
import {
  bandsOfCell,
  Learner,
  payoutShare,
  readState,
  whatIf,
  type LearnerState,
  type ModelDocument,
  type PastBid,
  type WhatIf,
} from './domain';
import { learnerSettings } from './night-terms';
import { isWhole, RateModelDocuments } from './rate-model-documents.service';
import { seededStream } from './seeded-stream';
import { triedBids, type TriedBid, type TriedSelection } from './tried-bids';

export type WhatIfAsk = Omit<TriedSelection, 'segments'> & { readonly basisPoints: number };

/** By cell: reais of margin for each real lent at a rate, and the cost of a loan. */
type Worths = ReadonlyMap<
  number,
  { readonly perReal: (bp: number) => number; readonly cost: number } | undefined
>;

/** What would have come of the learned bids at rates some basis points away, from the rates that were tried by chance. */
@Injectable()
export class WhatIfs {
  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: ActivePolicy,
    private readonly pricing: PricingDataService,
    private readonly documents: RateModelDocuments,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Undefined where the active policy lets nothing be learnt: nothing was tried. */
  async of({ basisPoints, ...selection }: WhatIfAsk): Promise<WhatIf | undefined> {
    const { learning } = this.policies.current().compiled;
    if (learning === undefined) return undefined;
    const bids = await triedBids(this.dataSource, { ...selection, segments: learning.segmentsHash });
    const worths = await this.#worths(learning, new Set(bids.map(({ cell }) => cell)));
    const versions = await this.#versions(bids);
    const learner = new Learner(learnerSettings(learning));
    const past = await inTurns(pastBids(bids, learner, versions, worths));
    const random = seededStream(JSON.stringify([basisPoints, selection, bids.length]));
    return inTurns(whatIf(past, basisPoints, random));
  }

  /** With the economics of today: what a win is worth is the same on both sides of the question. */
  async #worths({ cells }: CompiledLearning, asked: ReadonlySet<number>): Promise<Worths> {
    const on = calendarDateAt(this.clock.now());
    const programme = readProgrammeTerms(join(process.cwd(), 'config', 'programme.json'));
    const world: CellWorld = { pricing: this.pricing.context, programme, on };
    const worths = new Map<number, { perReal: (bp: number) => number; cost: number } | undefined>();
    for (const at of asked) {
      await setImmediate(); // bids are made on the same thread
      const cell = cells[at];
      const perReal = cell && marginLine(cell, world);
      const cost = cell?.inputs(on)?.operatingCost;
      worths.set(
        at,
        perReal === undefined || cost === undefined ? undefined : { perReal, cost: Number(cost.toFixed()) },
      );
    }
    return worths;
  }

  async #versions(bids: readonly TriedBid[]): Promise<ReadonlyMap<string, LearnerState>> {
    const states = new Map<string, LearnerState>();
    for (const hash of new Set(bids.map(({ version }) => version))) {
      const stored = await this.documents.read(hash);
      if (stored === undefined || !isWhole(stored)) continue;
      states.set(hash, readState((JSON.parse(stored.text) as ModelDocument).state));
    }
    return states;
  }
}

/** In steps of one bid. */
function* pastBids(
  bids: readonly TriedBid[],
  learner: Learner,
  versions: ReadonlyMap<string, LearnerState>,
  worths: Worths,
): Generator<undefined, readonly PastBid[]> {
  const past: PastBid[] = [];
  for (const bid of bids) {
    const [state, worth] = [versions.get(bid.version), worths.get(bid.cell)];
    if (state !== undefined && worth !== undefined) past.push(pastBid(bid, learner, state, worth));
    yield;
  }
  return past;
}

function pastBid(
  bid: TriedBid,
  { winModel, acceptanceModel, settings }: Learner,
  state: LearnerState,
  { perReal, cost }: NonNullable<ReturnType<Worths['get']>>,
): PastBid {
  const paid = payoutShare(state.payouts, bandsOfCell(settings.segmentation, bid.cell)[0] ?? 0);
  return {
    day: Math.round(Date.parse(bid.day) / DAY_MS),
    arm: bid.arm,
    stepBp: bid.step_bp,
    propensities: bid.propensities,
    won: bid.won,
    model: (distanceBp) => {
      const rateBp = bid.centre_bp + distanceBp;
      const fromTable = rateBp - bid.reference_bp;
      const taken = acceptanceModel.probability(state.acceptance, bid.cell, fromTable) * paid;
      return {
        win: winModel.probability(state.win, bid.cell, fromTable),
        worth: taken * (bid.amount * perReal(rateBp) - cost),
      };
    },
  };
}
