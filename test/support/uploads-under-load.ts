import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Sandbox } from '../../sandbox';
import { HOSTILE_FILES } from './hostile-files';
import type { ServiceProcess } from './service-process';
import { waitFor } from './wait-for';
import { newCpf } from './webhooks';

export interface UploadWorld {
  readonly sandbox: Sandbox;
  readonly service: ServiceProcess;
  readonly sql: Pool;
}

/** A stretch of time with auctions, with or without files. */
export interface StretchFigures {
  readonly auctions: number;
  readonly bids: number;
  /** Auctions that no time was left for, or bids that reached QI after their limit. */
  readonly late: number;
  /** From the webhook's arrival until QI had the bid, in milliseconds. */
  readonly bid_p50_ms: number;
  readonly bid_p99_ms: number;
  /** The longest that anything waited for the service's own thread, each second, in milliseconds. */
  readonly loop_p50_ms: number;
  readonly loop_max_ms: number;
  readonly memory_max_mb: number;
  /** Answers to files, by their status. */
  readonly files: Readonly<Record<string, number>>;
}

interface SentFile {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer<ArrayBuffer>;
}

const CSV = 'text/csv';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const LISTS = '/api/v1/policies/lists';
const LIST_LINES = 200_000;

/** Auctions for so many seconds, and meanwhile so many people who send one file after the other. */
export async function stretch(
  { sandbox, service, sql }: UploadWorld,
  {
    perSecond,
    seconds,
    people,
  }: { readonly perSecond: number; readonly seconds: number; readonly people: number },
): Promise<StretchFigures> {
  const files = filesToSend();
  const begun = new Date();
  const opened = auctionsOf(sandbox);
  const answers: Record<string, number> = {};
  let isOver = false;
  const sending = Array.from({ length: people }, async (_, person) => {
    for (let turn = person; !isOver; turn += 1) {
      const status = await send(service, files[turn % files.length]);
      answers[status] = (answers[status] ?? 0) + 1;
      if (status === '503') await pause(200);
    }
  });
  sandbox.control.setBehaviour({ pace: { auctions_per_minute: perSecond * 60, window_seconds: 30 } });
  const samples: { readonly loop: number; readonly memory: number }[] = [];
  for (let second = 0; second < seconds; second += 1) {
    await pause(1_000);
    samples.push(await sampleOf(service));
  }
  sandbox.control.setBehaviour({ pace: { auctions_per_minute: 0 } });
  isOver = true;
  await Promise.all(sending);
  await settled(sql, begun, () => auctionsOf(sandbox) - opened);
  const loops = samples.map(({ loop }) => loop).toSorted((a, b) => a - b);
  return {
    ...(await bidsSince(sql, begun)),
    loop_p50_ms: Math.round(loops[loops.length >> 1] ?? 0),
    loop_max_ms: Math.round(loops.at(-1) ?? 0),
    memory_max_mb: Math.round(Math.max(...samples.map(({ memory }) => memory))),
    files: answers,
  };
}

/** What people send: a good list, a table, what is not what it says, and what is made to hurt. */
function filesToSend(): readonly SentFile[] {
  const cpfs = Array.from({ length: LIST_LINES }, (_, at) => `${newCpf(at + 1)}\n`).join('');
  const table = Buffer.from('linha;tenure_months\n'.concat('a;..12\n'.repeat(15_000)));
  const to = (path: string, type: string, body: Buffer<ArrayBuffer>): SentFile => ({ path, type, body });
  const tables = '/api/v1/policies/1/tables/precos/preview';
  return [
    to(`${LISTS}?field=borrower_cpf&source=bench`, CSV, Buffer.from(cpfs)),
    to(tables, CSV, table),
    ...HOSTILE_FILES.map(([, file]) => to(tables, XLSX, Buffer.from(file()))),
    to(`${LISTS}/preview?field=borrower_cpf`, CSV, Buffer.alloc(8 * 1024 * 1024, 'x')),
  ];
}

async function send(service: ServiceProcess, file: SentFile | undefined): Promise<string> {
  if (file === undefined) throw new Error('there are files to send');
  const response = await fetch(`${service.url}${file.path}`, {
    method: 'POST',
    headers: { ...service.credentials, 'content-type': file.type },
    body: file.body,
  }).catch(() => undefined);
  await response?.arrayBuffer().catch(() => undefined);
  return String(response?.status ?? 'cut');
}

const auctionsOf = (sandbox: Sandbox): number => sandbox.control.ledger().counts['auctions_opened'] ?? 0;

async function sampleOf(service: ServiceProcess): Promise<{ loop: number; memory: number }> {
  const { body } = await service.get('/metrics');
  const value = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(String(body))?.[1] ?? NaN);
  return {
    loop: value('nodejs_eventloop_lag_max_seconds') * 1_000,
    memory: value('process_resident_memory_bytes') / 1024 / 1024,
  };
}

/** Until every auction of the stretch has been decided and no bid of it is on its way. */
async function settled(sql: Pool, begun: Date, opened: () => number): Promise<void> {
  await waitFor(
    'every auction to be settled',
    async () => {
      const { rows } = await sql.query<{ all: number; open: number }>(
        `SELECT count(*)::int AS all, count(*) FILTER (WHERE auction.status IN ('open', 'bidding')
           OR bid.status IN ('intended', 'sending'))::int AS open
         FROM auction LEFT JOIN bid ON auction_key = issuer_proposal_request_key WHERE received_at >= $1`,
        [begun],
      );
      return (rows[0]?.all ?? 0) >= opened() && rows[0]?.open === 0 ? true : undefined;
    },
    { timeoutMs: 90_000, everyMs: 500 },
  );
}

async function bidsSince(
  sql: Pool,
  begun: Date,
): Promise<Pick<StretchFigures, 'auctions' | 'bids' | 'late' | 'bid_p50_ms' | 'bid_p99_ms'>> {
  const { rows } = await sql.query<Record<'auctions' | 'bids' | 'late' | 'p50' | 'p99', number | null>>(
    `SELECT count(DISTINCT issuer_proposal_request_key)::int AS auctions, count(submitted_at)::int AS bids,
       (count(*) FILTER (WHERE auction.status = 'missed' OR answered_at > submit_by))::int AS late,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - received_at) * 1000) AS p50,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - received_at) * 1000) AS p99
     FROM auction LEFT JOIN bid ON auction_key = issuer_proposal_request_key WHERE received_at >= $1`,
    [begun],
  );
  const [row] = rows;
  return {
    auctions: row?.auctions ?? 0,
    bids: row?.bids ?? 0,
    late: row?.late ?? 0,
    bid_p50_ms: Math.round(row?.p50 ?? NaN),
    bid_p99_ms: Math.round(row?.p99 ?? NaN),
  };
}
