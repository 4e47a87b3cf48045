import { Decimal } from '../../kernel';
import {
  LIMIT_NAMES,
  limitsReached,
  type LimitName,
  type LimitUse,
  type Parties,
  type ReachedLimit,
} from './limits';

/** Where we stand with a borrower and an employer, apart from the auction that asks. Undefined: not known who. */
export interface Standing {
  /** Our offers that QI has, may have or is about to get, until they expire. */
  readonly borrowerOffers: number | undefined;
  readonly employerOffers: number | undefined;
  /** Lowest monthly rate among the borrower's; undefined when there is none. */
  readonly lowestRate: Decimal | undefined;
  /** Reais reserved and committed. */
  readonly borrowerExposure: Decimal | undefined;
  readonly employerExposure: Decimal | undefined;
  /** Which state of the borrower's counter this was read from. */
  readonly revision: string;
}

/** Our live offers to one borrower or employer, as they were read. */
export interface LiveOffers {
  readonly whose: 'per_borrower' | 'per_employer';
  /** Blind index in hex. */
  readonly key: string;
  readonly offers: number;
  /** Lowest monthly rate among them; undefined when there is none. */
  readonly lowestRate: Decimal | undefined;
}

/** A counter of a limit, as it was read. */
export interface CounterState {
  readonly name: LimitName;
  readonly key: string;
  readonly used: Decimal;
  readonly revision: string;
}

/** What a batch of bids adds to one counter. */
export interface CounterChange {
  /** Place of its limit in the order of locks. */
  readonly place: number;
  readonly name: LimitName;
  readonly key: string;
  readonly amount: Decimal;
  /** Where the counter may stand with all of them, so that each bid, in the order of the batch, keeps its own cap. */
  readonly cap: Decimal | undefined;
  /** The state it was read in. */
  readonly revision: string;
}

const ZERO = new Decimal(0);
const UNUSED = { used: ZERO, revision: '0' };
const NO_OFFERS = { offers: 0, lowestRate: undefined };

/**
 * Where we stand with everybody whom a batch of auctions concerns: as it was read, and with what has been reserved in
 * the batch since, so that two auctions of one borrower in one batch see each other. Nothing is written here.
 */
export class Standings {
  readonly #offers = new Map<string, { readonly offers: number; readonly lowestRate: Decimal | undefined }>();
  readonly #counters = new Map<string, { readonly used: Decimal; readonly revision: string }>();
  readonly #changes = new Map<string, CounterChange>();

  constructor(offers: readonly LiveOffers[], counters: readonly CounterState[]) {
    for (const { whose, key, ...live } of offers) this.#offers.set(id(whose, key), live);
    for (const { name, key, ...state } of counters) this.#counters.set(id(name, key), state);
  }

  of({ borrower, employer }: Parties): Standing {
    const borrowerKey = borrower?.toString('hex') ?? '';
    const employerKey = employer?.toString('hex') ?? '';
    const ofBorrower = this.#offers.get(id('per_borrower', borrowerKey)) ?? NO_OFFERS;
    const ofEmployer = this.#offers.get(id('per_employer', employerKey)) ?? NO_OFFERS;
    return {
      borrowerOffers: borrower && ofBorrower.offers,
      employerOffers: employer && ofEmployer.offers,
      lowestRate: ofBorrower.lowestRate,
      borrowerExposure: borrower && this.#usedOf('per_borrower', borrowerKey),
      employerExposure: employer && this.#usedOf('per_employer', employerKey),
      revision: this.#stateOf('per_borrower', borrowerKey).revision,
    };
  }

  /** The limits that an offer would go beyond. */
  reachedBy(uses: readonly LimitUse[]): readonly ReachedLimit[] {
    return limitsReached(uses, (name, key) => this.#usedOf(name, key));
  }

  /** From here on the batch sees this offer. */
  reserve({ borrower, employer }: Parties, monthlyInterestRate: Decimal, uses: readonly LimitUse[]): void {
    this.#addOffer('per_borrower', borrower, monthlyInterestRate);
    this.#addOffer('per_employer', employer, monthlyInterestRate);
    for (const { name, key, amount, cap } of uses) {
      if (key === undefined) continue;
      const before = this.#changes.get(id(name, key));
      this.#changes.set(id(name, key), {
        place: LIMIT_NAMES.indexOf(name),
        name,
        key,
        amount: before?.amount.plus(amount) ?? amount,
        cap: leastOf(before?.cap?.plus(amount), cap),
        revision: this.#stateOf(name, key).revision,
      });
    }
  }

  /** What the offers of the batch add to each counter. */
  changes(): readonly CounterChange[] {
    return [...this.#changes.values()];
  }

  #addOffer(whose: LiveOffers['whose'], index: Buffer | undefined, rate: Decimal): void {
    if (index === undefined) return;
    const at = id(whose, index.toString('hex'));
    const { offers, lowestRate } = this.#offers.get(at) ?? NO_OFFERS;
    this.#offers.set(at, {
      offers: offers + 1,
      lowestRate: lowestRate === undefined ? rate : Decimal.min(lowestRate, rate),
    });
  }

  #stateOf(name: LimitName, key: string): { readonly used: Decimal; readonly revision: string } {
    return this.#counters.get(id(name, key)) ?? UNUSED;
  }

  #usedOf(name: LimitName, key: string): Decimal {
    return this.#stateOf(name, key).used.plus(this.#changes.get(id(name, key))?.amount ?? ZERO);
  }
}

function leastOf(one: Decimal | undefined, other: Decimal | undefined): Decimal | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Decimal.min(one, other);
}

function id(name: LimitName, key: string): string {
  return `${name} ${key}`;
}
