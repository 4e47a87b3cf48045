import { randomUUID } from 'node:crypto';
import { readRetentionPeriods } from '../../src/retention/retention-periods';
import { erase } from '../../src/retention/erase';
import { COLUMN_CLASSES, type ColumnClass } from '../../src/retention/column-classes';
import { AuditTrail, BlindIndex } from '../../src/platform';
import { Exports } from '../../src/history/exports/exports.service';
import { wrongCounters } from '../support/bids';
import { newPerson } from '../support/people';
import { ScriptedQi } from '../support/scripted-qi';
import { waitFor } from '../support/wait-for';
import { endOfAuction, loanWebhooks, newCpf, printed, proposalRequest } from '../support/webhooks';
import { createAccessWorld, MASTER, type AccessWorld } from './access-world';

/** An invented borrower, of whom nothing may be left. */
const BORROWER = {
  cpf: newCpf(),
  name: 'Zulmira Inventada Quaresma',
  birth_date: '1971-10-23',
  issuer_registration_number: 'MATR-77310-ZIQ',
  account_number: '40917733',
  other_banks_contract: 'CEF-77881920031',
  face_validation_score: '87.654321',
};
const EMPLOYER = '29113956000181';
/** In a time in which every period is over. */
const THEN = new Date('2090-06-01T12:00:00Z');

/** A person's rows in tables where others stand as well. */
const ONLY_WHERE: Readonly<Record<string, string>> = {
  limit_use: `name IN ('per_borrower', 'per_employer')`,
  saved_view: `query LIKE '%borrower=%'`,
};

let world: AccessWorld;
let qi: ScriptedQi;
beforeAll(async () => {
  qi = await ScriptedQi.start();
  world = await createAccessWorld({ QI_BASE_URL: qi.url, ARREMATE_NOTIFY_LOOPBACK: '1' });
});
afterAll(async () => {
  await world.close();
  await qi.close();
});

const sql = (text: string, parameters: unknown[] = []) =>
  world.dataSource.query<Record<string, unknown>[]>(text, parameters);
const namesOf = ({ columns }: ColumnClass): string[] => columns.trim().split(/\s+/);

async function schema(): Promise<Map<string, Set<string>>> {
  const rows = await sql(
    `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
  );
  const tables = new Map<string, Set<string>>();
  for (const { table_name: table, column_name: column } of rows as Record<string, string>[]) {
    const columns = tables.get(table ?? '') ?? new Set();
    tables.set(table ?? '', columns.add(column ?? ''));
  }
  return tables;
}

describe('every column of the schema', () => {
  it('is said to be personal or not, and what becomes of it', async () => {
    const faults: string[] = [];
    const tables = await schema();
    for (const table of new Set([...tables.keys(), ...Object.keys(COLUMN_CLASSES)])) {
      const columns = tables.get(table) ?? new Set();
      const classed = (COLUMN_CLASSES[table] ?? []).flatMap(namesOf);
      for (const column of columns)
        if (!classed.includes(column))
          faults.push(
            `${table}.${column} has no class: add it to ${table} in src/retention/column-classes.ts. Does it hold ` +
              `anything of a person? No: plain(). Yes, and it goes: erased() by a class of src/retention/retention-classes.ts ` +
              `that empties it. Yes, and it stays: kept() with the reason. Then print it into docs/privacy.md: ` +
              `UPDATE_DOCS=1 npx jest --selectProjects unit --testPathPatterns column-classes`,
          );
      for (const column of classed) {
        if (!columns.has(column))
          faults.push(`${table}.${column} is in src/retention/column-classes.ts and not in the schema`);
        if (classed.indexOf(column) !== classed.lastIndexOf(column))
          faults.push(`${table}.${column} has two classes in src/retention/column-classes.ts`);
      }
    }
    expect(faults).toEqual([]);
  });
});

describe('a borrower, after every period is over', () => {
  it('is nowhere: not in the clear, not by an index, not in a sealed column', async () => {
    await liveAFullLife();
    const needles = needlesOf();
    const before = await tablesWith(needles);
    expect(before).toEqual(
      expect.arrayContaining(['auction', 'exposure', 'limit_use', 'operation', 'saved_view', 'export']),
    );
    expect(await filledColumns()).toEqual(erasedColumns());

    await sql(`UPDATE export SET ended_at = now() - interval '8 days'`);
    await world.app.get(Exports).forgetOld();
    const clock = { now: () => THEN, monotonicMs: () => 0 };
    const periods = readRetentionPeriods(clock);
    await erase(world.dataSource, world.app.get(AuditTrail), { clock, periods, actor: 'test' });

    expect(await tablesWith(needles)).toEqual([]);
    expect(await filledColumns()).toEqual([]);
    expect(await wrongCounters(world.dataSource)).toEqual([]);
    // What is not of the borrower stays, and is read as before.
    const kept = await sql(`SELECT wishes, offer FROM proposal WHERE wishes ? 'refinancing'`);
    const masked = { kind: 'incoming', original_contract_number: '*' };
    const proposal = { wishes: { refinancing: [masked] }, offer: { asked: { refinanced: [masked] } } };
    expect(kept).toMatchObject([proposal, proposal]);
    const [{ key } = {}] = await sql(`SELECT credit_operation_key AS key FROM operation`);
    const path = `/api/v1/operations/${String(key)}/evidence`;
    const evidence = await world.as(MASTER)('POST', path, { reason: 'a call' });
    expect(evidence).toMatchObject({
      status: 200,
      body: {
        signatures: [
          { has_signed_contract: true, signers: [] },
          { has_signed_contract: false, signers: [] },
        ],
      },
    });
  });

  /** A lost, a refused, a declined and a won auction, its loan up to the payment, and what people did about them. */
  async function liveAFullLife(): Promise<void> {
    const master = world.as(MASTER);
    const done = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
      const answer = await master('POST', `/api/v1/${path}`, body);
      if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    };
    await done('notification-endpoints', {
      url: 'http://127.0.0.1:9/hook',
      description: 'somebody who listens',
      event_types: ['auction.decided', 'auction.won', 'auction.lost', 'operation.disbursed', 'task.opened'],
    });
    const { operationKey, auctionKey } = await wonLoan();
    const [signed, asked] = loanWebhooks(operationKey, BORROWER.cpf);
    for (const webhook of [withScore(signed), asked]) await push(webhook);
    await waitFor('the signature', async () => (await operation(operationKey))?.signed);
    for (const webhook of loanWebhooks(operationKey, BORROWER.cpf).slice(2, 5)) await push(webhook);
    await push({
      ...printed('private-payroll-reservation/06-webhook-debt-canceled-ted-refusal.json'),
      key: operationKey,
    });
    await becomes('operation', operationKey, 'disbursement_failed');
    await resubmit(operationKey);
    await becomes('operation', operationKey, 'reserved');
    for (const webhook of loanWebhooks(operationKey, BORROWER.cpf).slice(5)) await push(webhook);
    await becomes('operation', operationKey, 'disbursed');

    await done(`auctions/${auctionKey}/reveal`, { fields: ['document_number', 'name'], reason: 'a call' });
    const borrower = markOf('cpf', BORROWER.cpf, 'base64url');
    await done('views', { name: 'one person', page: 'history', query: `borrower=${borrower}&status=won` });
    const { id } = await done('exports', { format: 'csv', filter: { borrower } });
    await waitFor('the file', async () => {
      const [row] = await sql('SELECT status FROM export WHERE id = $1', [id]);
      return row?.['status'] === 'done' ? true : undefined;
    });
    await proposal();
    await proposal(operationKey);
    await proposalsFromFile();
    const person = await newPerson(world, 'eva', 'viewer');
    await person.signIn({ password: 'wrong' });
    await person.signIn();
    // As if the employer were a person: then its index is personal as well.
    await sql(`UPDATE auction SET employer_document_type = 'cpf'`);
    // What figures are made of never has that of a person (src/history/facts).
    await sql(`UPDATE history_fact SET employer_index = NULL`);
  }

  /** What the signature says of the borrower's face. */
  function withScore(signed: unknown): unknown {
    const { signers, ...rest } = signed as { signers: { biometry: object }[] };
    const face_validation = { score: BORROWER.face_validation_score, available: true };
    const scored = signers.map((each) => ({ ...each, biometry: { ...each.biometry, face_validation } }));
    return { ...rest, signers: scored };
  }

  /** One that came to nothing, or the one that an operation came of; what is sealed stands in the clear here, to be found. */
  async function proposal(operationKey?: string): Promise<void> {
    const { cpf: document_number, name, birth_date } = BORROWER;
    const body = { product: 'fgts', document_number, person: { name, birth_date } };
    const opened = await world.as(MASTER)('POST', '/api/v1/proposals', body);
    const { proposal_id: id } = opened.body as { proposal_id: string };
    await waitFor('the query to be answered', async () => {
      const [row] = await sql(`SELECT status FROM proposal WHERE id = $1`, [id]);
      return row?.['status'] === 'balance_failed' ? true : undefined;
    });
    const clear = Buffer.from(JSON.stringify(BORROWER));
    await sql(
      `UPDATE proposal_event SET personal_key_id = 'k.bound', personal_ciphertext = $2 WHERE proposal_id = $1`,
      [id, clear],
    );
    await sql(
      `UPDATE proposal_command SET body_key_id = 'k.bound', body_ciphertext = $2, answer_key_id = 'k.bound', answer_ciphertext = $2
       WHERE proposal_id = $1`,
      [id, clear],
    );
    // As of a servant who moves a loan from another bank.
    const contract = [{ kind: 'incoming', original_contract_number: BORROWER.other_banks_contract }];
    const asked = { asked: { refinanced: contract } };
    await sql(`UPDATE proposal SET wishes = $2, simulations = $3, offer = $4 WHERE id = $1`, [
      id,
      { kind: 'maximum', refinancing: contract },
      JSON.stringify([asked]),
      asked,
    ]);
    if (operationKey !== undefined)
      await sql(
        `UPDATE proposal SET status = 'issued', ended_at = now(), credit_operation_key = $2 WHERE id = $1`,
        [id, operationKey],
      );
  }

  async function proposalsFromFile(): Promise<void> {
    const headers = { authorization: `Bearer ${MASTER}`, 'content-type': 'text/csv' };
    const payload = `cpf\n${newCpf()}\n`;
    const sent = await world.app.inject({
      method: 'POST',
      url: '/api/v1/proposal-batches',
      headers,
      payload,
    });
    if (sent.statusCode !== 200) throw new Error(sent.body);
    await waitFor('its query to be answered', async () => {
      const asking = await sql(`SELECT FROM proposal WHERE status = 'querying'`);
      return asking.length === 0 ? true : undefined;
    });
  }

  /** To another account, on the first of the next days that is a business day. */
  async function resubmit(operationKey: string): Promise<void> {
    const account = {
      name: BORROWER.name,
      document_number: BORROWER.cpf,
      bank_code: 184,
      ispb_number: '17298092',
      branch_number: '1232',
      account_number: BORROWER.account_number,
      account_digit: '4',
      account_type: 'checking_account',
      percentage_receivable: 100,
    };
    const statuses: number[] = [];
    for (let day = 1; day <= 10 && statuses.at(-1) !== 202; day += 1) {
      const date = new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10);
      const body = { disbursement_date: date, disbursement_bank_accounts: [account] };
      const path = `/api/v1/operations/${operationKey}/resubmit_disbursement`;
      const key = { 'idempotency-key': randomUUID() };
      statuses.push((await world.as(MASTER)('POST', path, body, key)).status);
    }
    expect(statuses.at(-1)).toBe(202);
  }

  async function wonLoan(): Promise<{ operationKey: string; auctionKey: string }> {
    const request = (changes = {}): { readonly key: string; readonly webhook: unknown } => {
      const { cpf, name, birth_date, issuer_registration_number } = BORROWER;
      const key = randomUUID();
      const facts = { name, birth_date, issuer_registration_number };
      return { key, webhook: proposalRequest({ key, cpf, facts, ...changes }) };
    };
    const proposalOf = (key: string): string => qi.proposalsFor(key)[0]?.proposalKey ?? '';
    const ends = (requestKey: string, operationKey: string | null) =>
      push(endOfAuction({ requestKey, proposalKey: proposalOf(requestKey), operationKey }));

    const declined = request({ alerts: 'printed' });
    await push(declined.webhook);
    await becomes('auction', declined.key, 'declined');

    const refused = request();
    const prose = `QI quotes ${BORROWER.cpf}`;
    qi.script = () => ({
      kind: 'answer',
      status: 400,
      body: JSON.stringify({ code: 'X', description: prose }),
    });
    await push(refused.webhook);
    await becomes('auction', refused.key, 'rejected');

    qi.script = () => ({ kind: 'accept' });
    const lost = request();
    await push(lost.webhook);
    await becomes('auction', lost.key, 'bid');
    await ends(lost.key, null);
    await becomes('auction', lost.key, 'lost');

    const won = request();
    await push(won.webhook);
    await becomes('auction', won.key, 'bid');
    const operationKey = randomUUID();
    await ends(won.key, operationKey);
    await becomes('auction', won.key, 'won');

    // One that waits for an auction that never comes, and one of a kind that nobody knows.
    const stray = endOfAuction({ requestKey: randomUUID(), proposalKey: randomUUID(), operationKey: null });
    await push({ ...stray, borrower: { ...BORROWER } });
    await push({ webhook_type: 'laas.something_new', key: 'k', status: 'odd', data: { ...BORROWER } });
    await waitFor('the one that waits', async () => {
      const [row] = await sql(`SELECT FROM webhook_event WHERE status = 'waiting'`);
      return row && true;
    });
    return { operationKey, auctionKey: won.key };
  }

  async function push(webhook: unknown): Promise<void> {
    const headers = { authorization: `Bearer ${randomUUID()}` };
    expect((await world.call('POST', '/webhooks/qi', webhook, headers)).status).toBe(200);
  }

  function becomes(table: 'auction' | 'operation', key: string, status: string): Promise<true> {
    return waitFor(`${table} ${key} to become ${status}`, async () => {
      const column = table === 'auction' ? 'issuer_proposal_request_key' : 'credit_operation_key';
      const [row] = await sql(`SELECT status FROM ${table} WHERE ${column} = $1`, [key]);
      return row?.['status'] === status ? true : undefined;
    });
  }

  /** One signature in twenty is drawn for a person to look at: here the person agrees. */
  async function operation(key: string): Promise<{ readonly signed: true | undefined } | undefined> {
    const [row] = await sql('SELECT status FROM operation WHERE credit_operation_key = $1', [key]);
    if (row?.['status'] === 'awaiting_authorization')
      await world.as(MASTER)('POST', `/api/v1/operations/${key}/authorize`, {});
    return row && { signed: row['status'] === 'authorized' ? true : undefined };
  }

  function markOf(kind: 'cpf' | 'employer', value: string, encoding: 'hex' | 'base64url'): string {
    return world.app.get(BlindIndex).of(kind, value).toString(encoding);
  }

  /** In every form in which a column could hold them. */
  function needlesOf(): string[] {
    const { cpf, ...rest } = BORROWER;
    const clear = [cpf, cpf.replace(/^(...)(...)(...)(..)$/, '$1.$2.$3-$4'), ...Object.values(rest)];
    const marks = (['hex', 'base64url'] as const).flatMap((encoding) => [
      markOf('cpf', cpf, encoding),
      markOf('employer', EMPLOYER, encoding),
    ]);
    return [...clear, ...clear.map((text) => Buffer.from(text).toString('hex')), ...marks];
  }

  /** A row's text has bytes in hex, and what is inside JSON and arrays. */
  async function tablesWith(needles: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const table of (await schema()).keys()) {
      const rows = await sql(
        `SELECT FROM ${table} AS row WHERE EXISTS (
           SELECT FROM unnest($1::text[]) AS needle WHERE strpos(lower(row::text), lower(needle)) > 0) LIMIT 1`,
        [needles],
      );
      if (rows.length > 0) found.push(table);
    }
    return found;
  }

  const erasedColumns = (): string[] =>
    Object.entries(COLUMN_CLASSES)
      .flatMap(([table, classes]) =>
        classes
          .filter(({ erasedBy }) => erasedBy.length > 0)
          .flatMap(namesOf)
          .map((column) => `${table}.${column}`),
      )
      .toSorted();

  /** Of the columns that are erased, those in which something stands: a sealing of nothing is nothing. */
  async function filledColumns(): Promise<string[]> {
    const filled: string[] = [];
    for (const name of erasedColumns()) {
      const [table = '', column = ''] = name.split('.');
      const rows = await sql(
        `SELECT FROM ${table} WHERE ${ONLY_WHERE[table] ?? 'true'} AND ${column} IS NOT NULL
           AND CASE WHEN pg_typeof(${column}) = 'bytea'::regtype THEN octet_length(${column}::text) > 2 + 2 * 28
             ELSE ${column}::text <> '' END LIMIT 1`,
      );
      if (rows.length > 0) filled.push(name);
    }
    return filled;
  }
});
