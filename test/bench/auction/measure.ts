import { emptyDatabase } from '../../support/test-database';
import { store } from './stored';
import type { Reading } from './meter';
import { ms, progress, Scene, type Burst, type Ground, type Latency, type Soak } from './scene';
import type { SubjectName } from './subjects';

export interface Figures {
  /** Auctions a second. */
  readonly sustained: number;
  readonly atHalf: Latency;
  readonly at25: Latency;
  readonly acknowledgementsPerSecond: number;
  readonly perAuction: Reading;
  readonly idleStatementsPerSecond: number;
  readonly burst: Burst;
  readonly repeated: number;
  readonly soak?: Soak;
}

/** The sustained rate once so many auctions are stored. */
export interface Growth {
  readonly stored: number;
  readonly sustained: number;
}

/** Several processes on one database. */
export interface Spread {
  readonly processes: number;
  readonly sustained: number;
  readonly repeated: number;
}

/** QI's usual pace is slow. */
const SLOW_PER_SECOND = 25;

/** Every figure of one subject. */
export async function measure(ground: Ground, name: SubjectName): Promise<Figures> {
  const { options } = ground;
  const scene = await Scene.open(ground, name);
  try {
    const sustained = await scene.sustained();
    const half = Math.max(1, Math.round(sustained / 2));
    const { latency: atHalf, perAuction: each } = await scene.cost(half, options.stepSeconds);
    scene.say(`${half}/s: p50 ${ms(atHalf.p50)}, p99 ${ms(atHalf.p99)}`);
    const at25 = await scene.latencyAt(SLOW_PER_SECOND, options.stepSeconds);
    scene.say(`25/s: p50 ${ms(at25.p50)}, p99 ${ms(at25.p99)}`);
    const idleStatementsPerSecond = await scene.idleStatementsPerSecond(options.idleSeconds);
    const acknowledgementsPerSecond = await scene.acknowledgementsPerSecond(options.acknowledgeSeconds);
    scene.say(`${acknowledgementsPerSecond.toFixed(0)} acknowledgements a second`);
    const burst = await scene.burst(name === 'usual' ? options.usualBurst : options.burst);
    scene.say(`burst: ${burst.inTime} of ${burst.pushed} in time, ${burst.bidsPerSecond.toFixed(0)}/s`);
    const repeated = await scene.repeated();
    const soak =
      name === 'arremate' && options.soakMinutes > 0
        ? await scene.soak(half, options.soakMinutes)
        : undefined;
    return {
      sustained,
      atHalf,
      at25,
      acknowledgementsPerSecond,
      perAuction: each,
      idleStatementsPerSecond,
      burst,
      repeated,
      ...(soak === undefined ? {} : { soak }),
    };
  } finally {
    await scene.close();
  }
}

/** Fills a database of Arremate's and looks for its sustained rate there. */
export async function measureGrowth(ground: Ground): Promise<Growth> {
  const databaseUrl = await emptyDatabase(ground.postgresUrl);
  // A thousand auctions of its own are what the stored ones are made from: the warm-up brings them.
  await (await Scene.open(ground, 'arremate', { databaseUrl })).close();
  await store(databaseUrl, ground.options.stored, progress);
  const scene = await Scene.open(ground, 'arremate', { databaseUrl });
  try {
    return { stored: ground.options.stored, sustained: await scene.sustained() };
  } finally {
    await scene.close();
  }
}

export async function measureSpread(ground: Ground): Promise<Spread> {
  const { processes } = ground.options;
  const scene = await Scene.open(ground, 'arremate', { processes });
  try {
    const sustained = await scene.sustained();
    return { processes, sustained, repeated: await scene.repeated() };
  } finally {
    await scene.close();
  }
}
