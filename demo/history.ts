import { Random } from '../sandbox/random';
import { addDays, type CalendarDate } from '../src/kernel';
import type { Settings } from '../src/platform';
import type { DatabaseClock } from './database-clock';
import { changeRates, type RateChange } from './policy-story';
import type { Product } from './product';
import {
  CHAPTERS,
  employersFrom,
  firstDay,
  isWeekend,
  MANDATE,
  momentOf,
  openingsOf,
  SEED,
  TURNS,
  worldAt,
} from './story';
import { workTheQueue } from './work-queue';
import type { StoryWorld } from './world';

const QUEUE_HOURS = [9.5, 12, 15.5, 18];
const EXPIRY_HOUR = 4;
const COMMITTEE_HOUR = 8.3;
const LEARNING_HOUR = 1.2;
/** A night takes most of a second: for a past, every other one is enough. */
const LEARNS_EVERY_DAYS = 2;

/** By days ago. */
const RATE_CHANGES: Readonly<Record<number, RateChange>> = {
  [CHAPTERS.rateCut]: {
    name: 'Consignado privado: taxas mais baixas, que podem aprender',
    reason: 'Comitê de crédito: ganhar participação, e aprender das vitórias e derrotas',
    learning: MANDATE,
    rows: { t2: '-0.0015', t3: '-0.001' },
  },
  [CHAPTERS.answer]: {
    name: 'Consignado privado: resposta ao mercado',
    reason: 'Comitê de crédito: o mercado baixou as taxas',
    rows: { t2: '-0.0012', t3: '-0.0012' },
  },
};
/** What is begun so shortly before the present is left to the sandbox that goes on from there. */
const NOTHING_NEW_MS = 5 * 60_000;

/** Plays the weeks up to now, step by step: QI and the market on one side, the product on the other. */
export class History {
  readonly #random = new Random(SEED, 'story');
  readonly #employers = employersFrom(new Random(SEED, 'employers'));
  /** How many of QI's webhooks have been handed over. */
  #delivered = 0;
  readonly #work: (() => Promise<void>)[] = [];

  constructor(
    private readonly world: StoryWorld,
    private readonly product: Product,
    private readonly databaseClock: DatabaseClock,
    private readonly settings: Settings,
  ) {}

  /** @param onDay told after each day how many are done */
  async play(now: Date, days: number, onDay: (done: number) => void): Promise<void> {
    const end = new Date(now.getTime() - NOTHING_NEW_MS);
    const first = firstDay(now, days);
    for (let done = 0; done <= days; done += 1) {
      const day = addDays(first, done);
      this.#plan(day, days - done, end);
      const tomorrow = momentOf(addDays(day, 1), 0);
      await this.#playUntil(tomorrow < end ? tomorrow : end);
      onDay(done + 1);
    }
  }

  #plan(day: CalendarDate, daysAgo: number, end: Date): void {
    const { timeline, qi } = this.world;
    const at = (hour: number, work: () => void): void => {
      const moment = momentOf(day, hour);
      if (moment < end) timeline.at(moment, work);
    };
    for (const hour of TURNS) at(hour, () => void qi.changeBehaviour(worldAt(daysAgo, hour)));
    for (const hour of openingsOf(this.#random, day)) {
      at(hour, () => {
        this.#openAuction();
      });
    }
    const queue = this.#later(() => workTheQueue(this.product, timeline.now(), end));
    if (!isWeekend(day)) for (const hour of QUEUE_HOURS) at(hour, queue);
    at(
      EXPIRY_HOUR,
      this.#later(() => this.product.expireAuctions()),
    );
    const learning = this.#later(() => this.product.learn());
    if (daysAgo % LEARNS_EVERY_DAYS === 0) at(LEARNING_HOUR, learning);
    const change = RATE_CHANGES[daysAgo];
    if (change === undefined) return;
    at(
      COMMITTEE_HOUR,
      this.#later(async () => {
        await changeRates(this.product, this.world.clock, this.settings, change);
        await this.product.learn();
      }),
    );
  }

  #openAuction(): void {
    const { qi } = this.world;
    const employer = this.#employers.draw(this.#random);
    qi.openAuction({
      ...(employer !== undefined && {
        request: { employer_document_type: 'cnpj', employer_document_number: employer },
      }),
      window_seconds: this.#random.pick([30, 45, 60, 90, 120]),
      step_seconds: this.#random.integer(300, 7_200),
    });
  }

  /** The timeline's appointments cannot wait: what takes a while is done right after them. */
  #later(work: () => Promise<void>): () => void {
    return () => void this.#work.push(work);
  }

  async #playUntil(end: Date): Promise<void> {
    const { timeline } = this.world;
    while (timeline.step(end)) {
      await this.databaseClock.set(timeline.now());
      for (const work of this.#work.splice(0)) await work();
      await this.#deliver();
    }
  }

  async #deliver(): Promise<void> {
    const { journal } = this.world.qi.delivery;
    while (this.#delivered < journal.total) {
      const event = journal.entries.at(this.#delivered - journal.total);
      this.#delivered += 1;
      if (event === undefined) continue;
      await this.product.receive(event.body);
      event.callbackStatus = 'sent';
    }
  }
}
