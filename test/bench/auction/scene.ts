import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { emptyDatabase } from '../../support/test-database';
import { now, pause } from './clock';
import { Counterpart } from './counterpart';
import { Load, type Pushed, type Route } from './load';
import { perAuction, rssMb, type Meter, type Reading } from './meter';
import type { Options } from './options';
import { Requests } from './requests';
import { step, sustainedRate } from './steps';
import { START, TITLES, type Subject, type SubjectName } from './subjects';

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export interface Burst {
  readonly pushed: number;
  /** Reached QI before their limit. */
  readonly inTime: number;
  /** Did not, by how many seconds ahead their limit was. */
  readonly lost: Readonly<Record<string, number>>;
  /** From the first webhook to the last bid. */
  readonly seconds: number;
  readonly bidsPerSecond: number;
}

/** Resident memory of the service under steady load. */
export interface Soak {
  readonly minutes: number;
  readonly perSecond: number;
  readonly auctions: number;
  readonly bids: number;
  readonly samplesMb: readonly number[];
  /** Least squares over the samples behind the first quarter. */
  readonly mbPerHour: number;
}

/** Where all is measured: one server, a directory for files. */
export interface Ground {
  readonly postgresUrl: string;
  readonly meter: Meter;
  readonly home: string;
  readonly requests: Requests;
  readonly options: Options;
}

/** Rates to begin with: near what was measured before, so that the search is short. */
const FIRST_GUESS: Readonly<Record<SubjectName, number>> = {
  usual: 80,
  bare: 500,
  grouped: 1_500,
  arremate: 500,
};
const WARM_UP_SECONDS = 6;
const SOAK_SAMPLE_SECONDS = 10;
const QUIET_MS = 5_000;
const MOST_IDLE_LOOKS = 12;
const STILL_FALLING = 0.9;

export function progress(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

/** One subject or several processes of it on a database of their own, with QI and load. */
export class Scene {
  private constructor(
    readonly ground: Ground,
    readonly name: SubjectName,
    readonly databaseUrl: string,
    readonly counterpart: Counterpart,
    readonly subjects: readonly Subject[],
    readonly load: Load,
  ) {}

  /** @param databaseUrl an empty one unless given. @param others databases of one more process each */
  static async open(
    ground: Ground,
    name: SubjectName,
    {
      processes = 1,
      databaseUrl,
      others = [],
      route,
    }: {
      readonly processes?: number;
      readonly databaseUrl?: string;
      readonly others?: readonly string[];
      readonly route?: Route;
    } = {},
  ): Promise<Scene> {
    const url = databaseUrl ?? (await emptyDatabase(ground.postgresUrl));
    await ground.meter.checkpoint();
    const counterpart = await Counterpart.start();
    const subjects: Subject[] = [];
    for (const its of [...Array.from({ length: processes }, () => url), ...others]) {
      const home = mkdtempSync(join(ground.home, `${name}-`));
      subjects.push(await START[name]({ databaseUrl: its, qiUrl: counterpart.url, home }));
    }
    const load = new Load(
      ground.requests,
      subjects.map((subject) => subject.url),
      route,
    );
    const scene = new Scene(ground, name, url, counterpart, subjects, load);
    await scene.#warmUp();
    return scene;
  }

  async close(): Promise<void> {
    await this.load.close();
    await Promise.all(this.subjects.map((subject) => subject.stop()));
    await this.counterpart.stop();
  }

  say(line: string): void {
    progress(`${TITLES[this.name]}: ${line}`);
  }

  sustained(): Promise<number> {
    const { stepSeconds } = this.ground.options;
    return sustainedRate(async (perSecond) => {
      const result = await step(this.load, this.counterpart, perSecond, stepSeconds);
      const { bids, pushed, p50, p99 } = result;
      this.say(`${perSecond}/s: ${bids} of ${pushed} bid on, p50 ${ms(p50)}, p99 ${ms(p99)}`);
      return result;
    }, FIRST_GUESS[this.name]);
  }

  latencyAt(perSecond: number, seconds: number): Promise<Latency> {
    return step(this.load, this.counterpart, perSecond, seconds);
  }

  /** Latency and what each auction uses, at one rate. */
  async cost(perSecond: number, seconds: number): Promise<{ latency: Latency; perAuction: Reading }> {
    const before = await this.#read();
    const latency = await step(this.load, this.counterpart, perSecond, seconds);
    return { latency, perAuction: perAuction(before, await this.#read(), latency.pushed) };
  }

  /** Once what the load has left is caught up with: as soon as it no longer becomes less, after so many looks at most. */
  async idleStatementsPerSecond(seconds: number): Promise<number> {
    let present = await this.#statementsPerSecond(seconds);
    for (let look = 1; look < MOST_IDLE_LOOKS; look += 1) {
      const before = present;
      present = await this.#statementsPerSecond(seconds);
      if (present > before * STILL_FALLING) break;
    }
    return present;
  }

  async #statementsPerSecond(seconds: number): Promise<number> {
    const before = await this.#read();
    const begun = now();
    await pause(seconds * 1_000);
    const after = await this.#read();
    return (after.statements - before.statements) / ((now() - begun) / 1_000);
  }

  async acknowledgementsPerSecond(seconds: number): Promise<number> {
    const before = await this.counterpart.bids();
    const { perSecond, pushed } = await this.load.acknowledgements(seconds);
    await this.counterpart.settled(before + pushed, QUIET_MS);
    await this.counterpart.report();
    return perSecond;
  }

  async burst(webhooks: number): Promise<Burst> {
    const before = await this.counterpart.bids();
    const pushed = await this.load.burst(webhooks);
    await this.counterpart.settled(before + pushed.length, QUIET_MS);
    const { received } = await this.counterpart.report();
    return burstOf(pushed, received);
  }

  async repeated(): Promise<number> {
    return (await this.counterpart.report()).repeated;
  }

  async soak(perSecond: number, minutes: number): Promise<Soak> {
    const samples: number[] = [];
    const before = await this.counterpart.bids();
    const until = now() + minutes * 60_000;
    let auctions = 0;
    while (now() < until) {
      auctions += (await this.load.atRate(perSecond, SOAK_SAMPLE_SECONDS)).length;
      samples.push(rssMb(this.subjects[0]?.pid ?? NaN));
      await this.counterpart.report(); // so that it need not remember
      if (samples.length % 6 === 0) this.say(`${auctions} auctions, ${Math.round(samples.at(-1) ?? NaN)} MB`);
    }
    await this.counterpart.settled(before + auctions, QUIET_MS);
    const bids = (await this.counterpart.bids()) - before;
    const mbPerHour = slope(samples.slice(Math.floor(samples.length / 4))) * (3_600 / SOAK_SAMPLE_SECONDS);
    return { minutes, perSecond, auctions, bids, samplesMb: samples.map(Math.round), mbPerHour };
  }

  #read(): Promise<Reading> {
    return this.ground.meter.read(
      this.databaseUrl,
      this.subjects.map(({ pid }) => pid),
    );
  }

  async #warmUp(): Promise<void> {
    await step(this.load, this.counterpart, FIRST_GUESS[this.name] / 2, WARM_UP_SECONDS);
  }
}

function burstOf(pushed: readonly Pushed[], received: ReadonlyMap<string, number>): Burst {
  const lost: Record<string, number> = {};
  let [inTime, lastBid] = [0, NaN];
  const first = pushed[0]?.at ?? NaN;
  for (const { key, at, windowSeconds } of pushed) {
    const bidAt = received.get(key) ?? Infinity;
    if (bidAt - at < windowSeconds * 1_000) inTime += 1;
    else lost[`${windowSeconds} s`] = (lost[`${windowSeconds} s`] ?? 0) + 1;
    if (bidAt < Infinity && !(bidAt <= lastBid)) lastBid = bidAt;
  }
  const seconds = (lastBid - first) / 1_000;
  return { pushed: pushed.length, inTime, lost, seconds, bidsPerSecond: inTime / seconds };
}

/** Of the least-squares line through values that are one apart. */
function slope(values: readonly number[]): number {
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  const [middle, level] = [(values.length - 1) / 2, mean(values)];
  const over = values.reduce((sum, value, at) => sum + (at - middle) * (value - level), 0);
  return over / values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
}

export function ms(value: number): string {
  return `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
