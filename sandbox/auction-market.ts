import {
  calendarDateAt,
  completedMonths,
  Decimal,
  toEpochDay,
  type CalendarDate,
  type JsonObject,
} from '../src/kernel';
import type { Behaviour } from './behaviour';
import { dateOf, isNumber, textOf } from './fields';
import type { LoanFate } from './loan-plan';
import { Random } from './random';
import {
  cellAt,
  drawMarket,
  fateOf,
  rivalRates,
  SHARES,
  waveLevelBp,
  type MarketFamily,
  type RateMarket,
} from './rate-market';
import { normal } from './rate-market/variates';

export interface Rival {
  readonly monthlyInterestRate: Decimal;
  readonly bidsAt: Date;
}

/** What places a request in the market. */
export interface Placed {
  readonly request: JsonObject;
  readonly openedAt: Date;
}

const TENURE_CUTS = [12, 36];
const TERM_CUTS = [13, 25];
const AMOUNT_CUTS = [3_000, 10_000];
const WHOLE_BP = 10_000;
/** Rivals' rates are printed so finely that hardly any equals ours. */
const RATE_PLACES = 6;

/** The rate market as auctions meet it: the one that the learner is proved on (rate-market/). */
export class AuctionMarket {
  #drawn: { readonly family: MarketFamily; readonly number: number; readonly market: RateMarket } | undefined;

  constructor(private readonly rivals: () => Behaviour['rivals']) {}

  /** Who bids against us. */
  draw(random: Random, placed: Placed, limitAt: Date): readonly Rival[] {
    if (!random.chance(this.rivals().presence)) return [];
    const [from, until] = [placed.openedAt.getTime(), limitAt.getTime()];
    const level = this.levelBp(placed.openedAt);
    return rivalRates(this.#market, random, this.cellOf(placed), normal(random)).map((usualBp) => ({
      monthlyInterestRate: new Decimal(Math.max(0, usualBp + level))
        .dividedBy(WHOLE_BP)
        .toDecimalPlaces(RATE_PLACES),
      bidsAt: new Date(from + random.next() * (until - from)),
    }));
  }

  /** What becomes of our offer at a monthly rate, once it has won. */
  fate(random: Random, placed: Placed, monthlyInterestRate: Decimal): LoanFate {
    const market = this.#market;
    const cell = market.cells[this.cellOf(placed)];
    if (cell === undefined) throw new RangeError('no such cell of the market');
    const draws = { acceptDraw: random.next(), paidDraw: random.next() };
    const rateBp = monthlyInterestRate.times(WHOLE_BP).toNumber();
    const { accepted, paid } = fateOf(market, cell, draws, rateBp, this.levelBp(placed.openedAt));
    return paid ? 'paid' : accepted ? 'unpaid' : 'declined';
  }

  /** How far all rivals stand over their usual rates at a moment. */
  levelBp(at: Date): number {
    const { level_bp: level, wave_bp: wave, wave_days: days } = this.rivals();
    return level + waveLevelBp(toEpochDay(calendarDateAt(at)), wave, days);
  }

  /** What cannot be read of a request lies in the lowest band. */
  cellOf({ request, openedAt }: Placed): number {
    const amount = request['disbursed_issue_amount'] ?? request['disbursed_amount'];
    return cellAt(
      this.#employerBand(textOf(request['employer_document_number'])),
      bandOf(tenureMonths(dateOf(request['admission_date']), calendarDateAt(openedAt)), TENURE_CUTS),
      bandOf(numberOf(request['number_of_installments']), TERM_CUTS),
      bandOf(numberOf(amount), AMOUNT_CUTS),
    );
  }

  get #market(): RateMarket {
    const { family, market: number } = this.rivals();
    if (this.#drawn?.family !== family || this.#drawn.number !== number)
      this.#drawn = { family, number, market: drawMarket(family, number) };
    return this.#drawn.market;
  }

  /** Rivals know how large an employer is; a request does not say it. The root of the CNPJ draws it, for ever. */
  #employerBand(document: string): number {
    const root = document.replace(/\W/g, '').slice(0, 8);
    const shares = Object.fromEntries(SHARES.employer.map((share, band) => [band, share]));
    return Number(new Random(this.rivals().market, `employer ${root}`).weighted(shares));
  }
}

function bandOf(value: number, cuts: readonly number[]): number {
  return cuts.filter((cut) => value >= cut).length;
}

function tenureMonths(admission: CalendarDate | undefined, on: CalendarDate): number {
  return admission === undefined ? 0 : completedMonths(admission, on);
}

function numberOf(value: JsonObject[string] | undefined): number {
  return isNumber(value) ? value.toNumber() : 0;
}
