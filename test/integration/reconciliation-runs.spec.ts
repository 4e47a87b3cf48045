import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source';
import type { AuditTrail, InstanceRegistry, Settings } from '../../src/platform';
import { ExposureBook } from '../../src/exposure';
import { MINUTE_MS, HOUR_MS, systemClock } from '../../src/kernel';
import type { OperationService } from '../../src/operation';
import { GapBook } from '../../src/reconciliation/gap-book.service';
import type {
  Notification,
  NotificationDesk,
  NotificationList,
  NotificationQuery,
  ResendAnswer,
} from '../../src/reconciliation/ports';
import { Reconciliation } from '../../src/reconciliation/reconciliation.service';
import { RunBook } from '../../src/reconciliation/run-book.service';
import { RecoveryBook, type RestoreSteps } from '../../src/recovery';
import { FakeReservationDesk } from '../support/fake-reservation-desk';
import { prometheusRules, samplesFor } from '../support/prometheus-rules';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const FIGURES = { gapsFound: 0, gapsClosed: 0, calls: 1, resent: 0, refused: 0 };

describe("how far QI's list of failures has been read", () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let book: RunBook;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.serviceUrl).initialize();
    book = new RunBook(dataSource, { id: randomUUID() } as InstanceRegistry);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function readUntil(moment: Date): Promise<Date | undefined> {
    await book.close((await book.open('test')) ?? '', 'done', FIGURES, moment);
    return book.scannedUntil();
  }

  it('is not further than it can have been, whatever the clock of the process that read it', async () => {
    const before = new Date(Date.now() - HOUR_MS);
    expect(await readUntil(before)).toEqual(before);
    // An hour of failures would be passed over by everybody (npm run simulate -- --rounds 35000-35019).
    const until = await readUntil(new Date(Date.now() + HOUR_MS));
    expect(until?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(until?.getTime()).toBeGreaterThan(before.getTime());
  });

  it('is no further after runs that could read nothing of it', async () => {
    const until = await book.scannedUntil();
    for (const result of ['qi_unavailable', 'limit_of_calls', 'failed'] as const)
      await book.close((await book.open('test')) ?? '', result, FIGURES);
    expect(await book.scannedUntil()).toEqual(until);
  });
});

describe('what QI told in a time that was lost with a restore', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let gaps: GapBook;
  const settings = {
    QI_TIMEOUT_MS: 1_000,
    engine: {
      reconciliation: {
        ...{ auction_quiet_minutes: 15, operation_quiet_minutes: 60, signature_quiet_hours: 24 },
        ...{ ask_again_seconds: 60, ask_again_max_minutes: 60, give_up_days: 14, every_seconds: 60 },
        ...{ scan_overlap_minutes: 30, first_scan_hours: 24, keep_days: 90 },
        ...{ max_calls: 120, calls_per_second: 1_000, resends_per_gap: 25 },
      },
    },
  } as unknown as Settings;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.serviceUrl).initialize();
    gaps = new GapBook(dataSource, settings);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('is asked for anew, also what was asked for and had come before; once for each restore', async () => {
    const [eventKey, originKey] = [randomUUID(), randomUUID()];
    const one = { eventKey, callbackKey: 'callback', originKey, since: new Date() };
    const told = [one, one]; // as listed at the edge of two windows
    expect(await gaps.findUndelivered(told)).toEqual({ webhook_undelivered: 1 });
    const [gap] = await gaps.due(1);
    if (gap === undefined) throw new Error('nothing is due');
    await gaps.postpone(gap, [eventKey]);
    await gaps.close(gap);
    expect(await gaps.findUndelivered(told)).toEqual({});
    const restoredAt = new Date(Date.now() + 1);
    expect(await gaps.findLost(told, restoredAt)).toEqual({ webhook_undelivered: 1 });
    expect(await gaps.due(2)).toMatchObject([{ key: eventKey, asked: 0, resent: [] }]);
    expect(await gaps.findLost(told, new Date(restoredAt.getTime() - HOUR_MS))).toEqual({});
  });

  it('is looked for from before the first repetition of what came then, and each is sent twice', async () => {
    await dataSource.query(`UPDATE reconciliation_gap SET closed_at = now(), closed_as = 'arrived'`);
    const knownUntil = Date.now() - HOUR_MS;
    await dataSource.query(
      `INSERT INTO recovery (found_by, sign, ended_generations, known_until, bids_from, counts)
       VALUES ('test', 'behind', '{}', $1, now(), '{}')`,
      [new Date(knownUntil)],
    );
    const qi = new ListingQi();
    // Repeated for 12 minutes, and taken only after the copy had been made; the other one was told and taken before.
    const repeated = qi.told(new Date(knownUntil - 12 * MINUTE_MS));
    qi.told(new Date(knownUntil - 40 * MINUTE_MS));
    const reconciliation = reconciliationWith(qi);
    const again = () => dataSource.query(`UPDATE reconciliation_gap SET next_ask_at = now()`);
    expect(await reconciliation.run('test')).toMatchObject({ gapsFound: 1, gapsClosed: 0, resent: 1 });
    await again();
    expect(await reconciliation.run('test')).toMatchObject({ gapsFound: 0, gapsClosed: 0, resent: 1 });
    await again();
    expect(await reconciliation.run('test')).toMatchObject({ gapsClosed: 1, resent: 0 });
    expect(qi.resent).toEqual([repeated, repeated]);
  });

  it('is asked for of an older restore too once the newest was asked for whole, to the microsecond', async () => {
    await dataSource.query(`UPDATE recovery SET asked_until = bids_from`);
    await dataSource.query(
      `INSERT INTO recovery (found_by, sign, ended_generations, known_until, bids_from, counts)
       SELECT 'test', 'behind', '{}', at - interval '10 minutes', at + interval '500 microseconds', '{}'
       FROM (VALUES (3), (1)) AS past (hours), date_trunc('milliseconds', now() - hours * interval '1 hour') AS at`,
    );
    const reconciliation = reconciliationWith(new ListingQi());
    for (let run = 1; run <= 2; run += 1) await reconciliation.run('test');
    expect(
      await dataSource.query(
        `SELECT date_trunc('milliseconds', bids_from) - asked_until = interval '0' AS "isWhole"
         FROM recovery ORDER BY id DESC LIMIT 2`,
      ),
    ).toEqual([{ isWhole: true }, { isWhole: true }]);
  });

  it('is not taken for come by a process whose clock is an hour behind', async () => {
    const qi = new ListingQi();
    const eventKey = qi.told(new Date(Date.now() - MINUTE_MS), 'failed');
    expect(await reconciliationWith(qi).run('test')).toMatchObject({ gapsFound: 1, resent: 1 });
    await dataSource.query(`UPDATE reconciliation_gap SET next_ask_at = now() WHERE closed_at IS NULL`);
    const behind = { ...systemClock, now: () => new Date(Date.now() - HOUR_MS) };
    expect(await reconciliationWith(qi, behind).run('test')).toMatchObject({ gapsClosed: 0 });
    await dataSource.query(`UPDATE reconciliation_gap SET next_ask_at = now() WHERE closed_at IS NULL`);
    expect(await reconciliationWith(qi).run('test')).toMatchObject({ gapsClosed: 0, resent: 1 });
    expect(qi.resent).toEqual([eventKey, eventKey]);
  });

  it('is asked for although what QI says of another cannot be used', async () => {
    await dataSource.query(`UPDATE reconciliation_gap SET closed_at = now(), closed_as = 'arrived'`);
    const qi = new ListingQi();
    const odd = qi.told(new Date(Date.now() - MINUTE_MS), 'failed');
    const others = [1, 2].map(() => qi.told(new Date(Date.now() - MINUTE_MS), 'failed'));
    qi.cannotResend = odd;
    expect(await reconciliationWith(qi).run('test')).toMatchObject({
      result: 'done',
      gapsFound: 3,
      resent: 2,
    });
    expect(qi.resent.toSorted()).toEqual(others.toSorted());
    const [gap] = await dataSource.query<{ asked: number }[]>(
      `SELECT asked FROM reconciliation_gap WHERE key = $1 AND next_ask_at > now()`,
      [odd],
    );
    expect(gap?.asked).toBe(1);
  });

  it('is asked for although QI gives no answer to the sending of another, and that one has its turn again', async () => {
    const qi = await withNothingOpen();
    const odd = qi.told(new Date(Date.now() - 2 * MINUTE_MS), 'failed');
    qi.unanswered = odd;
    expect(await reconciliationWith(qi).run('test')).toMatchObject({ result: 'qi_unavailable', resent: 0 });
    const others = [1, 2].map(() => qi.told(new Date(Date.now() - MINUTE_MS), 'failed'));
    expect(await reconciliationWith(qi).run('test')).toMatchObject({ resent: 2 });
    expect(qi.resent.toSorted()).toEqual(others.toSorted());
    await dueAgain();
    const before = qi.calls;
    expect(await reconciliationWith(qi).run('test')).toMatchObject({ result: 'qi_unavailable', resent: 0 });
    expect(qi.calls - before).toBe(3); // what failed, whether it still is, and its sending
    expect(await gapOf(odd)).toEqual({ asked: 2, isDue: false });
  });

  it('is asked for although QI does not say what became of a loan', async () => {
    const qi = await withNothingOpen();
    const reservations = new FakeReservationDesk();
    reservations.isDown = true;
    await dataSource.query(
      `INSERT INTO operation (credit_operation_key, status, status_since, origin, auction_key, opened_at, product)
       VALUES ('unheard', 'signed', now() - interval '2 hours', 'auction', 'unheard', now() - interval '2 hours', 'private_payroll')`,
    );
    const ofTheLoan = qi.told(new Date(Date.now() - HOUR_MS));
    qi.told(new Date(Date.now() - MINUTE_MS), 'failed');
    const reconciliation = reconciliationWith(qi, systemClock, settings, new Registry(), reservations);
    expect(await reconciliation.run('test')).toMatchObject({ result: 'qi_unavailable', resent: 3 });
    expect(qi.resent).toContain(ofTheLoan);
    await dataSource.query(`DELETE FROM operation WHERE credit_operation_key = 'unheard'`);
  });

  it('has its turn, one a run and soon again, while QI answers nothing at all', async () => {
    const qi = await withNothingOpen();
    const told = [3, 2, 1].map((minutes) => qi.told(new Date(Date.now() - minutes * MINUTE_MS), 'failed'));
    qi.refuses = true;
    await reconciliationWith(qi).run('test');
    await dueAgain();
    qi.answersNothing = true;
    for (let run = 1; run <= told.length; run += 1) {
      const before = qi.calls;
      expect(await reconciliationWith(qi).run('test')).toMatchObject({ result: 'qi_unavailable' });
      expect(qi.calls - before).toBe(3); // what failed, the same of a shorter time, and one gap
    }
    // As if it had not been asked about: after a long outage nothing is to wait as long again.
    expect(await openGaps()).toEqual(told.map(() => ({ asked: 1, isDue: false })));
    qi.answersNothing = false;
    qi.refuses = false;
    await dueAgain();
    expect(await reconciliationWith(qi).run('test')).toMatchObject({ result: 'done', resent: 3 });
  });

  it('is read in short pieces where QI gives no answer for a long time', async () => {
    const qi = await withNothingOpen();
    await dataSource.query(`DELETE FROM reconciliation_run`);
    const early = qi.told(new Date(Date.now() - 23.5 * HOUR_MS), 'failed');
    const late = qi.told(new Date(Date.now() - MINUTE_MS), 'failed');
    qi.longestMs = 5 * MINUTE_MS;
    const reconciliation = reconciliationWith(qi);
    expect(await reconciliation.run('test')).toMatchObject({ gapsFound: 1, resent: 1 });
    expect(qi.resent).toEqual([early]);
    for (let run = 2; run <= 8 && qi.resent.length < 2; run += 1) await reconciliation.run('test');
    expect(qi.resent).toEqual([early, late]);
  });

  it('is asked for although QI gives no answer to its lists, and the run is not called well', async () => {
    const qi = await withNothingOpen();
    qi.told(new Date(Date.now() - MINUTE_MS), 'failed');
    qi.refuses = true;
    await reconciliationWith(qi).run('test');
    await dataSource.query(`UPDATE reconciliation_gap SET asked = 0 WHERE closed_at IS NULL`);
    await dueAgain();
    await dataSource.query(`UPDATE recovery SET asked_until = bids_from`);
    await lostSince(new Date(Date.now() - HOUR_MS), new Date());
    qi.refuses = false;
    qi.longestMs = 0;
    expect(await reconciliationWith(qi).run('test')).toMatchObject({ result: 'qi_unavailable', resent: 1 });
    await expect(reconciliationWith(qi).runOnSchedule()).rejects.toThrow('its list: HTTP 504');
    qi.longestMs = Infinity;
    await reconciliationWith(qi).runOnSchedule();
    await dataSource.query(`UPDATE recovery SET asked_until = bids_from`);
  });

  it('is asked for again after a while that the database reckons, and left to people after days', async () => {
    const listed = { callbackKey: 'callback', originKey: undefined, since: new Date() };
    await dataSource.query(`UPDATE reconciliation_gap SET closed_at = now(), closed_as = 'arrived'`);
    await gaps.findUndelivered([
      { ...listed, eventKey: 'new' },
      { ...listed, eventKey: 'old' },
    ]);
    await dataSource.query(
      `UPDATE reconciliation_gap SET asked = 4, found_at = now() - interval '13 days 23 h 50 min' WHERE key = 'old'`,
    );
    for (const gap of await gaps.due(2)) expect(await gaps.postpone(gap, [])).toBe(gap.key === 'new');
    const rows: unknown = await dataSource.query(
      `SELECT key, closed_as, round(extract(epoch FROM next_ask_at - clock_timestamp()) / 60)::int AS minutes
       FROM reconciliation_gap WHERE key IN ('new', 'old') ORDER BY key`,
    );
    expect(rows).toEqual([
      { key: 'new', closed_as: null, minutes: 1 },
      { key: 'old', closed_as: 'given_up', minutes: 16 },
    ]);
  });

  it('stays missing while QI refuses to send it again, and is sent twice once it does', async () => {
    const qi = await withLostNotification();
    qi.refuses = true;
    const reconciliation = reconciliationWith(qi);
    for (let run = 1; run <= 3; run += 1) {
      expect(await reconciliation.run('test')).toMatchObject({ gapsClosed: 0, resent: 0, refused: 1 });
      await dueAgain();
    }
    expect(await openGaps()).toEqual([{ asked: 3, isDue: true }]);
    qi.refuses = false;
    for (const [resent, gapsClosed] of [
      [1, 0],
      [1, 0],
      [0, 1],
    ]) {
      expect(await reconciliation.run('test')).toMatchObject({ resent, gapsClosed });
      await dueAgain();
    }
  });

  it('makes the run fail while QI refuses to list it: nothing of what it could not deliver would be found', async () => {
    const qi = await withLostNotification();
    qi.refusesList = true;
    const until = await new RunBook(dataSource, { id: randomUUID() } as InstanceRegistry).scannedUntil();
    const reconciliation = reconciliationWith(qi);
    expect(await reconciliation.run('test')).toMatchObject({ result: 'failed', refused: 1, resent: 1 });
    await expect(reconciliation.runOnSchedule()).rejects.toThrow('HTTP 401');
    expect(await new RunBook(dataSource, { id: randomUUID() } as InstanceRegistry).scannedUntil()).toEqual(
      until,
    );
    qi.refusesList = false;
    await reconciliation.runOnSchedule();
  });

  it('is not called asked for where the calls of a run were used up before', async () => {
    const qi = await withLostNotification();
    const rules = { ...settings.engine.reconciliation, max_calls: 1 };
    const short = { ...settings, engine: { ...settings.engine, reconciliation: rules } };
    expect(await reconciliationWith(qi, systemClock, short).run('test')).toMatchObject({
      result: 'limit_of_calls',
      calls: 1, // the list of what failed
    });
    expect(await openGaps()).toEqual([{ asked: 0, isDue: true }]);
  });

  it('is asked for whole although QI lists the same page whichever is asked for, before it is called asked for', async () => {
    const { knownUntil, id, qi } = await fiveLostMinutes();
    const told = Array.from({ length: 60 }, (_, i) => qi.told(new Date(knownUntil + i * 5_000)));
    expect(await reconciliationWith(qi).run('test')).toMatchObject({ gapsFound: 60 });
    const keys = await dataSource.query<{ key: string }[]>(
      `SELECT key FROM reconciliation_gap WHERE closed_at IS NULL`,
    );
    expect(keys.map(({ key }) => key).toSorted()).toEqual(told.toSorted());
    expect(await isAskedWhole(id)).toBe(true);
  });

  it('is called asked for only as far as the calls of a run have read it, and read on from there', async () => {
    const { knownUntil, id, qi } = await fiveLostMinutes();
    for (let i = 0; i < 60; i += 1) qi.told(new Date(knownUntil + i * 5_000));
    const few = { ...settings.engine.reconciliation, max_calls: 26 };
    const reconciliation = reconciliationWith(qi, systemClock, {
      ...settings,
      engine: { ...settings.engine, reconciliation: few },
    });
    let [found, runs] = [0, 0];
    while (!(await isAskedWhole(id)) && runs < 10) {
      const { gapsFound = 0 } = (await reconciliation.run('test')) ?? {};
      if (runs === 0) expect(await isAskedWhole(id)).toBe(false);
      [found, runs] = [found + gapsFound, runs + 1];
    }
    expect({ found, isAskedWhole: await isAskedWhole(id) }).toEqual({ found: 60, isAskedWhole: true });
  });

  it('is read past a second of which QI does not list everything', async () => {
    const { knownUntil, id, qi } = await fiveLostMinutes();
    for (let i = 0; i < 30; i += 1) qi.told(new Date(knownUntil + MINUTE_MS));
    const later = qi.told(new Date(knownUntil + 2 * MINUTE_MS));
    expect(await reconciliationWith(qi).run('test')).toMatchObject({ gapsFound: 26 });
    const [gap] = await dataSource.query<object[]>(
      `SELECT FROM reconciliation_gap WHERE key = $1 AND closed_at IS NULL`,
      [later],
    );
    expect(gap).toBeDefined();
    expect(await isAskedWhole(id)).toBe(true);
  });

  /** A restore of a copy. @returns its id */
  it('is told to who watches where it is overdue; a loan that waits for its borrower has its task', async () => {
    await dataSource.query(`UPDATE reconciliation_gap SET closed_at = now(), closed_as = 'arrived'`);
    await dataSource.query(
      `INSERT INTO operation (credit_operation_key, status, status_since, origin, auction_key, opened_at)
       VALUES ('unsigned', 'awaiting_signature', now() - interval '2 days', 'auction', 'unsigned', now() - interval '2 days')`,
    );
    const metrics = new Registry();
    const qi = new ListingQi();
    qi.refuses = true;
    const reconciliation = reconciliationWith(qi, systemClock, settings, metrics);
    const missing = async () => {
      await reconciliation.run('test');
      const rule = prometheusRules().find(({ alert }) => alert === 'ArremateGapsOpen');
      return sum(samplesFor(rule?.expr ?? '', await metrics.metrics()));
    };
    expect(await missing()).toBe(0);
    expect(await gaps.countOpen()).toEqual({ operation_without_news: 1 });
    qi.told(new Date(Date.now() - MINUTE_MS), 'failed');
    expect(await missing()).toBe(1);
  });

  it('is told by those that look for it again and again: what a person looked for once would be told for ever', async () => {
    await dataSource.query(`UPDATE reconciliation_gap SET closed_at = now(), closed_as = 'arrived'`);
    await dataSource.query(
      `WITH request AS (
         INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
         VALUES (sha256('stuck'), now(), '', '', 'done') RETURNING id)
       INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
         personal_key_id, personal_ciphertext)
       SELECT 'stuck', id, 'bidding', now(), now() - interval '70 seconds', '', '' FROM request`,
    );
    const told = async (process: Partial<Settings>) => {
      const metrics = new Registry();
      const here = { ...settings, ...process };
      await reconciliationWith(new ListingQi(), systemClock, here, metrics).run('ana');
      const exposition = await metrics.metrics();
      return [
        ...samplesFor('arremate_auctions_stuck', exposition),
        ...samplesFor('arremate_reconciliation_open_gaps{kind="auction_stuck"}', exposition),
      ];
    };
    expect(await told({ ARREMATE_ROLE: 'worker' })).toEqual([1, 1]);
    expect(await told({ ARREMATE_ROLE: 'web' })).toEqual([0]);
    expect(await told({ ARREMATE_ROLE: 'worker', ARREMATE_DRY_RUN: true })).toEqual([0]);
  });

  /** Of the only restore with anything left to ask for; QI lists 25 of them at once, whichever page is asked for. */
  async function fiveLostMinutes(): Promise<{ knownUntil: number; id: string; qi: ListingQi }> {
    await dataSource.query(`UPDATE reconciliation_gap SET closed_at = now(), closed_as = 'arrived'`);
    await dataSource.query(`UPDATE recovery SET asked_until = bids_from`);
    const knownUntil = Math.floor(Date.now() / 1_000) * 1_000 - 20 * MINUTE_MS;
    const id = await lostSince(new Date(knownUntil), new Date(knownUntil + 5 * MINUTE_MS));
    const qi = new ListingQi();
    qi.rowsPerPage = 25;
    return { knownUntil, id, qi };
  }

  async function lostSince(knownUntil: Date, bidsFrom: Date): Promise<string> {
    const [row] = await dataSource.query<{ id: string }[]>(
      `INSERT INTO recovery (found_by, sign, ended_generations, known_until, bids_from, counts)
       VALUES ('test', 'behind', '{}', $1, $2, '{}') RETURNING id`,
      [knownUntil, bidsFrom],
    );
    if (row === undefined) throw new Error('no restore');
    return row.id;
  }

  async function isAskedWhole(id: string): Promise<boolean> {
    const [row] = await dataSource.query<{ whole: boolean | null }[]>(
      `SELECT asked_until >= bids_from AS whole FROM recovery WHERE id = $1`,
      [id],
    );
    return row?.whole === true;
  }

  /** The only gap that is open: told in a lost time, and called delivered by QI. */
  async function withLostNotification(): Promise<ListingQi> {
    await dataSource.query(`UPDATE reconciliation_gap SET closed_at = now(), closed_as = 'arrived'`);
    const qi = new ListingQi();
    const since = new Date(Date.now() - HOUR_MS);
    const lost = { eventKey: qi.told(since), callbackKey: 'callback', originKey: undefined, since };
    await gaps.findLost([lost], new Date());
    return qi;
  }

  async function withNothingOpen(): Promise<ListingQi> {
    await dataSource.query(`UPDATE reconciliation_gap SET closed_at = now(), closed_as = 'arrived'`);
    return new ListingQi();
  }

  const dueAgain = () =>
    dataSource.query(`UPDATE reconciliation_gap SET next_ask_at = now() WHERE closed_at IS NULL`);

  const openGaps = () =>
    dataSource.query<{ asked: number; isDue: boolean }[]>(
      `SELECT asked, next_ask_at <= now() AS "isDue" FROM reconciliation_gap WHERE closed_at IS NULL`,
    );

  async function gapOf(key: string): Promise<{ asked: number; isDue: boolean } | undefined> {
    const [gap] = await dataSource.query<{ asked: number; isDue: boolean }[]>(
      `SELECT asked, next_ask_at <= now() AS "isDue" FROM reconciliation_gap WHERE key = $1 AND closed_at IS NULL`,
      [key],
    );
    return gap;
  }

  function reconciliationWith(
    qi: NotificationDesk,
    clock = systemClock,
    rules = settings,
    metrics = new Registry(),
    reservations = new FakeReservationDesk(),
  ): Reconciliation {
    return new Reconciliation(
      gaps,
      new RunBook(dataSource, { id: randomUUID() } as InstanceRegistry),
      {} as OperationService,
      new ExposureBook(dataSource, metrics),
      new RecoveryBook(dataSource, {} as RestoreSteps, {} as AuditTrail, settings),
      dataSource,
      qi,
      reservations,
      clock,
      rules,
      pino({ level: 'silent' }),
      metrics,
    );
  }
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** QI, which calls what it has told as it did at first, whatever it sends again. */
class ListingQi implements NotificationDesk {
  readonly resent: string[] = [];
  /** To send anything again: it does not know of it any more. */
  refuses = false;
  refusesList = false;
  /** Of which the answer cannot be read. */
  cannotResend: string | undefined;
  /** To the sending of which it gives no answer. */
  unanswered: string | undefined;
  answersNothing = false;
  /** It gives no list of a longer time. */
  longestMs = Infinity;
  calls = 0;
  /** It lists no more at once, and the same whichever page it is asked for. */
  rowsPerPage = Infinity;
  readonly #told: Notification[] = [];

  /** @returns its key */
  told(occurredAt: Date, status: 'sent' | 'failed' = 'sent'): string {
    const eventKey = randomUUID();
    const callbacks = [{ key: 'callback', status }];
    this.#told.push({ eventKey, originKey: undefined, callbacks, occurredAt });
    return eventKey;
  }

  list({ window, onlyFailed }: NotificationQuery): Promise<NotificationList> {
    this.calls += 1;
    if (this.answersNothing || window.to.getTime() - window.from.getTime() > this.longestMs)
      return Promise.resolve({ kind: 'unavailable', why: 'HTTP 504' });
    if (this.refusesList) return Promise.resolve({ kind: 'refused', why: 'HTTP 401' });
    const notifications = this.#told.filter(
      ({ occurredAt, callbacks }) =>
        occurredAt &&
        occurredAt >= window.from &&
        occurredAt <= window.to &&
        (!onlyFailed || callbacks.some(({ status }) => status === 'failed')),
    );
    return Promise.resolve({
      kind: 'listed',
      notifications: notifications.slice(0, this.rowsPerPage),
      isLast: notifications.length < this.rowsPerPage,
      isFull: notifications.length >= this.rowsPerPage,
    });
  }

  resend(eventKey: string): Promise<ResendAnswer> {
    this.calls += 1;
    if (this.answersNothing || eventKey === this.unanswered)
      return Promise.resolve({ kind: 'unavailable', why: 'HTTP 500' });
    if (eventKey === this.cannotResend)
      return Promise.reject(new TypeError('an answer that nobody expected'));
    if (this.refuses) return Promise.resolve({ kind: 'refused', why: 'http_404' });
    this.resent.push(eventKey);
    return Promise.resolve({ kind: 'resent' });
  }
}
