import { Injectable } from '@nestjs/common';

import { Decimal } from '../../kernel';
import { ProblemException, ReadDatabase } from '../../platform';
import { AuctionCounts } from '../auction-counts.service';
import type { AuctionFilter } from '../auction-filter';
import { wilsonInterval } from '../domain';
import { EmployerNames } from '../explore/employer-names.service';
import {
  answeredEnds,
  MEASURES,
  realisedCents,
  reais,
  sumsIn,
  type SumName,
  type Sums,
} from '../explore/measures';
import { readWithin } from '../read-within';
import type { ChartsView } from './charts.dto';
import {
  countedFromFacts,
  countedFromSums,
  isSummed,
  MAX_EMPLOYERS,
  type PartName,
  type PartsStatement,
  withoutRates,
} from './counted-parts';

/** What takes longer than this to count whole is counted of the newest. */
const WHOLE_MS = 3_000;
const LONGEST_MS = 10_000;
const NEWEST = 100_000;
const MAX_REASONS = 15;
/** Of each month or day; enough to know the few at the top, as employers are. */
const EMPLOYERS_LOOKED_AT = 60;
/** The facts of some days are read once and kept in memory meanwhile. */
const WORK_MEM = '64MB';

/** How far an auction and its loan came, and the reais of it: asked for; from the win on, lent. */
const STEPS = [
  ['received', 'requests', 'asked'],
  ['decided_to_bid', 'decided', 'decided_asked'],
  ['bid', 'bids', 'bids_asked'],
  ['won', 'won', 'won_amount'],
  ['signed', 'signed', 'signed_amount'],
  ['reserved', 'reserved', 'reserved_amount'],
  ['disbursed', 'paid', 'paid_amount'],
] as const satisfies readonly (readonly [string, SumName, SumName])[];

interface Counted {
  readonly value: string | null;
  readonly sums: Sums;
  /** Of employers: how many requests one may have at the most that is not among them. */
  readonly beyond?: bigint;
}
type Parts = Readonly<Record<PartName | 'employers', readonly Counted[]>>;

/** The same auctions seen from several sides: all that pass the filter, from the daily sums or the facts. */
@Injectable()
export class Charts {
  constructor(
    private readonly database: ReadDatabase,
    private readonly names: EmployerNames,
    private readonly counts: AuctionCounts,
  ) {}

  /** @throws ProblemException 503 when even the newest take too long */
  async of(filter: AuctionFilter): Promise<ChartsView> {
    const { parts, isLimited } = await this.#count(filter);
    const all = parts.funnel[0]?.sums ?? sumsIn({});
    const margins = parts.rates.filter(({ value, sums }) => value !== null && sums.won_known > 0n);
    return {
      limited_to: isLimited && all.requests >= NEWEST ? NEWEST : null,
      funnel: STEPS.map(([step, n, amount]) => ({ step, count: Number(all[n]), amount: reais(all[amount]) })),
      reasons: reasonsOf(parts.reasons),
      rates: numbered(parts.rates).flatMap(({ value, sums }) => winRate(value, sums)),
      margins: numbered(margins).map(({ value, sums }) => marginOf(value, sums)),
      won_without_margin: Number(all.won) - margins.reduce((sum, one) => sum + Number(one.sums.won_known), 0),
      hours: numbered(parts.hours).map(({ value, sums }) => ({ hour: value, ...countsOf(sums) })),
      terms: numbered(parts.terms)
        .filter(({ sums }) => sums.bids > 0n)
        .map(({ value, sums }) => ({ term: value, bid: Number(sums.bids), won: Number(sums.won) })),
      employers: await this.#employers(parts.employers),
      tenures: numbered(parts.tenures).map(({ value, sums }) => ({
        from_months: value,
        ...countsOf(sums),
      })),
      seconds_left: numbered(parts.seconds_left).map(({ value, sums }) => ({
        from: value,
        bids: Number(sums.requests),
      })),
    };
  }

  async #count(filter: AuctionFilter): Promise<{ readonly parts: Parts; readonly isLimited: boolean }> {
    if (isSummed(filter)) {
      const parts = await this.#read(countedFromSums(filter, EMPLOYERS_LOOKED_AT), LONGEST_MS);
      if (areTheMost(parts.employers)) return { parts, isLimited: false };
      return { parts: await this.#read(countedFromSums(filter, null), LONGEST_MS), isLimited: false };
    }
    // Few are found by the indexes of the list; more, by reading the facts.
    const isFew = typeof (await this.counts.upTo(withoutRates(filter))) === 'number';
    try {
      return { parts: await this.#read(countedFromFacts(filter, { isFew }), WHOLE_MS), isLimited: false };
    } catch (error) {
      if (!(error instanceof ProblemException)) throw error;
      return {
        parts: await this.#read(countedFromFacts(filter, { newest: NEWEST }), LONGEST_MS),
        isLimited: true,
      };
    }
  }

  #read({ sql, parameters }: PartsStatement, longestMs: number): Promise<Parts> {
    return readWithin(this.database, longestMs, async (tx) => {
      await tx.query(`SET LOCAL work_mem = '${WORK_MEM}'`);
      const [row] = await tx.query<Record<keyof Parts, Readonly<Record<string, string | null>>[]>[]>(sql, [
        ...parameters,
      ]);
      if (row === undefined) throw new Error('the charts have no row');
      const parts = Object.entries(row).map(([name, found]) => [
        name,
        found.map(({ value = null, beyond, ...sums }) => ({
          value,
          sums: sumsIn(sums),
          beyond: BigInt(beyond ?? 0),
        })),
      ]);
      return Object.fromEntries(parts) as Parts;
    });
  }

  async #employers(most: readonly Counted[]): Promise<ChartsView['employers']> {
    const employers = most.map(({ value, sums }) => ({
      mark: Buffer.from(value ?? '', 'hex').toString('base64url'),
      sums,
    }));
    const names = await this.names.of(employers.map(({ mark }) => mark));
    return employers.map(({ mark, sums }) => ({
      mark,
      document_number: names.get(mark) ?? null,
      ...countsOf(sums),
      amount: reais(sums.asked),
    }));
  }
}

/** Whether nobody who was not looked at can be among them. */
function areTheMost(employers: readonly Counted[]): boolean {
  const { sums, beyond = 0n } = employers.at(-1) ?? {};
  return beyond === 0n || (employers.length === MAX_EMPLOYERS && (sums?.requests ?? 0n) > beyond);
}

/** Those whose value is known, in the order of it. */
function numbered(counted: readonly Counted[]) {
  return counted
    .flatMap(({ value, sums }) => (value === null ? [] : [{ value: Number(value), sums }]))
    .toSorted((one, other) => one.value - other.value);
}

const fraction = (millionths: number): string => new Decimal(millionths).div(1_000_000).toFixed();

function reasonsOf(counted: readonly Counted[]): ChartsView['reasons'] {
  return counted
    .map(({ value, sums }) => ({
      code: value ?? '',
      count: Number(sums.requests),
      amount: reais(sums.asked),
    }))
    .toSorted((one, other) => other.count - one.count || one.code.localeCompare(other.code))
    .slice(0, MAX_REASONS);
}

function countsOf({ requests, bids, won }: Sums) {
  return { received: Number(requests), bid: Number(bids), won: Number(won) };
}

function winRate(rate: number, sums: Sums): ChartsView['rates'] {
  if (sums.won + sums.lost === 0n) return [];
  const ends = answeredEnds(sums);
  const [won, lost] = [Number(ends.won), Number(ends.lost)];
  const interval = wilsonInterval(won, won + lost);
  return [
    {
      from: fraction(rate),
      won: Number(sums.won),
      lost: Number(sums.lost),
      answered: { won, lost },
      win_rate: interval?.share ?? null,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
    },
  ];
}

function marginOf(rate: number, sums: Sums): ChartsView['margins'][number] {
  return {
    from: fraction(rate),
    won: Number(sums.won_known),
    expected: MEASURES.expected_margin.of(sums).value,
    realised: reais(realisedCents(sums)),
  };
}
