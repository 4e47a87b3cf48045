import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../sandbox/random';
import type { Finding } from './auditor';
import type { LogBook } from './log-book';
import { watchFromNow } from './personal-data';
import type { Scheduler } from './scheduler';
import type { SimulatedDatabase } from './simulated-database';
import type { SimulatedProcess } from './simulated-process';
import { mutated } from './webhook-mutations';

const PRINTED = join('test', 'contracts', 'qi', 'payloads');
const AT_ONCE = 40;
/** Time for what was received to be applied. */
const APPLY_MS = 400;
/** Retries of a handler that throws take their time. */
const LAST_CALM_MS = 60_000;
const LOOKS = 4;
const LOOK_AGAIN_MS = 5_000;
/** Keys that later webhooks name. */
const MOST_KEYS = 60;
/** Where a printed webhook says who somebody is. */
const WHO = /^((signer|mother)_)?(name|email)$|^(signer_)?document(_number)?$/;

export interface FuzzResult {
  readonly findings: readonly Finding[];
  /** What became of them. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Printed webhooks of every product, with mistakes, at the door of a process: stored, declined or parked, nothing thrown, and nobody named in the clear. */
export async function fuzzWebhooks(
  {
    process,
    scheduler,
    database,
    log,
  }: {
    readonly process: SimulatedProcess;
    readonly scheduler: Scheduler;
    readonly database: SimulatedDatabase;
    readonly log: LogBook;
  },
  seed: number,
  count: number,
): Promise<FuzzResult> {
  const random = new Random(seed, 'webhooks with mistakes');
  const printed = printedWebhooks();
  const people = peopleIn(printed);
  const watch = await watchFromNow(database.admin);
  const keys: string[] = [];
  const answers: Record<string, number> = {};
  const bodies = new Map<string, Buffer>();
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - sent) }, () =>
      mutated(random, random.pick(printed), keys),
    );
    for (const body of batch) noteKeys(body, keys, random);
    await scheduler.runWhile(
      Promise.all(
        batch.map(async (body) => {
          const status = await process.receive(body).catch(() => 500);
          answers[`answered_${status}`] = (answers[`answered_${status}`] ?? 0) + 1;
          if (status !== 200 && status !== 400) bodies.set(String(status), body);
        }),
      ),
      'webhooks with mistakes',
    );
    await scheduler.runUntil(scheduler.now + APPLY_MS);
  }
  await scheduler.runUntil(scheduler.now + LAST_CALM_MS);
  const { rows } = await database.admin.query<{ what: string; count: number }>(
    `SELECT concat_ws('_', status, reason) AS what, count(*)::int AS count FROM webhook_event GROUP BY 1`,
  );
  const left = await leftUnapplied(scheduler, database);
  const stored = Object.fromEntries(rows.map(({ what, count: of }) => [what, of]));
  const wrong = [
    ...[...bodies].map(([status, body]) => `answered ${status}: ${body.toString('utf8').slice(0, 500)}`),
    ...(stored['parked_handler_failed'] === undefined ? [] : ['a handler failed']),
    ...left.map((what) => `not applied: ${what}`),
    ...log.exceptions(),
  ];
  const hidden = [...(await watch.look(people)), ...log.holding(people)];
  return {
    findings: [
      ...wrong.map((what) => ({ invariant: 'no_exception' as const, what })),
      ...hidden.map((what) => ({ invariant: 'personal_data_is_hidden' as const, what })),
    ],
    counts: { ...answers, ...stored },
  };
}

/**
 * What waits for its other half is tried again now and then, and new for a moment; different requests under one key are applied
 * one with each sweep. So only what has not become less for a while is forgotten.
 */
async function leftUnapplied(scheduler: Scheduler, { admin }: SimulatedDatabase): Promise<readonly string[]> {
  let left: readonly string[] | undefined;
  for (let inVain = 0; inVain < LOOKS && left?.length !== 0;) {
    const { rows } = await admin.query<{ what: string }>(
      `SELECT concat_ws(' ', id, webhook_type, event_key, event_status, attempts) AS what
       FROM webhook_event WHERE status = 'new'`,
    );
    const found = rows.map(({ what }) => what);
    const before = left;
    left = before === undefined ? found : before.filter((what) => found.includes(what));
    inVain = before === undefined || left.length < before.length ? 0 : inVain + 1;
    await scheduler.runUntil(scheduler.now + LOOK_AGAIN_MS);
  }
  return left ?? [];
}

/** Of every product, as QI prints them. */
export function printedWebhooks(): readonly [string, ...string[]] {
  const texts = readdirSync(PRINTED, { recursive: true, encoding: 'utf8' })
    .filter((file) => /webhook-.*\.json$/.test(file))
    .sort()
    .map((file) => readFileSync(join(PRINTED, file), 'utf8'));
  const [first, ...rest] = texts;
  if (first === undefined) throw new Error(`no printed webhooks in ${PRINTED}`);
  return [first, ...rest];
}

/** A row of nines: nobody's document, and one of the mistakes too. */
const NOBODY = /^(\d)\1+$/;

/** @returns the names, addresses and documents of whoever the printed webhooks speak of */
export function peopleIn(printed: readonly string[]): ReadonlySet<string> {
  const people = new Set<string>();
  for (const text of printed)
    JSON.parse(text, (field, value: unknown) => {
      if (WHO.test(field) && typeof value === 'string' && !NOBODY.test(value)) people.add(value);
      return value;
    });
  return people;
}

/** What this webhook names exists from now on, perhaps. */
export function noteKeys(body: Buffer, keys: string[], random: Random): void {
  for (const [, key] of body.toString('utf8').matchAll(/"(?:\w*_)?key": ?"([^"]{8,60})"/g)) {
    if (key === undefined || keys.includes(key)) continue;
    if (keys.length < MOST_KEYS) keys.push(key);
    else keys[random.integer(0, MOST_KEYS - 1)] = key;
  }
}
