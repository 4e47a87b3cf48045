import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { Client } from 'pg';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { runRetentionCommand } from '../../src/retention';
import { erase, lastApplied, previewErasure, type Erasure } from '../../src/retention/erase';
import { RETENTION_CLASSES } from '../../src/retention/retention-classes';
import { readRetentionPeriods } from '../../src/retention/retention-periods';
import { Retention } from '../../src/retention/retention.service';
import { createDataSource, FieldCipher, readSettings } from '../../src/platform';
import type { Clock } from '../../src/kernel';
import { verifyAuditTrail } from '../../src/access/verify-audit-trail';
import { auditSeals, auditTrail, AUDIT_KEY } from '../support/audit-trail';
import { refuseRow } from '../support/refused-row';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const NOW = new Date('2040-06-01T12:00:00Z');
const clock = { now: () => NOW, monotonicMs: () => 0 };
const cipher = new FieldCipher([Buffer.alloc(32, 3)]);
const periods = readRetentionPeriods(clock);
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const options = { clock, periods, actor: 'test', batchRows: 2 };

describe('what is kept for too long', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const sql = (text: string, parameters: unknown[] = []) =>
    dataSource.query<Record<string, unknown>[]>(text, parameters);

  const settings = () =>
    readSettings({
      DATABASE_URL: database.url,
      ARREMATE_ENCRYPTION_KEY: Buffer.alloc(32, 3).toString('base64'),
      PURCHASER_DOCUMENT_NUMBER: '32402502000135',
      QI_BASE_URL: 'http://127.0.0.1:9',
      QI_API_CLIENT_KEY: 'test',
      QI_SIGNING: 'none',
      QI_WEBHOOK_AUTH: 'none',
      ARREMATE_API_TOKEN: 'a'.repeat(32),
    });
  const retentionAt = (at: Clock): Retention =>
    new Retention(dataSource, auditTrail(at), at, settings(), pino({ level: 'silent' }));

  /** An auction with its request, decision and, unless it was declined, bid and offer. */
  async function auction(status: string, receivedAt: Date): Promise<string> {
    const key = randomUUID();
    const raw = cipher.encrypt(`{"of": "${key}"}`, 'webhook_event.raw_ciphertext', key);
    const personal = cipher.encrypt(`{"of": "${key}"}`, 'auction.personal_ciphertext', key);
    const [event] = await sql(
      `INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, authorization_header, status)
       VALUES (sha256($1::text::bytea), $2, $3, $4, 'signature', 'done') RETURNING id`,
      [key, receivedAt, raw.keyId, raw.ciphertext],
    );
    await sql(
      `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id,
         personal_ciphertext, borrower_index, employer_index, employer_document_type, admission_date, requested_amount)
       VALUES ($1::text, $2, $3, $4, $5, $6, sha256($1::text::bytea), sha256('e'), 'cnpj', '2020-01-01', 2100)`,
      [key, event?.['id'], status, receivedAt, personal.keyId, personal.ciphertext],
    );
    await sql(
      `INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace)
       VALUES ($1, $2, 'bid', '1', 'h', '[]', '[]')`,
      [key, receivedAt],
    );
    return key;
  }

  async function wonLoan(receivedAt: Date, endedAt: Date | null): Promise<string> {
    const [key, operation] = [await auction('won', receivedAt), randomUUID()];
    const { keyId, ciphertext } = cipher.encrypt('somebody', 'operation.borrower_ciphertext', operation);
    await sql(
      `INSERT INTO operation (credit_operation_key, origin, status, status_since, auction_key, borrower_index,
         borrower_key_id, borrower_ciphertext, disbursed_issue_amount, opened_at, ended_at)
       VALUES ($1, 'auction', $2, $3, $4, sha256('b'), $5, $6, 2100, $3, $7)`,
      [operation, endedAt === null ? 'reserved' : 'disbursed', receivedAt, key, keyId, ciphertext, endedAt],
    );
    await sql(
      `INSERT INTO operation_event (credit_operation_key, kind, effect, from_status, to_status, personal_key_id,
         personal_ciphertext, recorded_at) VALUES ($1, 'signed', 'applied', 'a', 'b', $2, $3, $4)`,
      [operation, keyId, ciphertext, receivedAt],
    );
    await sql(
      `INSERT INTO operation_event (credit_operation_key, kind, effect, from_status, to_status, refused_account_index,
         recorded_at) VALUES ($1, 'disbursement_failed', 'applied', 'a', 'b', sha256('account'), $2)`,
      [operation, receivedAt],
    );
    await sql(
      `INSERT INTO operation_command (id, credit_operation_key, action, status, actor, body_key_id, body_ciphertext,
         not_before, created_at, settled_at)
       VALUES (gen_random_uuid(), $1, 'resubmit_disbursement', 'accepted', 'ana', $2, $3, $4, $4, $4)`,
      [operation, keyId, ciphertext, receivedAt],
    );
    return key;
  }

  const operationOf = async (auctionKey: string): Promise<string> => {
    const [row] = await sql('SELECT credit_operation_key AS key FROM operation WHERE auction_key = $1', [
      auctionKey,
    ]);
    return String(row?.['key']);
  };

  /** A loan that was paid so many days ago, of so many instalments. @returns its operation's key */
  async function paidLoan(days: number, product: string, term: number): Promise<string> {
    const key = await operationOf(await wonLoan(daysAgo(days + 30), daysAgo(days)));
    await sql(
      'UPDATE operation SET product = $2, number_of_installments = $3 WHERE credit_operation_key = $1',
      [key, product, term],
    );
    await sql(
      `INSERT INTO proposal (id, product, channel, status, status_since, borrower_index, borrower_key_id,
         borrower_ciphertext, wishes, control_key, created_by, created_at, ended_at, credit_operation_key)
       VALUES (gen_random_uuid(), 'fgts', 'console', 'issued', now(), $2, 'k.bound', $2, '{}', gen_random_uuid(), 'ana',
         now(), now(), $1)`,
      [key, randomBytes(32)],
    );
    return key;
  }

  /** What QI tells of the payment. */
  const tellDueDates = (key: string, dates: readonly Date[]) =>
    sql(
      `INSERT INTO operation_event (credit_operation_key, kind, effect, from_status, to_status, summary, recorded_at)
       VALUES ($1, 'disbursed', 'applied', 'reserved', 'disbursed', $2, now())`,
      [key, { installments: dates.map((date) => ({ due_date: date.toISOString().slice(0, 10) })) }],
    );

  /** One that belongs to no auction. */
  const strayWebhook = (receivedAt: Date) =>
    sql(
      `INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status, reason)
       VALUES (sha256($1::text::bytea), $2, 'k.bound', $3, 'parked', 'unknown_type')`,
      [randomUUID(), receivedAt, Buffer.from('of somebody, and longer than nothing sealed')],
    );

  async function sessionUntil(expiresAt: Date): Promise<void> {
    await sql(
      `WITH somebody AS (INSERT INTO app_user (id, username, roles, created_by, created_at)
         VALUES (gen_random_uuid(), $1::text, '{viewer}', 'test', $2::timestamptz) RETURNING id)
       INSERT INTO session (id, token_hash, user_id, method, created_at, seen_at, expires_at)
       SELECT gen_random_uuid(), sha256($1::text::bytea), id, 'password', $2, $2, $2::timestamptz FROM somebody`,
      [randomUUID(), expiresAt],
    );
    await sql(
      `INSERT INTO idempotent_request (actor, idempotency_key, request_hash, http_status, answer, created_at)
       VALUES ('ana', $1, sha256('x'), 200, '{}', $2)`,
      [randomUUID(), expiresAt],
    );
  }

  async function viewSavedAt(createdAt: Date, query: string): Promise<void> {
    await sql(
      `INSERT INTO saved_view (id, owner, name, page, query, created_at)
       VALUES (gen_random_uuid(), 'ana', $1, 'history', $2, $3)`,
      [randomUUID(), query, createdAt],
    );
  }

  /** The counter of an auction's borrower. */
  const counterOf = (auctionKey: string, used: number) =>
    sql(
      `INSERT INTO limit_use (name, key, used, revision)
       VALUES ('per_borrower', encode(sha256($1::text::bytea), 'hex'), $2, 7)`,
      [auctionKey, used],
    );

  /** Of every class something that is too old by a day, and something that is not yet by a day. */
  async function proposalSince(at: Date): Promise<void> {
    const [person, controlKey] = [randomBytes(32), randomUUID()];
    await sql(
      `INSERT INTO proposal (id, product, channel, status, status_since, borrower_index, borrower_key_id,
         borrower_ciphertext, wishes, control_key, created_by, created_at)
       VALUES ($1, 'fgts', 'console', 'balance_failed', $2, $3, 'k.bound', $3, '{}', $4, 'ana', $2)`,
      [randomUUID(), at, person, controlKey],
    );
    await sql(
      `INSERT INTO exposure (request_control_key, borrower_index, amount, monthly_interest_rate, counted_on, status,
         status_reason)
       VALUES ($1, $2, 100, 0.018, $3, 'released', 'rejected')`,
      [controlKey, person, at],
    );
  }

  async function seed(): Promise<{ readonly old: string[]; readonly kept: string[] }> {
    const year = periods.unsuccessful_auctions.keep_days;
    const decade = periods.won_loans.keep_days;
    const old = [
      await auction('lost', daysAgo(year + 1)),
      await auction('declined', daysAgo(year + 1)),
      await auction('missed', daysAgo(year + 400)),
      await wonLoan(daysAgo(decade + 30), daysAgo(decade + 1)),
    ];
    const kept = [
      await auction('lost', daysAgo(year - 1)),
      await auction('bid', daysAgo(year + 1)), // its outcome is not known
      await wonLoan(daysAgo(1_000), daysAgo(decade > 900 ? 900 : 1)),
      await wonLoan(daysAgo(1_500), null), // however old it is, it has not ended
    ];
    await proposalSince(daysAgo(periods.unissued_proposals.keep_days + 1));
    await proposalSince(daysAgo(periods.unissued_proposals.keep_days - 1));
    await strayWebhook(daysAgo(periods.raw_webhooks.keep_days + 1));
    await strayWebhook(daysAgo(periods.raw_webhooks.keep_days - 1));
    await sessionUntil(daysAgo(periods.sign_ins.keep_days + 1));
    await sessionUntil(daysAgo(periods.repeated_requests.keep_days - 1));
    const views = periods.saved_views.keep_days;
    await viewSavedAt(daysAgo(views + 1), 'status=won&borrower=abc');
    await viewSavedAt(daysAgo(views - 1), 'borrower=abc');
    await viewSavedAt(daysAgo(views + 1), 'status=won');
    for (const [key, used] of [
      [old[0], 0],
      [old[1], 500], // a loan still counts
      [kept[0], 0], // asked for money less than a year ago
    ] as const)
      await counterOf(key ?? '', used);
    await sql(`INSERT INTO limit_use (name, key, used, revision) VALUES ('per_day', '2026-08-18', 0, 1)`);
    return { old, kept };
  }

  /** Everything but the audit trail, row by row. */
  async function everything(): Promise<Map<string, string[]>> {
    const tables = await sql(
      `SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name !~ '^audit_'`,
    );
    const dump = new Map<string, string[]>();
    for (const { name } of tables as { name: string }[])
      dump.set(
        name,
        (await sql(`SELECT t::text AS row FROM ${name} t ORDER BY 1`)).map(({ row }) => String(row)),
      );
    return dump;
  }
  const total = (erasures: readonly Erasure[]): number => erasures.reduce((sum, { rows }) => sum + rows, 0);
  const audited = () =>
    sql(`SELECT action, details FROM audit_event WHERE action LIKE 'retention.%' ORDER BY id`);

  it('is only counted by the dry run, and erased as it was counted; a second run finds nothing', async () => {
    await seed();
    const before = await everything();
    const expected = await previewErasure(dataSource, options);
    expect(await everything()).toEqual(before);
    expect(new Set(expected.filter(({ rows }) => rows > 0).map((each) => each.class))).toEqual(
      new Set(RETENTION_CLASSES),
    );
    expect(await erase(dataSource, auditTrail(clock), options)).toEqual(expected);
    expect(total(await previewErasure(dataSource, options))).toBe(0);
    expect(total((await erase(dataSource, auditTrail(clock), options)) ?? [])).toBe(0);
    expect((await audited()).map(({ action }) => action)).toEqual(['retention.begun', 'retention.applied']);
    expect(await verifyAuditTrail(dataSource, auditSeals)).toMatchObject({ kind: 'intact' });
  });

  it('is erased by the command too', async () => {
    await strayWebhook(new Date('2001-01-01')); // it goes by the wall's clock
    const env = {
      ...process.env,
      DATABASE_URL: database.serviceUrl,
      ARREMATE_ENCRYPTION_KEY: AUDIT_KEY.toString('base64'),
    };
    const said = execFileSync(process.execPath, ['dist/src/cli.js', 'retention', '--apply'], {
      env,
    }).toString();
    expect(said).toMatch(/raw_webhooks .* 1 rows[^]*Erased\.$/m);
  });

  it('is somebody: nothing of them is left, nothing inside its period is touched, and the figures stay', async () => {
    const { old, kept } = await seed();
    const rowsOf = (keys: string[]) =>
      sql(
        `SELECT a.issuer_proposal_request_key AS key, octet_length(personal_ciphertext) AS personal, a.borrower_index,
           admission_date, octet_length(raw_ciphertext) AS raw, authorization_header, requested_amount,
           (employer_index IS NOT NULL) AS employer, (SELECT outcome FROM decision WHERE auction_key = a.issuer_proposal_request_key) AS outcome,
           o.borrower_ciphertext, o.disbursed_issue_amount,
           (SELECT count(personal_ciphertext)::int FROM operation_event v WHERE v.credit_operation_key = o.credit_operation_key) AS evidence,
           (SELECT count(refused_account_index)::int FROM operation_event v WHERE v.credit_operation_key = o.credit_operation_key) AS accounts,
           (SELECT count(body_ciphertext)::int FROM operation_command c WHERE c.credit_operation_key = o.credit_operation_key) AS commands
         FROM auction a JOIN webhook_event w ON w.id = webhook_event_id
         LEFT JOIN operation o ON o.auction_key = a.issuer_proposal_request_key
         WHERE a.issuer_proposal_request_key = ANY ($1) ORDER BY 1`,
        [keys],
      );
    const before = await rowsOf(kept);
    await erase(dataSource, auditTrail(clock), options);
    expect(await rowsOf(kept)).toEqual(before);
    for (const row of await rowsOf(old))
      expect(row).toMatchObject({
        personal: 0,
        borrower_index: null,
        admission_date: null,
        raw: 0,
        authorization_header: null,
        borrower_ciphertext: null,
        evidence: 0,
        accounts: 0,
        commands: 0,
        employer: true,
        outcome: 'bid',
        requested_amount: '2100',
      });
    expect(await sql('SELECT FROM session')).toHaveLength(1);
    expect(await sql('SELECT FROM idempotent_request')).toHaveLength(1);
    expect(await sql('SELECT FROM saved_view')).toHaveLength(2);
    expect(
      await sql('SELECT FROM exposure WHERE borrower_index IS NOT NULL AND auction_key IS NULL'),
    ).toHaveLength(1);
    expect(await sql('SELECT FROM limit_use')).toHaveLength(3);
  });

  it('is the request of a loan, for as long as the loan: any other webhook goes when its own time is over', async () => {
    const period = periods.raw_webhooks.keep_days;
    const received = daysAgo(period + 200);
    const kept = [await wonLoan(received, daysAgo(period + 100)), await wonLoan(received, null)];
    for (const status of ['bid', 'unknown', 'open', 'won']) await auction(status, received); // no loan that could end
    await wonLoan(daysAgo(periods.won_loans.keep_days + 30), daysAgo(periods.won_loans.keep_days + 1));
    const expected = await previewErasure(dataSource, options);
    expect(await erase(dataSource, auditTrail(clock), options)).toEqual(expected);
    const left = await sql(
      `SELECT issuer_proposal_request_key AS key FROM auction JOIN webhook_event ON webhook_event.id = webhook_event_id
       WHERE octet_length(raw_ciphertext) > 28`,
    );
    expect(left.map(({ key }) => String(key)).sort()).toEqual([...kept].sort());
  });

  it('is the borrower and the signer of a loan, for as long after its last instalment: only the bodies count from its payment', async () => {
    const decade = periods.won_loans.keep_days;
    const running = [
      await paidLoan(decade + 1, 'federal_payroll', 120),
      await paidLoan(decade + 1, 'fgts', 10), // one instalment a year
      await paidLoan(decade + 800, 'private_payroll', 24), // its first instalment was due months after the payment
    ];
    await tellDueDates(running[2] ?? '', [daysAgo(decade + 700), daysAgo(decade - 1)]);
    const over = [
      await paidLoan(decade + 800, 'private_payroll', 24),
      await paidLoan(decade + 300, 'private_payroll', 24), // shorter than was asked
      await paidLoan(decade + 1, 'private_payroll', 96), // and called off
    ];
    await tellDueDates(over[1] ?? '', [daysAgo(decade + 1)]);
    await sql(`UPDATE operation SET status = 'canceled_permanently' WHERE credit_operation_key = $1`, [
      over[2],
    ]);
    await erase(dataSource, auditTrail(clock), options);
    const left = await sql(
      `SELECT o.credit_operation_key AS key, o.borrower_ciphertext IS NOT NULL AS borrower,
         octet_length(p.borrower_ciphertext) > 0 AS of_proposal, octet_length(a.personal_ciphertext) > 0 AS of_auction,
         octet_length(w.raw_ciphertext) > 0 AS request,
         EXISTS (SELECT FROM operation_event v WHERE v.credit_operation_key = o.credit_operation_key
           AND v.personal_ciphertext IS NOT NULL) AS signer,
         EXISTS (SELECT FROM operation_command c WHERE c.credit_operation_key = o.credit_operation_key
           AND c.body_ciphertext IS NOT NULL) AS bodies
       FROM operation o JOIN proposal p USING (credit_operation_key)
       JOIN auction a ON a.issuer_proposal_request_key = o.auction_key JOIN webhook_event w ON w.id = a.webhook_event_id`,
    );
    const still = (is: boolean) => ({
      borrower: is,
      of_proposal: is,
      of_auction: is,
      request: is,
      signer: is,
    });
    const byKey = (one: Record<string, unknown>, other: Record<string, unknown>): number =>
      String(one['key']).localeCompare(String(other['key']));
    expect(left.toSorted(byKey)).toEqual(
      [
        ...running.map((key) => ({ key, ...still(true), bodies: false })),
        ...over.map((key) => ({ key, ...still(false), bodies: false })),
      ].toSorted(byKey),
    );
  });

  it('is not kept because a webhook waits for ever: it is parked, and its original gone', async () => {
    const period = periods.raw_webhooks.keep_days;
    for (const [status, days] of [
      ['waiting', period + 1],
      ['new', period + 1],
      ['waiting', period - 1],
    ] as const)
      await sql(
        `INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status, correlation_key)
         VALUES (sha256($1::text::bytea), $2, 'k.bound', $3, $4, 'auction x')`,
        [
          randomUUID(),
          daysAgo(days),
          cipher.encrypt('of somebody', 'webhook_event.raw_ciphertext', 'x').ciphertext,
          status,
        ],
      );
    await erase(dataSource, auditTrail(clock), options);
    const rows = await sql(
      'SELECT status, reason, octet_length(raw_ciphertext) AS bytes FROM webhook_event ORDER BY id',
    );
    const parked = { status: 'parked', reason: 'waited_too_long', bytes: 0 };
    expect(rows).toEqual([parked, parked, { status: 'waiting', reason: null, bytes: 39 }]);
  });

  it('is erased by the next run when one was cut off in the middle', async () => {
    await seed();
    const expected = total(await previewErasure(dataSource, options));
    let batches = 0;
    const cut = erase(dataSource, auditTrail(clock), {
      ...options,
      batchRows: 1,
      isStopping: () => {
        if ((batches += 1) > 4) throw new Error('killed');
        return false;
      },
    });
    await expect(cut).rejects.toThrow('killed');
    const left = total(await previewErasure(dataSource, options));
    expect(left).toBe(expected - 3);
    expect(total((await erase(dataSource, auditTrail(clock), options)) ?? [])).toBe(left);
    expect(total(await previewErasure(dataSource, options))).toBe(0);
  });

  it('is erased although something else cannot be', async () => {
    const { old } = await seed();
    const [lost = ''] = old;
    const undo = await refuseRow(database.asOwner, {
      table: 'auction',
      column: 'issuer_proposal_request_key',
      value: lost,
    });
    await expect(erase(dataSource, auditTrail(clock), options)).rejects.toThrow(
      /^1 of \d+ failed: unsuccessful_auctions in auction: odd row/,
    );
    await undo();
    const left = (await previewErasure(dataSource, options)).filter(({ rows }) => rows > 0);
    expect(left.map(({ class: name, table }) => `${name} in ${table}`)).toEqual([
      'unsuccessful_auctions in auction',
    ]);
    expect((await audited()).at(-1)).toMatchObject({ action: 'retention.interrupted' });
    await erase(dataSource, auditTrail(clock), options);
    expect(total(await previewErasure(dataSource, options))).toBe(0);
  });

  it('is erased when that is due, by whichever process lives then, however often one was started meanwhile', async () => {
    let now = NOW;
    const started = (): Retention => retentionAt({ now: () => now, monotonicMs: () => 0 });
    const hours = (count: number): Date => new Date(NOW.getTime() + count * 3_600_000);
    await seed();

    expect(await started().runIfDue()).toBe(true);
    now = hours(settings().engine.retention.every_hours - 1);
    expect(await started().runIfDue()).toBe(false);
    now = hours(settings().engine.retention.every_hours + 1);
    const living = started();
    expect(await living.runIfDue()).toBe(true);
    expect(await living.runIfDue()).toBe(false); // also when there was nothing to note
  });

  it('is given up where the database says nothing any more, and only then', async () => {
    const probed = jest.spyOn(Socket.prototype, 'setKeepAlive');
    const connected = jest.spyOn(Client.prototype, 'connect');
    expect(await retentionAt(clock).runIfDue()).toBe(true);
    const timeouts = connected.mock.contexts
      .map(
        (client) =>
          (client as unknown as { connectionParameters: Record<string, unknown> }).connectionParameters,
      )
      .filter(({ application_name: name }) => name === 'arremate-retention')
      .map(({ query_timeout: timeout }) => timeout);
    expect([...new Set(timeouts)]).toEqual([3_600_000]);
    // Without a delay the kernel's own holds: two hours.
    for (const [isOn, delayMs] of probed.mock.calls) expect([isOn, delayMs]).toEqual([true, 10_000]);
    expect(probed).toHaveBeenCalled();
    probed.mockRestore();
    connected.mockRestore();
  });

  it('is gone on with by the next process when one was told to stop in the middle', async () => {
    await seed();
    let batches = 0;
    const isStopping = (): boolean => (batches += 1) > 4;
    await erase(dataSource, auditTrail(clock), { ...options, batchRows: 1, isStopping });
    expect((await audited()).map(({ action }) => action)).toEqual([
      'retention.begun',
      'retention.interrupted',
    ]);
    expect(await lastApplied(dataSource, options.actor)).toBeUndefined();
    await erase(dataSource, auditTrail(clock), options);
    expect(await lastApplied(dataSource, options.actor)).toEqual(NOW);
  });

  it('is erased by one process at a time', async () => {
    await seed();
    const [one, other] = await Promise.all([
      erase(dataSource, auditTrail(clock), options),
      erase(dataSource, auditTrail(clock), options),
    ]);
    expect([one, other].filter((done) => done === undefined || total(done) === 0)).toHaveLength(1);
    expect(await audited()).toHaveLength(2);
  });

  it('is printed per class by the command, whose default changes nothing', async () => {
    await auction('lost', new Date('2020-01-01T00:00:00Z'));
    const before = await everything();
    const lines: string[] = [];
    const run = (apply: boolean) =>
      runRetentionCommand(
        dataSource,
        { apply, actor: 'test', keys: AUDIT_KEY.toString('base64') },
        (line) => void lines.push(line),
      );
    expect(await run(false)).toBe(0);
    expect(await everything()).toEqual(before);
    expect(
      lines.find((line) => line.startsWith('unsuccessful_auctions') && line.includes(' auction ')),
    ).toMatch(/before \d{4}-\d\d-\d\d +1 rows +\d+ bytes/);
    expect(lines.at(-1)).toBe('Nothing was changed: --apply erases it.');
    expect(await run(true)).toBe(0);
    expect(total(await previewErasure(dataSource, options))).toBe(0);
  });

  it('reads as nothing, before and after a rotation of keys', () => {
    const nothing = { keyId: 'whatever', ciphertext: Buffer.alloc(0) };
    const column = 'webhook_event.raw_ciphertext';
    expect(cipher.decrypt(nothing, column, 'x')).toEqual(Buffer.alloc(0));
    expect(cipher.encrypt('', column, 'x').ciphertext).toHaveLength(28);
  });
});
