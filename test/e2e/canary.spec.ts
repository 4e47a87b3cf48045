import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { NotificationReceiver } from '../support/notification-receiver';
import { tracesIn, tracesInDatabase, tracesInFiles, type Canary } from '../support/traces';
import { waitFor } from '../support/wait-for';
import { endOfAuction, loanWebhooks, newCpf, proposalRequest } from '../support/webhooks';
import { AuctionWorld } from './auction-world';

const cpf = newCpf();
const punctuated = cpf.replace(/^(...)(...)(...)(..)$/, '$1.$2.$3-$4');
const signerCpf = newCpf();
const canary: Canary = {
  cpf,
  name: 'Conceição Canária Passarinho',
  birth_date: '1961-07-19',
  registration: 'MATR90817Q',
  email: 'canaria@passarinho.example',
  phone: '987650417',
  account: '904817263554',
  signer: signerCpf,
  street: 'Rua do Alpiste',
};
const ROUTES_OF_ERRORS = ['/api/v1/quotes', '/api/v1/session', '/api/v1/exports', '/api/v1/policies/check'];

/** A person of whom everything is known is sent through every flow, and then looked for everywhere. */
describe('a borrower', () => {
  let world: AuctionWorld;
  let receiver: NotificationReceiver;
  const directory = mkdtempSync(join(tmpdir(), 'arremate-canary-'));
  /** Everything that was answered, but what was revealed on purpose. */
  const answers: string[] = [];
  const lost = randomUUID();
  const facts = {
    name: canary['name'],
    birth_date: canary['birth_date'],
    issuer_registration_number: canary['registration'],
  };

  const ask = async (
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; body: unknown }> => {
    const answer = await (body === undefined
      ? world.service.get(path)
      : world.service.post(path, body, headers));
    answers.push(`${path} ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer;
  };

  beforeAll(async () => {
    receiver = await NotificationReceiver.start();
    world = await AuctionWorld.start({
      ARREMATE_LOG_FILE: join(directory, 'logs', 'service.log'),
      ARREMATE_LOG_LEVEL: 'debug',
      ARREMATE_NOTIFY_LOOPBACK: '1',
    });
    await ask('/api/v1/notification-endpoints', {
      url: `${receiver.url}/hook`,
      event_types: [
        'auction.decided',
        'auction.won',
        'auction.lost',
        'operation.disbursed',
        'operation.failed',
        'task.opened',
      ],
    });
    await auctions();
    await loans();
    await doors();
    await people();
  }, 120_000);
  afterAll(async () => {
    await world.end();
    await receiver.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const request = (options: object = {}): ReturnType<typeof proposalRequest> =>
    proposalRequest({ cpf, facts, ...options });

  /** Declined, refused by QI in words that name the borrower, lost. */
  async function auctions(): Promise<void> {
    const [declined, refused] = [randomUUID(), randomUUID()];
    await world.push(request({ key: declined, alerts: 'printed' }));
    await world.auctionBecomes(declined, 'declined');
    const words = `CPF ${punctuated} (${cpf}) não elegível`;
    world.qi.script = () => ({
      kind: 'answer',
      status: 422,
      body: JSON.stringify({ title: 'Refused', description: words, code: 'QIT000099', translation: words }),
    });
    await world.push(request({ key: refused }));
    await world.auctionBecomes(refused, 'rejected');
    world.qi.script = () => ({ kind: 'accept' });
    await world.push(request({ key: lost }));
    await world.auctionBecomes(lost, 'bid');
    const proposalKey = world.qi.proposalsFor(lost)[0]?.proposalKey ?? '';
    await world.push(endOfAuction({ requestKey: lost, proposalKey, operationKey: null }));
    await world.auctionBecomes(lost, 'lost');
    await world.push(
      request({ facts: { ...facts, disbursed_issue_amount: canary['name'], admission_date: cpf } }),
    );
    for (const path of ['', '/timeline'])
      await ask(`/api/v1/${path === '' ? 'auctions' : 'history/auctions'}/${refused}${path}`);
  }

  /** Signed, refused, reserved, not paid, sent to another account, cancelled: each word of QI's with the borrower in it. */
  async function loans(): Promise<void> {
    const [key, operationKey] = [randomUUID(), randomUUID()];
    await world.push(request({ key }));
    await world.auctionBecomes(key, 'bid');
    const proposalKey = world.qi.proposalsFor(key)[0]?.proposalKey ?? '';
    await world.push(endOfAuction({ requestKey: key, proposalKey, operationKey }));
    await world.auctionBecomes(key, 'won');
    const [signed, requested, finished, refused, constituted] = loanWebhooks(operationKey, signerCpf);
    const [signer] = (signed as { signers: { signer_data: object }[] }).signers;
    await world.push({
      ...signed,
      signers: [
        {
          ...signer,
          signer_data: {
            ...signer?.signer_data,
            name: canary['name'],
            email: canary['email'],
            birthdate: canary['birth_date'],
            phone: { number: canary['phone'], area_code: '11', international_dial_code: '55' },
            address: { street: canary['street'] },
            pix_key: canary['email'],
          },
        },
      ],
    });
    await world.push(requested);
    await waitFor('a task of the foreign signer', async () => {
      const { rowCount } = await world.sql.query(`SELECT FROM task WHERE credit_operation_key = $1`, [
        operationKey,
      ]);
      return rowCount === 0 ? undefined : true;
    });
    const { body } = await ask(`/api/v1/tasks?credit_operation_key=${operationKey}`);
    for (const { id } of (body as { items: { id: string }[] }).items) {
      expect((await ask(`/api/v1/tasks/${id}/claim`, {})).status).toBe(200);
      await ask(`/api/v1/tasks/${id}`);
    }
    expect((await ask(`/api/v1/operations/${operationKey}/authorize`, {})).status).toBe(202);
    await world.operationBecomes(operationKey, 'authorized');
    for (const webhook of [finished, refused, constituted]) await world.push(webhook);
    await world.operationBecomes(operationKey, 'reserved');
    const words = `341 0000 ${canary['account'] ?? ''} ${cpf} - ${canary['name'] ?? ''}`;
    await world.push({
      webhook_type: 'debt',
      key: operationKey,
      status: 'canceled',
      event_datetime: '2026-03-18 16:41:28',
      data: {
        cancel_reason: 'ted_refusal',
        ted_refusal: {
          description: words,
          reason: words,
          reason_enumerator: 'agencia_conta_invalida',
          destination: { name: canary['name'], document: cpf, account_number: canary['account'] },
        },
      },
    });
    await world.operationBecomes(operationKey, 'disbursement_failed');
    const account = {
      name: canary['name'],
      document_number: cpf,
      bank_code: 1,
      branch_number: '1',
      account_number: canary['account'],
      account_digit: '1',
      percentage_receivable: 100,
    };
    const resubmission = (changes: object) => ({
      disbursement_date: '2027-01-04',
      disbursement_bank_accounts: [{ ...account, ...changes }],
    });
    const path = `/api/v1/operations/${operationKey}/resubmit_disbursement`;
    expect((await ask(path, resubmission({ percentage_receivable: cpf }))).status).toBe(422);
    expect((await ask(path, resubmission({ document_number: signerCpf }))).status).toBe(422);
    expect((await ask(path, resubmission({}), { 'idempotency-key': randomUUID() })).status).toBe(202);
    await waitFor('the resubmission', () =>
      Promise.resolve(
        world.qi.commands.some(
          (command) => command.includes(operationKey) && !command.includes('authorize'),
        ) || undefined,
      ),
    );
    await ask(`/api/v1/operations/${operationKey}`);
    await ask(`/api/v1/history/auctions/${key}/timeline`);
    await ask(`/api/v1/operations/${operationKey}/cancel_permanently`, { reason: 'conta encerrada' });
    await ask('/api/v1/approvals');
  }

  /** What QI never sends, and what nobody may: parked, unreadable, not JSON. */
  async function doors(): Promise<void> {
    const strange = [
      { webhook_type: 'laas.something_new', key: 'k-1', status: 'odd', data: { ...canary } },
      {
        webhook_type: 'debt',
        key: 'k-2',
        status: 'no_such_status',
        data: { reason: canary['name'], cpf: punctuated },
      },
      { hello: canary },
    ];
    for (const webhook of strange) await ask('/webhooks/qi', webhook);
    await ask('/webhooks/qi', `{"name": "${canary['name'] ?? ''}", "cpf": ${cpf} x`);
    await waitFor('parked events', async () => {
      const { rowCount } = await world.sql.query(`SELECT FROM webhook_event WHERE status = 'parked'`);
      return (rowCount ?? 0) >= 3 ? true : undefined;
    });
    for (const path of ['/api/v1/webhook-events', '/metrics', '/health/ready', `/api/v1/nowhere/${cpf}`])
      await ask(path);
  }

  /** Looked for, revealed, explained, exported, put on a list, mistyped. */
  async function people(): Promise<void> {
    const { body } = await ask('/api/v1/history/lookup', { text: punctuated });
    const { mark } = body as { mark: string };
    const { body: found } = await ask(`/api/v1/history/auctions?borrower=${mark}`);
    expect((found as { items: unknown[] }).items.length).toBeGreaterThanOrEqual(4);
    const reason = 'contesta a decisão';
    expect((await ask(`/api/v1/auctions/${lost}/review-request`, { reason })).status).toBe(204);
    const { body: reviews } = await ask('/api/v1/tasks?kind=human_review');
    for (const { id } of (reviews as { items: { id: string }[] }).items)
      expect((await ask(`/api/v1/tasks/${id}/resolve`, { note: 'revista e mantida' })).status).toBe(200);
    const revealed = await world.service.post(`/api/v1/auctions/${lost}/reveal`, {
      fields: ['name', 'document_number', 'birth_date', 'registration'],
      reason: 'contato com o tomador',
    });
    expect(tracesIn(JSON.stringify(revealed.body), canary)).toEqual([
      'cpf',
      'name',
      'birth_date',
      'registration',
    ]);
    for (const part of ['', '/explanation', '/replay']) await ask(`/api/v1/auctions/${lost}${part}`);
    for (const format of ['csv', 'xlsx', 'parquet']) {
      const { body: requested } = await ask('/api/v1/exports', { format, filter: { borrower: mark } });
      const { id } = requested as { id: string };
      await waitFor('the export', async () => {
        const { body: state } = await ask(`/api/v1/exports/${id}`);
        return (state as { status: string }).status === 'done' ? true : undefined;
      });
      const file = await fetch(`${world.service.url}/api/v1/exports/${id}/file`, {
        headers: world.service.credentials,
      });
      mkdirSync(join(directory, 'exports'), { recursive: true });
      writeFileSync(join(directory, 'exports', `list.${format}`), Buffer.from(await file.arrayBuffer()));
    }
    const list = await ask(
      '/api/v1/policies/lists?field=borrower_cpf&source=canary',
      `cpf;nome\n${punctuated};${canary['name'] ?? ''}\nnot a cpf ${cpf}\n`,
      { 'content-type': 'text/csv' },
    );
    expect(list.status).toBe(201);
    for (const path of ROUTES_OF_ERRORS) {
      await ask(path, {
        ...canary,
        username: cpf,
        password: canary['name'],
        code: cpf,
        format: cpf,
        document: canary,
      });
      await ask(path, `{"cpf": "${cpf}", ${canary['name'] ?? ''}`);
    }
    await ask('/api/v1/audit');
    await ask('/api/v1/history/overview');
    await waitFor('notifications', () => Promise.resolve(receiver.received.length >= 6 || undefined));
  }

  it('is in no answer that was not asked to reveal, nor in what others are told', () => {
    // An address may hold what its answer must not.
    const telling = answers.filter((answer) => tracesIn(answer.replace(/^\S+/, ''), canary).length > 0);
    expect(telling).toEqual([]);
    expect(tracesIn(receiver.received.map(({ text }) => text).join('\n'), canary)).toEqual([]);
    expect(receiver.received.length).toBeGreaterThan(0);
  });

  it('is in no address that we ask or are asked, no log, no line of the terminal, no exported file', () => {
    expect(tracesIn(world.qi.commands.join('\n'), canary)).toEqual([]);
    expect(tracesIn(world.service.output, canary)).toEqual([]);
    expect(world.service.output).toContain('disburs');
    expect(tracesInFiles(directory, canary)).toEqual([]);
  });

  it('is in no column that is not encrypted', async () => {
    expect(await tracesInDatabase(world.sql, canary)).toEqual([]);
  });
});

describe('the search for a borrower', () => {
  const everything = Object.keys(canary);

  it.each([
    ['as it is', JSON.stringify(canary)],
    ['in capitals', JSON.stringify(canary).toUpperCase()],
    ['without accents', JSON.stringify(canary).normalize('NFD').replace(/\p{M}/gu, '')],
    [
      'escaped',
      JSON.stringify(canary).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ],
    ['in base64', `x=${Buffer.from(JSON.stringify(canary)).toString('base64')};`],
    ['in an address', `/a?b=${encodeURIComponent(JSON.stringify(canary))}`],
    ['in hexadecimal', `\\x${Buffer.from(JSON.stringify(canary)).toString('hex')}`],
    ['in latin1', Buffer.from(JSON.stringify(canary), 'latin1')],
    ['compressed', gzipSync(JSON.stringify(canary))],
  ])('finds every part %s', (_, content) => {
    expect(tracesIn(content, canary)).toEqual(everything);
  });

  it('finds numbers and dates with their punctuation, and nothing where nothing is', () => {
    expect(tracesIn(`${punctuated} 1961/07/19 98765-0417`, { ...canary, birth_date: '19610719' })).toEqual([
      'cpf',
      'birth_date',
      'phone',
    ]);
    expect(tracesIn('{"name": "C*** C***", "cpf": "***.***.***-**"}', canary)).toEqual([]);
  });

  it('names the table and column, and the file', async () => {
    const world = await AuctionWorld.start();
    const directory = mkdtempSync(join(tmpdir(), 'arremate-canary-'));
    try {
      await world.sql.query(
        `INSERT INTO saved_view (id, owner, name, page, query, created_at) VALUES (gen_random_uuid(), $1, $2, 'history', $3, now())`,
        [punctuated, canary['name']?.toUpperCase(), `e=${Buffer.from(cpf).toString('base64')}`],
      );
      await world.sql.query(
        `INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status) VALUES (decode(repeat('ab', 32), 'hex'), now(), 'k.bound', $1, 'new')`,
        [gzipSync(JSON.stringify(canary))],
      );
      await world.sql.query(
        `INSERT INTO notification_event (id, type, subject, occurred_at, data) VALUES (gen_random_uuid(), 't', 's', now(), $1)`,
        [JSON.stringify({ deep: [{ phone: canary['phone'] }] })],
      );
      mkdirSync(join(directory, 'logs'));
      writeFileSync(join(directory, 'logs', 'service.log'), `{"msg":"CPF ${punctuated} recusado"}\n`);
      expect((await tracesInDatabase(world.sql, canary)).toSorted()).toEqual(
        [
          'notification_event.data: phone',
          'saved_view.name: name',
          'saved_view.owner: cpf',
          'saved_view.query: cpf',
          ...everything.map((part) => `webhook_event.raw_ciphertext: ${part}`),
        ].toSorted(),
      );
      expect(tracesInFiles(directory, canary)).toEqual([`${join('logs', 'service.log')}: cpf`]);
    } finally {
      rmSync(directory, { recursive: true });
      await world.end();
    }
  });
});
