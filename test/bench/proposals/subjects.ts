import { join } from 'node:path';
import { Pool } from 'pg';
import { engineFile } from '../../support/engine-file';
import { ServiceProcess } from '../../support/service-process';
import { waitFor } from '../../support/wait-for';
import { newCpf } from '../../support/webhooks';
import { Child } from '../auction/child';
import { prepareDatabase, type Subject, type Surroundings } from '../auction/subjects';

/** What is measured, and how it is asked for balances whose webhooks are to come. */
export interface Offering extends Subject {
  /** @returns the keys of so many balances that it waits for */
  await(count: number): Promise<readonly string[]>;
  /** SQL: `key`, and the row whose writing is the offer, as `offer`. */
  readonly offers: string;
}

export const TITLES = { bare: 'bare pipeline', arremate: 'Arremate' } as const;
export type SubjectName = keyof typeof TITLES;

/** As many at once as attendants might type. */
const LANES = 16;
const QUERY_PATIENCE_MS = 120_000;

export const START: Readonly<Record<SubjectName, (around: Surroundings) => Promise<Offering>>> = {
  bare: startBare,
  arremate: startArremate,
};

async function startBare({ databaseUrl, qiUrl }: Surroundings): Promise<Offering> {
  const env = { ...process.env, DATABASE_URL: databaseUrl, QI_BASE_URL: qiUrl };
  const child = Child.fork(join(__dirname, 'bare-process.js'), [], env);
  const { port } = await child.said<{ port: number }>();
  return {
    url: `http://127.0.0.1:${port}/webhooks/qi`,
    pid: child.pid,
    stop: () => child.kill(),
    await: (count) => Promise.resolve(Array.from({ length: count }, () => crypto.randomUUID())),
    offers: `SELECT key, xmin AS offer FROM offer`,
  };
}

/** The built service as production runs it, but for the lenders' quota of queries, which is not what is measured. */
async function startArremate({ databaseUrl, qiUrl, home }: Surroundings): Promise<Offering> {
  await prepareDatabase(databaseUrl, home);
  const service = await ServiceProcess.start({
    databaseUrl,
    qiBaseUrl: qiUrl,
    env: {
      ARREMATE_LOG_FILE: join(home, 'arremate.log'),
      ARREMATE_ENGINE_FILE: engineFile({ origination: { queries_per_second: 100 } }),
    },
  });
  const sql = new Pool({ connectionString: databaseUrl, max: 2 });
  return {
    url: `${service.url}/webhooks/qi`,
    pid: service.pid,
    stop: async () => {
      await sql.end();
      await service.stop();
    },
    await: (count) => openProposals(service, sql, count),
    offers: `SELECT balance_key AS key, xmin AS offer FROM proposal WHERE status = 'offered'`,
  };
}

let opened = 0;

async function openProposals(service: ServiceProcess, sql: Pool, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  const lane = async (): Promise<void> => {
    while (opened < goal) ids.push(await openProposal(service, (opened += 1)));
  };
  const goal = opened + count;
  await Promise.all(Array.from({ length: LANES }, lane));
  const keysOf = async (): Promise<readonly string[] | undefined> => {
    const { rows } = await sql.query<{ key: string }>(
      `SELECT balance_key AS key FROM proposal WHERE id = ANY ($1) AND balance_key IS NOT NULL`,
      [ids],
    );
    return rows.length === ids.length ? rows.map(({ key }) => key) : undefined;
  };
  return waitFor('the balances to be asked for', keysOf, { timeoutMs: QUERY_PATIENCE_MS, everyMs: 250 });
}

async function openProposal(service: ServiceProcess, number: number): Promise<string> {
  const { status, body } = await service.post('/api/v1/proposals', {
    product: 'fgts',
    document_number: newCpf(100_000_000 + number),
    person: { birth_date: '1985-03-10', is_pep: false },
  });
  if (status !== 202) throw new Error(`a proposal was answered ${status}: ${JSON.stringify(body)}`);
  return (body as { proposal_id: string }).proposal_id;
}
