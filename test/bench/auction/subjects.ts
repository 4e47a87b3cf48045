import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedPolicy } from '../../../src/policy/seed-policy';
import { createDataSource, migrate } from '../../../src/platform';
import { ServiceProcess } from '../../support/service-process';
import { Child } from './child';

/** What is measured, running in a process of its own. */
export interface Subject {
  /** Where it takes webhooks. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<unknown>;
}

export interface Surroundings {
  readonly databaseUrl: string;
  readonly qiUrl: string;
  /** A directory for its log. */
  readonly home: string;
}

export const SUBJECT_NAMES = ['usual', 'bare', 'grouped', 'arremate'] as const;
export type SubjectName = (typeof SUBJECT_NAMES)[number];

export const TITLES: Readonly<Record<SubjectName, string>> = {
  usual: 'the usual way',
  bare: 'bare pipeline',
  grouped: 'bare, group-committed',
  arremate: 'Arremate',
};

export const START: Readonly<Record<SubjectName, (surroundings: Surroundings) => Promise<Subject>>> = {
  usual: (surroundings) => startPeer('usual/main.js', [], surroundings),
  bare: (surroundings) => startPeer('bare-process.js', ['one-by-one'], surroundings),
  grouped: (surroundings) => startPeer('bare-process.js', ['group-committed'], surroundings),
  arremate: startArremate,
};

async function startPeer(
  script: string,
  args: readonly string[],
  { databaseUrl, qiUrl }: Surroundings,
): Promise<Subject> {
  const env = { ...process.env, DATABASE_URL: databaseUrl, QI_BASE_URL: qiUrl };
  const child = Child.fork(join(__dirname, script), args, env);
  const { port } = await child.said<{ port: number }>();
  return { url: `http://127.0.0.1:${port}/webhooks/qi`, pid: child.pid, stop: () => child.kill() };
}

/** The built service as production runs it, its log in a file. */
async function startArremate({ databaseUrl, qiUrl, home }: Surroundings): Promise<Subject> {
  await prepareDatabase(databaseUrl, home);
  const service = await ServiceProcess.start({
    databaseUrl,
    qiBaseUrl: qiUrl,
    env: { ARREMATE_LOG_FILE: join(home, 'arremate.log') },
  });
  return { url: `${service.url}/webhooks/qi`, pid: service.pid, stop: () => service.stop() };
}

/** All tables, and the seed policy with limits of exposure that a benchmark does not reach. */
export async function prepareDatabase(databaseUrl: string, home: string): Promise<void> {
  const seed = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as { exposure: object };
  const exposure = Object.fromEntries(Object.keys(seed.exposure).map((limit) => [limit, '9000000000.00']));
  const file = join(home, 'policy.json');
  writeFileSync(file, JSON.stringify({ ...seed, exposure }));
  await migrate(databaseUrl, { info: () => undefined, warn: console.warn });
  const dataSource = await createDataSource(databaseUrl, { poolSize: 1 }).initialize();
  try {
    await dataSource.transaction((tx) => seedPolicy(tx, file, new Date()));
  } finally {
    await dataSource.destroy();
  }
}
