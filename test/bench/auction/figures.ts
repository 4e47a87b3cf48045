import { CostMeter, costsOfEach, residentMb, type Costs } from './costs';
import { makeRequests, Pusher, type Pushed } from './load';
import type { Counterpart, Subject, SubjectName } from './subjects';

/** From the sending of a webhook to the proposal's arrival at QI, in milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

export interface Burst {
  readonly pushed: number;
  readonly inTime: number;
  /** By the seconds that their auctions were open. */
  readonly lostByWindow: Readonly<Record<number, number>>;
  readonly lost: number;
  /** From the first webhook to the last proposal. */
  readonly seconds: number;
}

export interface Soak {
  readonly minutes: number;
  readonly perSecond: number;
  readonly mbAtStart: number;
  readonly mbAtEnd: number;
  /** Of the straight line that fits best. */
  readonly mbAnHour: number;
}

export interface SubjectFigures {
  readonly sustained: number;
  readonly half: Latencies;
  readonly slow: Latencies;
  readonly acknowledged: number;
  readonly each: Costs;
  readonly idleStatements: number;
  readonly burst: Burst;
  readonly soak?: Soak;
}

export interface Effort {
  readonly stepSeconds: number;
  readonly burst: number;
  readonly soakMinutes: number;
}

type Say = (line: string) => void;

/** Where the search for the highest rate begins: a third or so of what is expected. */
const FIRST_GUESS: Readonly<Record<SubjectName, number>> = {
  usual: 40,
  bare: 250,
  grouped: 800,
  arremate: 200,
};
const P99_BOUND_MS = 1_000;
const SLOW_RATE = 25;
const WARM_UP_SECONDS = 4;
const IDLE_SECONDS = 10;
const ACKNOWLEDGE_SECONDS = 5;
const CONNECTIONS = 64;
/** More than anybody acknowledges in that time. */
const MOST_ACKNOWLEDGED = 40_000;

/** Everything about one subject, in one run. */
export async function measure(
  subject: Subject,
  counterpart: Counterpart,
  effort: Effort,
  say: Say,
): Promise<SubjectFigures> {
  const bench = new SubjectBench(
    subject,
    counterpart,
    await CostMeter.open(subject.databaseUrl, subject.pids),
  );
  try {
    await bench.atRate(FIRST_GUESS[subject.name] / 2, WARM_UP_SECONDS);
    const sustained = await bench.highestRate(FIRST_GUESS[subject.name], effort.stepSeconds, say);
    const half = await bench.atRate(sustained / 2, effort.stepSeconds);
    say(`half of it: p50 ${half.p50} ms, p99 ${half.p99} ms`);
    const slow = await bench.atRate(SLOW_RATE, effort.stepSeconds);
    const idleStatements = await bench.idle();
    const soak =
      effort.soakMinutes > 0 ? await bench.soak(sustained / 2, effort.soakMinutes, say) : undefined;
    const burst = await bench.burst(effort.burst);
    say(`burst: ${burst.inTime} of ${burst.pushed} in time, ${burst.seconds.toFixed(1)} s`);
    const acknowledged = await bench.acknowledgements();
    return {
      sustained,
      half,
      slow,
      acknowledged,
      each: half.each,
      idleStatements,
      burst,
      ...(soak && { soak }),
    };
  } finally {
    await bench.close();
  }
}

interface Step extends Latencies {
  readonly isSustained: boolean;
  readonly each: Costs;
}

class SubjectBench {
  readonly #pusher: Pusher;

  constructor(
    private readonly subject: Subject,
    private readonly counterpart: Counterpart,
    private readonly meter: CostMeter,
  ) {
    this.#pusher = new Pusher(subject.ports, CONNECTIONS);
  }

  async close(): Promise<void> {
    this.#pusher.close();
    await this.meter.close();
  }

  /** Half as much again until it is too much, then between the two. */
  async highestRate(from: number, seconds: number, say: Say): Promise<number> {
    let good = 0;
    let bad = Infinity;
    for (let rate = from, tries = 0; tries < 9; tries += 1) {
      const { isSustained, p50, p99 } = await this.atRate(rate, seconds);
      say(`${rate.toFixed(0)}/s: p50 ${p50} ms, p99 ${p99} ms${isSustained ? '' : ' (too much)'}`);
      if (isSustained) good = rate;
      else bad = rate;
      if (bad / good < 1.08) break;
      rate = bad === Infinity ? rate * 1.5 : good === 0 ? rate / 2 : (good + bad) / 2;
    }
    return good;
  }

  async atRate(perSecond: number, seconds: number): Promise<Step> {
    await this.counterpart.forget();
    const requests = makeRequests(Math.round(perSecond * seconds));
    const before = await this.meter.read();
    const refused = await this.#pusher.pushAtRate(requests, perSecond);
    const latencies = await this.#latenciesOf(requests);
    const after = await this.meter.read();
    const at = (share: number): number => latencies[Math.ceil(share * latencies.length) - 1] ?? Infinity;
    const [p50, p99] = [at(0.5), at(0.99)];
    const each = costsOfEach(before, after, requests.length);
    const isSustained = refused === 0 && p99 < P99_BOUND_MS && latencies.at(-1) !== Infinity;
    return { p50, p99, each, isSustained };
  }

  /** In order; infinite for those that never came. Waits a few seconds for the last ones. */
  async #latenciesOf(requests: readonly Pushed[], waitMs = 3_000): Promise<readonly number[]> {
    const until = performance.now() + waitMs;
    for (;;) {
      const received = await this.counterpart.received();
      const latencies = requests.map(({ key, sentAt }) => (received[key]?.[0] ?? Infinity) - sentAt);
      if (latencies.every(Number.isFinite) || performance.now() > until)
        return latencies.sort((a, b) => a - b);
      await pause(200);
    }
  }

  async idle(): Promise<number> {
    const before = await this.meter.read();
    await pause((IDLE_SECONDS - 1) * 1_000);
    const after = await this.meter.read();
    return (after.statements - before.statements) / IDLE_SECONDS;
  }

  async acknowledgements(): Promise<number> {
    await this.counterpart.forget();
    const requests = makeRequests(MOST_ACKNOWLEDGED);
    const began = performance.now();
    const taken = await this.#pusher.pushAtOnce(requests, CONNECTIONS, ACKNOWLEDGE_SECONDS * 1_000);
    return taken / ((performance.now() - began) / 1_000);
  }

  async burst(size: number): Promise<Burst> {
    await this.counterpart.forget();
    const requests = makeRequests(size, [60, 30]);
    await this.#pusher.pushAtOnce(requests, CONNECTIONS);
    const lastLimit = Math.max(...requests.map(({ limitAt }) => limitAt));
    await this.#latenciesOf(requests, lastLimit - Date.now());
    const received = await this.counterpart.received();
    const lost = requests.filter(({ key, limitAt }) => (received[key]?.[0] ?? Infinity) > limitAt);
    const times = requests.flatMap(({ key }) => received[key] ?? []);
    const first = Math.min(...requests.map(({ sentAt }) => sentAt));
    const lostByWindow: Record<number, number> = {};
    for (const { windowSeconds } of lost)
      lostByWindow[windowSeconds] = (lostByWindow[windowSeconds] ?? 0) + 1;
    const last = times.reduce((latest, at) => Math.max(latest, at), first);
    return {
      pushed: size,
      inTime: size - lost.length,
      lost: lost.length,
      lostByWindow,
      seconds: (last - first) / 1_000,
    };
  }

  async soak(perSecond: number, minutes: number, say: Say): Promise<Soak> {
    const samples: { readonly hours: number; readonly mb: number }[] = [];
    const began = performance.now();
    const [pid = 0] = this.subject.pids;
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.atRate(perSecond, 57);
      samples.push({ hours: (performance.now() - began) / 3_600_000, mb: residentMb(pid) });
      say(`minute ${minute + 1} of ${minutes}: ${samples.at(-1)?.mb.toFixed(0)} MB`);
    }
    const [first, last] = [samples[0]?.mb ?? NaN, samples.at(-1)?.mb ?? NaN];
    return { minutes, perSecond, mbAtStart: first, mbAtEnd: last, mbAnHour: slopeOf(samples) };
  }
}

/** Least squares. */
function slopeOf(samples: readonly { readonly hours: number; readonly mb: number }[]): number {
  const mean = (of: (sample: (typeof samples)[number]) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [hours, mb] = [mean((sample) => sample.hours), mean((sample) => sample.mb)];
  const spread = mean((sample) => (sample.hours - hours) ** 2);
  return mean((sample) => (sample.hours - hours) * (sample.mb - mb)) / spread;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
