import { randomUUID } from 'node:crypto';
import { engineFile } from '../support/engine-file';
import { endOfAuction, loanWebhooks, newCpf, printed, proposalRequest } from '../support/webhooks';
import { waitFor } from '../support/wait-for';
import { TraceReceiver } from '../support/trace-receiver';
import { AuctionWorld } from './auction-world';
import { FaultWorld } from './fault-world';

interface AuctionView {
  readonly status: string;
  readonly status_reason: string | null;
  readonly inclusion_limit_datetime: string;
  readonly decision: {
    readonly outcome: string;
    readonly reasons: readonly { readonly code: string }[];
  } | null;
  readonly bid: { readonly submitted_at: string; readonly monthly_interest_rate: string } | null;
}

describe('an auction, from webhook to disbursement', () => {
  let world: AuctionWorld;
  let collector: TraceReceiver;
  beforeAll(async () => {
    collector = await TraceReceiver.start();
    world = await AuctionWorld.start({ ARREMATE_TRACES_URL: collector.url });
  });
  afterAll(async () => {
    await world.end();
    await collector.close();
  });

  const view = async (key: string): Promise<AuctionView> =>
    (await world.service.get(`/api/v1/auctions/${key}`)).body as AuctionView;

  it("bids on the manual's sample before its true limit, once its dates are today's and its alerts are gone", async () => {
    const key = randomUUID();
    expect(await world.push(proposalRequest({ key, cpf: newCpf() }))).toBe(200);
    await world.auctionBecomes(key, 'bid');
    const [proposal] = world.qi.proposalsFor(key);
    const { inclusion_limit_datetime: limit, decision } = await view(key);
    expect(proposal?.at.getTime()).toBeLessThan(Date.parse(limit));
    expect(Date.parse(limit) - Date.now()).toBeLessThan(31_000);
    expect(decision).toMatchObject({ outcome: 'bid' });
    expect(JSON.parse(proposal?.body ?? '')).toMatchObject({
      disbursed_issue_amount: 2100,
      number_of_installments: 10,
      purchaser_document_number: '11222333000181',
    });
  });

  it('tells its whole course as one trace, from the door to the answer on disk, and nothing of a person', async () => {
    collector.status = 400;
    const cpf = newCpf();
    await world.push(proposalRequest({ key: randomUUID(), cpf: newCpf() }));
    const traceOf = (key: string) =>
      waitFor(`the trace of ${key}`, () => collector.traceOf({ 'auction.key': key }));
    // The first ones found nobody who takes them.
    await waitFor('that they are lost', () =>
      world.service.output.includes('traces are not taken') ? true : undefined,
    );
    collector.status = 200;
    const [bid, declined] = [randomUUID(), randomUUID()];
    await world.push(proposalRequest({ key: bid, cpf }));
    await world.push(proposalRequest({ key: declined, alerts: 'printed' }));
    const [root, ...steps] = await traceOf(bid);
    expect(root).toMatchObject({
      name: 'auction',
      isFailed: false,
      attributes: { 'auction.status': 'bid', 'auction.limit_at': (await view(bid)).inclusion_limit_datetime },
    });
    const { 'auction.budget_ms': budget, 'auction.left_ms': left } = root?.attributes ?? {};
    expect(Number(left)).toBeLessThanOrEqual(Number(budget));
    expect(steps.map(({ name }) => name)).toEqual([
      'make durable',
      'decide',
      'write decision',
      'send proposal',
      'write answer',
    ]);
    expect(steps[3]?.attributes).toMatchObject({
      'bid.attempt': '1',
      'bid.answer': 'accepted',
      'http.response.status_code': '200',
    });
    const [ended, ...before] = await traceOf(declined);
    expect(ended).toMatchObject({ isFailed: false, attributes: { 'auction.status': 'declined' } });
    expect(before.map(({ name }) => name)).toEqual(['make durable', 'decide', 'write decision']);
    expect(collector.text).not.toContain(cpf);
    expect(collector.text).not.toMatch(/MARIA|JOSE|cpf|name_/i);
  });

  it('declines the same sample with its alerts: the job ended, the leave is over', async () => {
    const key = randomUUID();
    await world.push(proposalRequest({ key, alerts: 'printed' }));
    await world.auctionBecomes(key, 'declined');
    const { decision, bid } = await view(key);
    expect(decision?.reasons.map(({ code }) => code)).toEqual(['JOB_TERMINATED']);
    expect(bid).toBeNull();
    expect(world.qi.proposalsFor(key)).toEqual([]);
  });

  it('declines a request without its amounts or with impossible dates, naming what is missing', async () => {
    const key = randomUUID();
    const facts = {
      disbursed_issue_amount: null,
      consigned_credit_balance: undefined,
      birth_date: '1973-02-30',
    };
    await world.push(proposalRequest({ key, facts }));
    await world.auctionBecomes(key, 'declined');
    const codes = (await view(key)).decision?.reasons.map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining([
        'DATA_MISSING:requested_amount',
        'DATA_MISSING:margin',
        'DATA_MISSING:borrower_age',
      ]),
    );
  });

  it('parks a request whose limit makes no sense, and misses one whose limit has passed', async () => {
    const [nonsense, past] = [randomUUID(), randomUUID()];
    const sample = proposalRequest({ key: nonsense });
    await world.push({
      ...sample,
      data: { ...(sample['data'] as object), inclusion_limit_datetime: 'soon' },
    });
    await world.push({
      ...printed('private-payroll-auction/01-webhook-new-issuer-proposal-request.json'),
      key: past,
      data: { ...(proposalRequest({ key: past, windowSeconds: -5 })['data'] as object) },
      event_datetime: new Date(Date.now() - 60_000).toISOString(),
    });
    await world.auctionBecomes(nonsense, 'parked');
    const tasks = (await world.service.get('/api/v1/tasks')).body as { items: readonly object[] };
    expect(tasks.items).toContainEqual(
      expect.objectContaining({
        kind: 'auction_parked',
        issuer_proposal_request_key: nonsense,
        reason_code: 'LIMIT_UNREADABLE',
      }),
    );
    await world.auctionBecomes(past, 'missed');
    expect(world.qi.proposalsFor(past)).toEqual([]);
  });

  it('makes one bid of twenty copies that arrive at once', async () => {
    const key = randomUUID();
    const webhook = proposalRequest({ key, cpf: newCpf() });
    const statuses = await Promise.all(Array.from({ length: 20 }, () => world.push(webhook)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await world.auctionBecomes(key, 'bid');
    expect(world.qi.proposalsFor(key)).toHaveLength(1);
    const { rows } = await world.sql.query(`SELECT FROM webhook_event WHERE event_key = $1`, [key]);
    expect(rows).toHaveLength(1);
  });

  it('follows a won auction to its disbursement, authorising it once', async () => {
    // Always this key: one in twenty is drawn for a person to look at, and its key decides which.
    const [key, operationKey, cpf] = [randomUUID(), '0d9c1f6e-6d5c-4a3e-9a55-0f4a2f6b7c11', newCpf()];
    await world.push(proposalRequest({ key, cpf }));
    await world.auctionBecomes(key, 'bid');
    const proposalKey = world.qi.proposalsFor(key)[0]?.proposalKey ?? '';
    await world.push(endOfAuction({ requestKey: key, proposalKey, operationKey }));
    await world.auctionBecomes(key, 'won');
    const [signed, authorizationRequested, ...later] = loanWebhooks(operationKey, cpf);
    await world.push(signed);
    await world.push(authorizationRequested);
    await world.operationBecomes(operationKey, 'authorized');
    for (const webhook of later) expect(await world.push(webhook)).toBe(200);
    await world.operationBecomes(operationKey, 'disbursed');
    expect(world.qi.commands.filter((command) => command.includes(operationKey))).toEqual([
      `PATCH /private_payroll/reservation/external_key/${operationKey}/authorize`,
    ]);
  });

  it('closes a lost auction', async () => {
    const key = randomUUID();
    await world.push(proposalRequest({ key, cpf: newCpf() }));
    await world.auctionBecomes(key, 'bid');
    const proposalKey = world.qi.proposalsFor(key)[0]?.proposalKey ?? '';
    await world.push(endOfAuction({ requestKey: key, proposalKey, operationKey: null }));
    await world.auctionBecomes(key, 'lost');
  });

  it('reaches the same end whatever the order of the eight webhooks', async () => {
    const run = async (seed: number): Promise<void> => {
      const [key, operationKey, cpf] = [randomUUID(), randomUUID(), newCpf()];
      const eight = [
        proposalRequest({ key, cpf }),
        endOfAuction({ requestKey: key, proposalKey: randomUUID(), operationKey }),
        ...loanWebhooks(operationKey, cpf),
      ];
      for (const webhook of shuffled(eight, seed)) await world.push(webhook);
      await world.auctionBecomes(key, 'won', 30_000);
      await world.operationBecomes(operationKey, 'disbursed', 30_000);
      expect(world.qi.proposalsFor(key).length).toBeLessThanOrEqual(1);
    };
    for (let batch = 0; batch < 6; batch += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => run(1 + batch * 20 + i)));
    }
  }, 120_000);
});

describe('what QI answers', () => {
  let world: AuctionWorld;
  beforeAll(async () => {
    world = await AuctionWorld.start({
      ARREMATE_ENGINE_FILE: engineFile({ alerts: { look_every_ms: 200 } }),
    });
  });
  afterAll(() => world.end());
  afterEach(() => {
    world.qi.script = () => ({ kind: 'accept' });
  });

  const margin400 = JSON.stringify(printed('private-payroll-auction/05-response-auction-proposal-400.json'));

  it('bids smaller, with a new control key, when the margin is refused', async () => {
    const key = randomUUID();
    world.qi.script = (_, nth) =>
      nth === 1 ? { kind: 'answer', status: 400, body: margin400 } : { kind: 'accept' };
    await world.push(proposalRequest({ key, cpf: newCpf() }));
    await world.auctionBecomes(key, 'bid');
    const [first, second] = world.qi.proposalsFor(key);
    expect(second?.controlKey).not.toBe(first?.controlKey);
    expect(await world.bidStatuses(key)).toEqual(['rejected', 'accepted']);
    const amounts = await world.sql.query<{ value: string }>(
      `SELECT installment_face_value AS value FROM bid WHERE auction_key = $1 ORDER BY ordinal`,
      [key],
    );
    const [before, after] = amounts.rows.map(({ value }) => Number(value));
    expect(after).toBeLessThan(before ?? 0);

    // The smaller bid has a decision of its own, which can be made again like that of the auction.
    const { refits } = (await view(key)) as { refits: { bid: number; outcome: string; trace: object }[] };
    expect(refits).toMatchObject([{ bid: 2, outcome: 'bid', trace: { window: 'on_time' } }]);
    for (const bid of [1, 2]) {
      const replay = await world.service.get(`/api/v1/auctions/${key}/replay?bid=${bid}`);
      expect(replay.body).toMatchObject({ identical: true, other_data: false });
    }
    await world.sql.query(`UPDATE decision SET data_sha256 = 'of another year' WHERE auction_key = $1`, [
      key,
    ]);
    const older = await world.service.get(`/api/v1/auctions/${key}/replay`);
    expect(older.body).toMatchObject({ identical: true, other_data: true });
  });

  it('is not touched by its own webhook handled again, whoever has it and however far it is', async () => {
    const [bid, declined] = [randomUUID(), randomUUID()];
    await world.push(proposalRequest({ key: bid, cpf: newCpf() }));
    await world.push(proposalRequest({ key: declined, cpf: newCpf(), alerts: 'printed' }));
    await world.auctionBecomes(bid, 'bid');
    await world.auctionBecomes(declined, 'declined');
    const handleAgain = async (key: string): Promise<void> => {
      const asked = { key, apply: true, reason: 'conferência' };
      expect((await world.service.post('/api/v1/reconciliation/replays', asked)).status).toBe(200);
      await waitFor('it to be handled again', async () => {
        const { rows } = await world.sql.query<{ status: string; attempts: number }>(
          `SELECT status, attempts FROM webhook_event WHERE event_key = $1`,
          [key],
        );
        return rows.every(({ status, attempts }) => status === 'done' && attempts === 1) ? true : undefined;
      });
    };
    for (const key of [bid, declined]) await handleAgain(key);
    expect(await world.bidStatuses(bid)).toEqual(['accepted']);
    expect([...world.qi.proposalsFor(bid), ...world.qi.proposalsFor(declined)]).toHaveLength(1);
  });

  it('gives up after so many refusals of the margin', async () => {
    const key = randomUUID();
    world.qi.script = () => ({ kind: 'answer', status: 400, body: margin400 });
    await world.push(proposalRequest({ key, cpf: newCpf() }));
    await world.auctionBecomes(key, 'rejected');
    expect(await world.bidStatuses(key)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('keeps QI’s words of any other refusal and does not bid again', async () => {
    const key = randomUUID();
    const body = JSON.stringify({ title: 'Refused', description: 'Programme is closed', code: 'QIT000099' });
    world.qi.script = () => ({ kind: 'answer', status: 422, body });
    await world.push(proposalRequest({ key, cpf: newCpf() }));
    await world.auctionBecomes(key, 'rejected');
    expect(await view(key)).toMatchObject({ status_reason: 'QIT000099: Programme is closed' });
    expect(world.qi.proposalsFor(key)).toHaveLength(1);
  });

  it.each([500, 503, 429, 401, 403])(
    'repeats after HTTP %d with the same control key and the same bytes',
    async (status) => {
      const key = randomUUID();
      world.qi.script = (_, nth) => (nth < 3 ? { kind: 'answer', status, body: '{}' } : { kind: 'accept' });
      await world.push(proposalRequest({ key, cpf: newCpf() }));
      await world.auctionBecomes(key, 'bid');
      const proposals = world.qi.proposalsFor(key);
      expect(proposals).toHaveLength(3);
      expect(new Set(proposals.map(({ body }) => body)).size).toBe(1);
    },
  );

  it('takes no refusal of QI’s door for one of a bid that may have been taken before it', async () => {
    const key = randomUUID();
    const shut = JSON.stringify({ title: 'QI Unauthenticated', description: 'no key', code: 'GDF000014' });
    world.qi.script = (_, nth) =>
      nth === 1 ? { kind: 'answer', status: 503, body: '{}' } : { kind: 'answer', status: 401, body: shut };
    await world.push(proposalRequest({ key, cpf: newCpf(), windowSeconds: 2 }));
    await world.auctionBecomes(key, 'unknown');
    const proposals = world.qi.proposalsFor(key);
    expect(proposals.length).toBeGreaterThan(1);
    expect(new Set(proposals.map(({ body }) => body)).size).toBe(1);
    world.qi.script = () => ({ kind: 'accept' });
    const closing = randomUUID(); // the next test has no time for an open circuit
    await world.push(proposalRequest({ key: closing, cpf: newCpf() }));
    await world.auctionBecomes(closing, 'bid');
  });

  it('never sends again what may have been taken: the outcome settles it', async () => {
    const [key, operationKey] = [randomUUID(), randomUUID()];
    world.qi.script = () => ({ kind: 'take_and_hang' });
    await world.push(proposalRequest({ key, cpf: newCpf(), windowSeconds: 2 }));
    await world.auctionBecomes(key, 'unknown');
    expect(world.qi.proposalsFor(key)).toHaveLength(1);
    const proposalKey = world.qi.proposalsFor(key)[0]?.proposalKey ?? '';
    await world.push(endOfAuction({ requestKey: key, proposalKey, operationKey }));
    await world.auctionBecomes(key, 'won');
    expect(await world.bidStatuses(key)).toEqual(['accepted']);
  });

  it("notices when QI's arithmetic is not ours", async () => {
    const key = randomUUID();
    const body = JSON.stringify({
      auction_proposal_key: randomUUID(),
      status: 'bid',
      proposal_data: { simulation: { disbursed_issue_amount: 2100, installment_face_value: 999.99 } },
    });
    world.qi.script = () => ({ kind: 'answer', status: 200, body });
    await world.push(proposalRequest({ key, cpf: newCpf() }));
    await world.auctionBecomes(key, 'bid');
    const { rows } = await world.sql.query<{ field: string }>(
      `SELECT jsonb_array_elements(drift -> 'remarkable') ->> 'field' AS field FROM bid WHERE auction_key = $1`,
      [key],
    );
    expect(rows).toEqual([{ field: 'installmentFaceValue' }]);
    // Releases before kept a bare list, of what is within the tolerance too: it says nothing of what is beyond.
    await world.sql.query(`UPDATE bid SET drift = '[{"field": "totalIof"}]' WHERE auction_key <> $1`, [key]);
    const { drift } = (await world.service.get('/api/v1/system')).body as { drift: object };
    expect(drift).toEqual({ compared: expect.any(Number) as number, differing: 1 });
    const alert = await waitFor('people to be told', async () => {
      const { open } = (await world.service.get('/api/v1/alerts')).body as {
        open: { kind: string; line: string }[];
      };
      return open.find(({ kind }) => kind === 'pricing_drift');
    });
    expect(alert.line).toContain('1 simulação difere nas últimas 24 horas');
    const metrics = String((await world.service.get('/metrics')).body);
    expect(metrics).toContain('arremate_qi_drift_total{field="installmentFaceValue"} 1');
    const tasks = await world.sql.query(`SELECT auction_key, kind FROM task WHERE status = 'open'`);
    expect(tasks.rows).toEqual([{ auction_key: key, kind: 'pricing_drift' }]);
  });

  it('sends nothing while the kill switch is engaged', async () => {
    await world.sql.query(`UPDATE kill_switch SET engaged = true, reason = 'test', actor = 'test'`);
    const key = randomUUID();
    await world.push(proposalRequest({ key, cpf: newCpf() }));
    await world.auctionBecomes(key, 'missed');
    await world.sql.query(`UPDATE kill_switch SET engaged = false, reason = 'test', actor = 'test'`);
    expect(world.qi.proposalsFor(key)).toEqual([]);
    expect(await view(key)).toMatchObject({ status_reason: 'kill_switch' });
    const next = randomUUID();
    await world.push(proposalRequest({ key: next, cpf: newCpf() }));
    await world.auctionBecomes(next, 'bid');
  });

  const view = async (key: string): Promise<unknown> =>
    (await world.service.get(`/api/v1/auctions/${key}`)).body;
});

describe('a dry run', () => {
  it('decides and records, and sends nothing', async () => {
    const world = await AuctionWorld.start({ ARREMATE_DRY_RUN: '1' });
    try {
      const key = randomUUID();
      await world.push(proposalRequest({ key, cpf: newCpf() }));
      await world.auctionBecomes(key, 'missed');
      expect(await world.bidStatuses(key)).toEqual(['withdrawn']);
      expect(world.qi.received).toEqual([]);
    } finally {
      await world.end();
    }
  });
});

describe('a service that is told to stop', () => {
  it('drains within ten seconds and leaves what it could not finish to the next', async () => {
    const world = await AuctionWorld.start();
    try {
      const key = randomUUID();
      world.qi.script = (_, nth) =>
        nth === 1 ? { kind: 'answer', status: 429, body: '{}' } : { kind: 'accept' };
      await world.push(proposalRequest({ key, cpf: newCpf() }));
      await waitFor('the first POST', () => world.qi.proposalsFor(key)[0]);
      const began = performance.now();
      expect(await world.service.stop()).toBe(0);
      expect(performance.now() - began).toBeLessThan(10_000);
      const { rowCount } = await world.sql.query(`SELECT FROM instance`);
      expect(rowCount).toBe(0); // its leases are given up, not left to run out
      await world.service.restart();
      await world.auctionBecomes(key, 'bid');
      expect(new Set(world.qi.proposalsFor(key).map(({ controlKey }) => controlKey)).size).toBe(1);
    } finally {
      await world.end();
    }
  });

  it('says that it is not ready, and leaves what still comes to the others at once', async () => {
    const world = await FaultWorld.start();
    try {
      await world.join();
      const held = randomUUID();
      world.qi.script = ({ requestKey }) => ({ kind: requestKey === held ? 'take_and_hang' : 'accept' });
      await world.request(held);
      await waitFor('its POST', () => world.qi.proposalsFor(held)[0]);
      const ended = world.service.stop();
      await waitFor('it to say so', async () =>
        (await world.service.get('/health/ready')).status === 503 ? true : undefined,
      );
      const key = randomUUID();
      expect(await world.push(proposalRequest({ key, cpf: newCpf() }))).toBe(200);
      await world.auctionBecomes(key, 'bid');
      expect(world.service.isRunning).toBe(true);
      expect(await ended).toBe(0);
      await world.auctionBecomes(held, 'unknown');
      await world.audit();
    } finally {
      await world.end();
    }
  }, 40_000);
});

/** A permutation drawn from a seed, so that a failure can be run again. */
function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  let state = seed * 2_654_435_761;
  return items
    .map((item) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return { item, rank: state };
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
