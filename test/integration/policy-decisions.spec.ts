import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runDecisionReplay } from '../../src/trial';
import { ReplayService } from '../../src/trial/replay.service';
import { limitReason } from '../../src/decision/domain';
import { Decimal, systemClock } from '../../src/kernel';
import { ActivePolicy } from '../../src/policy';
import { readProposalRequest, rereadWebhook } from '../../src/qi';
import { throwawayDirectory } from '../support/data-directory';
import { times } from '../support/repetitions';
import { ScriptedQi } from '../support/scripted-qi';
import { waitFor } from '../support/wait-for';
import { endOfAuction, newCpf, proposalRequest, type RequestOptions } from '../support/webhooks';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';
import { PolicyDesk, policyNamed } from './policy-world';

const ACTIVATIONS = times(15, 50);
/** After so many an auction is waited for: no multiple of the number of versions. */
const A_REST_EVERY = 4;
const KEY = Buffer.alloc(32, 7).toString('base64');

interface Figures {
  readonly requests: number;
  readonly baseline: { readonly bids: number };
  readonly candidate: { readonly bids: number; readonly reasons: Readonly<Record<string, number>> };
  readonly unusual_reasons: { readonly never: readonly string[]; readonly always: readonly string[] };
  readonly changed: { readonly lost: number; readonly causes: readonly { readonly cause: string }[] };
  readonly wins: {
    readonly verdict: string;
    readonly known: { readonly won: number; readonly lost: number };
  };
}

const NOBODY = {
  id: 'ninguem',
  code: 'AGE_BELOW_MINIMUM',
  sentence: 'Idade de {observed}.',
  require: { field: 'borrower_age', op: 'gte', value: 130 },
};
/** Accepts nobody; the cases of the shipped document would not hold any more. */
const closed = (name: string) => {
  const rules = policyNamed(name)['rules'] as object[];
  return policyNamed(name, { rules: [...rules, NOBODY], test_cases: [] });
};

describe('policies that decide', () => {
  let qi: ScriptedQi;
  let world: AccessWorld;
  let desk: PolicyDesk;
  let analyst: Call;
  beforeAll(async () => {
    qi = await ScriptedQi.start();
    world = await createAccessWorld({ QI_BASE_URL: qi.url, ARREMATE_ENCRYPTION_KEY: KEY });
    desk = await PolicyDesk.in(world);
    analyst = world.as(await world.tokenFor('analyst'));
  });
  afterAll(async () => {
    await world.close();
    await qi.close();
  });

  const push = async (webhook: object) => {
    const { status } = await world.call('POST', '/webhooks/qi', webhook);
    expect(status).toBe(200);
  };
  const ask = async (options: RequestOptions = {}): Promise<string> => {
    const key = randomUUID();
    await push(proposalRequest({ key, cpf: newCpf(), ...options }));
    return key;
  };
  const decided = (keys: readonly string[]) =>
    waitFor(
      `${String(keys.length)} decisions`,
      async () => {
        const rows = await world.dataSource.query<
          { auction_key: string; policy_hash: string; policy_version: string }[]
        >(`SELECT auction_key, policy_hash, policy_version FROM decision WHERE auction_key = ANY ($1)`, [
          keys,
        ]);
        return rows.length === keys.length ? rows : undefined;
      },
      { timeoutMs: 20_000 },
    );
  const backtest = async (path: string, body: object = {}) => {
    const period = {
      received_from: new Date(Date.now() - 3_600_000).toISOString(),
      received_before: new Date(Date.now() + 60_000).toISOString(),
    };
    const ordered = await analyst('POST', `${path}/backtests`, { ...period, ...body });
    expect(ordered).toMatchObject({ status: 202, body: { state: 'queued' } });
    return waitFor('the backtest', async () => {
      const { body: report } = await analyst(
        'GET',
        `/api/v1/policies/backtests/${String(ordered.body['id'])}`,
      );
      return ['queued', 'running'].includes(String(report['state'])) ? undefined : report;
    });
  };

  it('names one version for every decision while others are activated, and makes each again byte for byte', async () => {
    const versions = [
      { path: '/api/v1/policies/1' },
      await desk.approved(policyNamed('Carga A')),
      await desk.approved(closed('Carga B')),
    ];
    // A backtest of nothing puts nothing in force once requests have come.
    const keys = [await ask()];
    await decided(keys);
    for (const version of versions) if ('etag' in version) await desk.backtested(version.etag);
    const decidedNow = async (): Promise<readonly string[]> => {
      const key = await ask();
      await decided([key]);
      return [key];
    };
    const published = new AbortController();
    const traffic = (async () => {
      while (!published.signal.aborted) {
        keys.push(await ask());
        await sleep(5);
      }
    })();
    for (let turn = 1; turn <= ACTIVATIONS; turn += 1) {
      const { path } = versions[turn % versions.length] ?? { path: '' };
      expect((await desk.activate(path, `turno ${String(turn)}`)).status).toBe(200);
      // Where the machine is slow, all would else be decided after the last one.
      if (turn % A_REST_EVERY === 0) keys.push(...(await decidedNow()));
    }
    published.abort();
    await traffic;
    const rows = await decided(keys);
    const known = await world.dataSource.query<{ number: number; hash: string }[]>(
      `SELECT number, hash FROM policy_version`,
    );
    const named = new Set(known.map(({ number, hash }) => `${String(number)} ${hash}`));
    expect(rows.every((row) => named.has(`${row.policy_version} ${row.policy_hash}`))).toBe(true);
    expect(new Set(rows.map(({ policy_hash }) => policy_hash)).size).toBeGreaterThan(1);
    const replays = world.app.get(ReplayService);
    for (const key of keys)
      expect(await replays.replay(key)).toMatchObject({ kind: 'replayed', identical: true });
    const [count] = await world.dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM policy_activation WHERE reason LIKE 'turno%'`,
    );
    expect(count?.n).toBe(ACTIVATIONS);
    await desk.activate('/api/v1/policies/1');
  }, 120_000);

  const OF_AUCTION = `WHERE id = (SELECT webhook_event_id FROM auction WHERE issuer_proposal_request_key = $1)`;
  const rawOf = async (key: string): Promise<Buffer | undefined> => {
    const [row] = await world.dataSource.query<{ raw: Buffer }[]>(
      `SELECT raw_ciphertext AS raw FROM webhook_event ${OF_AUCTION}`,
      [key],
    );
    return row?.raw;
  };
  const putRaw = (key: string, raw: Buffer | undefined) =>
    world.dataSource.query(`UPDATE webhook_event SET raw_ciphertext = $2 ${OF_AUCTION}`, [key, raw]);

  it('shows what another version would have said of a past decision, and notices a changed record', async () => {
    const strict = await desk.approved(closed('Ninguém'));
    const [accepted, declined] = [await ask(), await ask({ alerts: 'printed' })];
    await decided([accepted, declined]);
    const under = `under=${strict.etag.replaceAll('"', '')}`;
    expect((await analyst('GET', `/api/v1/auctions/${accepted}/replay?${under}`)).body).toMatchObject({
      identical: true,
      own: { outcome: 'bid' },
      other: {
        outcome: 'no_bid',
        difference: 'lost',
        causes: ['ninguem'],
        reasons_added: ['AGE_BELOW_MINIMUM'],
      },
    });
    expect((await analyst('GET', `/api/v1/auctions/${declined}/replay?${under}`)).body).toMatchObject({
      identical: true,
      other: { difference: 'other_reasons', reasons_added: ['AGE_BELOW_MINIMUM'], reasons_removed: [] },
    });
    await world.dataSource.query(
      `UPDATE decision SET context = jsonb_set(context, '{borrower_live_offers}', '1') WHERE auction_key = $1`,
      [accepted],
    );
    expect((await analyst('GET', `/api/v1/auctions/${accepted}/replay`)).body).toMatchObject({
      identical: false,
      own: { outcome: 'no_bid', reasons: ['LIVE_OFFER_EXISTS'] },
    });
    await world.dataSource.query(
      `UPDATE decision SET context = jsonb_set(context, '{borrower_live_offers}', '0') WHERE auction_key = $1`,
      [accepted],
    );
    const kept = await rawOf(declined);
    await putRaw(declined, Buffer.alloc(0));
    for (const path of ['replay', 'test_case'])
      expect(await analyst('GET', `/api/v1/auctions/${declined}/${path}`)).toMatchObject({
        status: 409,
        body: { title: 'Os dados do pedido foram apagados: passou o prazo de guarda' },
      });
    await putRaw(declined, kept);
    expect((await analyst('GET', `/api/v1/auctions/${randomUUID()}/replay`)).status).toBe(404);
    expect((await analyst('GET', `/api/v1/auctions/${accepted}/replay?under=${'0'.repeat(64)}`)).status).toBe(
      409,
    );
  });

  it('makes a test case of a past auction, with nobody in it, that comes out as the auction did', async () => {
    const cpf = newCpf();
    const [accepted, declined] = [await ask({ cpf }), await ask({ alerts: 'printed' })];
    await decided([accepted, declined]);
    const cases = await Promise.all(
      [accepted, declined].map(async (key, at) => {
        const { status, body } = await desk.author('GET', `/api/v1/auctions/${key}/test_case`);
        expect(status).toBe(200);
        expect(JSON.stringify(body)).not.toContain(cpf);
        const { on, window, facts, outcome, reasons } = body;
        return { name: `Caso ${String(at)}`, on, window, facts, expect: { outcome, reasons } };
      }),
    );
    expect(cases.map(({ expect: { outcome } }) => outcome)).toEqual(['accept', 'decline']);
    const document = policyNamed('Casos de leilões', { test_cases: cases });
    const { status, body } = await desk.author('POST', '/api/v1/policies/check', { document });
    expect(status).toBe(200);
    // The seed says what its loans cost: each row has its break-even beside it.
    expect((body['costs'] as object[]).length).toBeGreaterThan(0);
    expect((body['costs'] as object[])[0]).toMatchObject({
      break_even_rate: expect.stringMatching(/^0\.\d{4}$/) as string,
    });
    const reason = { code: 'JOB_TERMINATED', rule: 'emprego-encerrado', observed: 'sim', required: 'não' };
    expect(body['tests']).toMatchObject([
      { passed: true, explained: [] },
      { passed: true, actual: { outcome: 'decline' }, explained: [reason] },
    ]);
    expect((await desk.author('GET', `/api/v1/auctions/${randomUUID()}/test_case`)).status).toBe(404);
  });

  it('is made again from the command line too, under a file if one is named', async () => {
    const key = await ask();
    await decided([key]);
    const file = join(throwawayDirectory('policy-'), 'ninguem.json');
    writeFileSync(file, JSON.stringify(closed('Arquivo')));
    const run = async (...args: string[]) => {
      const [out, err]: [string[], string[]] = [[], []];
      const code = await runDecisionReplay(world.dataSource, args, {
        out: (line) => out.push(line),
        err: (line) => err.push(line),
        clock: systemClock,
        encryptionKeys: KEY,
        gate: { reread: rereadWebhook },
        read: (document) => {
          const reading = readProposalRequest(document);
          return reading.kind === 'read' ? reading.request : undefined;
        },
      });
      return { code, out: out.join('\n'), err: err.join('\n') };
    };
    const own = await run(key);
    expect(own).toMatchObject({ code: 0, err: '' });
    expect(own.out).toMatch(
      /^versão 1 \([0-9a-f]{64}\): oferta de R\$ [\d.,]+ em \d+ x R\$ .* a \d,\d+% a\.m\./,
    );
    expect(own.out).toContain('refeita: idêntica byte a byte');
    const under = await run(key, file);
    expect(under.code).toBe(0);
    expect(under.out).toContain('sem oferta: AGE_BELOW_MINIMUM');
    expect(under.out).toContain('deixaria de haver oferta, por ninguem\n  + AGE_BELOW_MINIMUM');
    await world.dataSource.query(
      `UPDATE decision SET context = jsonb_set(context, '{borrower_live_offers}', '1') WHERE auction_key = $1`,
      [key],
    );
    const changed = await run(key);
    expect(changed).toMatchObject({ code: 1 });
    expect(changed.out).toContain('refeita: DIFERENTE do registro');
    const reached = limitReason({
      name: 'per_day',
      cap: new Decimal('50000000'),
      wouldBe: new Decimal('50000350.5'),
    });
    await world.dataSource.query(
      `UPDATE decision SET context = context || jsonb_build_object('borrower_live_offers', 0, 'added_reasons', $2::jsonb)
       WHERE auction_key = $1`,
      [key, JSON.stringify([reached])],
    );
    const exposure = { ...(policyNamed('')['exposure'] as object), per_day: null };
    writeFileSync(file, JSON.stringify(policyNamed('Sem limite do dia', { exposure, test_cases: [] })));
    const { out: limitless } = await run(key, file);
    expect(limitless).toContain('sem oferta: EXPOSURE_PER_DAY');
    expect(limitless).toContain('passaria a haver oferta');
    expect(limitless).toContain('  - EXPOSURE_PER_DAY');
    // R$ 50,000,000 were used beside a bid of R$ 350.50.
    await world.dataSource.query(
      `UPDATE decision SET context = context || '{"stopped_amount": "350.5"}' WHERE auction_key = $1`,
      [key],
    );
    const raised = { ...exposure, per_day: '50001000' };
    writeFileSync(file, JSON.stringify(policyNamed('Limite maior', { exposure: raised, test_cases: [] })));
    expect((await run(key, file)).out).not.toContain('passaria a haver oferta');
    expect(await run(randomUUID())).toMatchObject({ code: 2, out: '', err: 'Não encontrado: leilão' });
    expect(await run(key, '0'.repeat(64))).toMatchObject({ code: 2, out: '' });
    expect((await run()).err).toMatch(/^uso: /);
  });

  it('keeps nothing personal beside a decision', async () => {
    const cpf = newCpf();
    const key = await ask({ cpf });
    await decided([key]);
    const [row] = await world.dataSource.query<{ text: string }[]>(
      `SELECT context::text || trace::text || reasons::text AS text FROM decision WHERE auction_key = $1`,
      [key],
    );
    expect(row?.text).not.toContain(cpf);
    expect(row?.text).toContain('borrower_live_offers');
  });

  it('backtests a version over the stored requests; with the report it may be activated', async () => {
    const strict = await desk.approved(closed('Restrita'));
    const keys = [await ask(), await ask(), await ask()];
    await decided(keys);
    const [won, lost] = keys;
    for (const [key, operationKey] of [
      [won ?? '', randomUUID()],
      [lost ?? '', null],
    ] as const) {
      const [proposal] = await waitFor('the bid', () => {
        const found = qi.proposalsFor(key);
        return found.length > 0 ? found : undefined;
      });
      await push(endOfAuction({ requestKey: key, proposalKey: proposal?.proposalKey ?? '', operationKey }));
    }
    await waitFor('both ends', async () => {
      const rows = await world.dataSource.query<unknown[]>(
        `SELECT FROM auction WHERE issuer_proposal_request_key = ANY ($1) AND status IN ('won', 'lost')`,
        [keys],
      );
      return rows.length === 2 ? true : undefined;
    });
    expect((await desk.activate(strict.path)).status).toBe(409);
    const report = await backtest(strict.path, { against: 1 });
    const figures = report['figures'] as Figures;
    const [stored] = await world.dataSource.query<{ requests: number; bids: number }[]>(
      `SELECT count(*)::int AS requests FROM auction`,
    );
    expect(report).toMatchObject({ state: 'done', requests_done: stored?.requests });
    expect(figures.requests).toBe(stored?.requests);
    expect(figures.candidate.bids).toBe(0);
    expect(figures.baseline.bids).toBeGreaterThan(0);
    expect(figures.candidate.reasons['AGE_BELOW_MINIMUM']).toBe(figures.requests);
    expect(figures.unusual_reasons.always).toEqual(['AGE_BELOW_MINIMUM']);
    expect(figures.unusual_reasons.never).toContain('CPF_INVALID');
    expect(figures.changed.lost).toBe(figures.baseline.bids);
    expect(figures.changed.causes[0]).toMatchObject({ cause: 'ninguem' });
    expect(figures.wins).toMatchObject({ verdict: 'not_judged', known: { won: 1, lost: 1 } });
    expect((await analyst('GET', `${strict.path}/backtests`)).body['items']).toHaveLength(1);
    expect((await desk.activate(strict.path)).status).toBe(200);
    const declined = await ask();
    await decided([declined]);
    expect((await analyst('GET', `/api/v1/auctions/${declined}`)).body).toMatchObject({ status: 'declined' });
    await desk.activate('/api/v1/policies/1');
  });

  it('stops a backtest that nobody wants any more, and fails one whose draft is gone', async () => {
    const draft = await desk.draft(policyNamed('Some'));
    const period = { received_from: '2020-01-01T00:00:00Z', received_before: '2030-01-01T00:00:00Z' };
    const ordered = await analyst('POST', `${draft.path}/backtests`, period);
    const path = `/api/v1/policies/backtests/${String(ordered.body['id'])}`;
    const canceled = await analyst('POST', `${path}/cancel`);
    expect([200, 409]).toContain(canceled.status);
    const end = await waitFor('its end', async () => {
      const { body } = await analyst('GET', path);
      return body['finished_at'] === null ? undefined : body;
    });
    expect(['canceled', 'done']).toContain(end['state']);
    expect((await analyst('POST', `${path}/cancel`)).status).toBe(409);
    expect(
      (
        await analyst('POST', `${draft.path}/backtests`, {
          ...period,
          received_before: '2019-01-01T00:00:00Z',
        })
      ).status,
    ).toBe(422);
    await world.dataSource.query(
      `INSERT INTO backtest_report (id, candidate_hash, baseline_hash, received_from, received_before, state, requested_by, requested_at)
       VALUES ($1, repeat('0', 64), repeat('1', 64), now() - interval '1 day', now(), 'queued', 'x', now())`,
      ['00000000-0000-4000-8000-000000000001'],
    );
    const failed = await waitFor(
      'the failure',
      async () => {
        const { body } = await analyst(
          'GET',
          '/api/v1/policies/backtests/00000000-0000-4000-8000-000000000001',
        );
        return body['state'] === 'failed' ? body : undefined;
      },
      { timeoutMs: 25_000 }, // behind the one before it, whose thread may still be starting
    );
    expect(failed['failure']).toContain('rascunho');
  });

  it('lets an approved version decide in the shadow: recorded, compared, never sent', async () => {
    const shadow = await desk.approved(closed('Sombra'));
    expect((await desk.author('PUT', `${shadow.path}/shadow`, { shadow: true })).status).toBe(403);
    expect((await desk.approver('PUT', `${shadow.path}/shadow`, { shadow: true })).body).toMatchObject({
      shadow: true,
    });
    await waitFor('the shadow', () =>
      world.app.get(ActivePolicy).shadows().length === 1 ? true : undefined,
    );
    const keys = [await ask(), await ask({ alerts: 'printed' })];
    await decided(keys);
    const comparison = await waitFor('its decisions', async () => {
      const { body } = await analyst('GET', `${shadow.path}/shadow`);
      return body['auctions'] === 2 ? body : undefined;
    });
    expect(comparison).toMatchObject({ only_active: 1, neither: 1, only_shadow: 0, both_bid: 0, failed: 0 });
    expect(comparison['reasons']).toContainEqual({ code: 'AGE_BELOW_MINIMUM', active: 0, shadow: 2 });
    expect((await desk.approver('PUT', `${shadow.path}/shadow`, { shadow: false })).status).toBe(200);
    await waitFor('its end', () => (world.app.get(ActivePolicy).shadows().length === 0 ? true : undefined));
  });

  describe('of a switch that this process has not heard of', () => {
    /** As where its notice is lost, or the process stood still: what looks from time to time may see it only later. */
    const putInForce = (hash: string) =>
      world.dataSource.transaction(async (tx) => {
        await tx.query(`UPDATE policy_version SET state = 'retired' WHERE state = 'active'`);
        await tx.query(`UPDATE policy_version SET state = 'active' WHERE hash = $1`, [hash]);
      });
    const hashInForce = async (): Promise<string> => {
      const [row] = await world.dataSource.query<{ hash: string }[]>(
        `SELECT hash FROM policy_version WHERE state = 'active'`,
      );
      return row?.hash ?? '';
    };

    it('writes no decision by the version before', async () => {
      const [open, { etag }] = [await hashInForce(), await desk.approved(closed('Sem aviso'))];
      const shut = etag.replaceAll('"', '');
      for (const hash of [shut, open, shut, open, shut, open]) {
        await putInForce(hash);
        const rows = await decided([await ask()]);
        expect(rows).toMatchObject([{ policy_hash: hash }]);
      }
    });

    it('judges in a transaction by what is in force there', async () => {
      const open = await hashInForce();
      const shut = (await desk.approved(closed('Também sem aviso'))).etag.replaceAll('"', '');
      await putInForce(shut);
      const policies = world.app.get(ActivePolicy);
      const { compiled } = await world.dataSource.transaction((tx) => policies.inForce(tx));
      expect(compiled.hash).toBe(shut);
      await putInForce(open);
    });

    it('goes on by the version before where the new one cannot be read', async () => {
      const [open, odd] = [await hashInForce(), 'f'.repeat(64)];
      await world.dataSource.query(
        `INSERT INTO policy_version (hash, document, state, authors, approver, created_at, changed_at, approved_at)
         VALUES ($1, '{"format": 99}', 'approved', ARRAY['ana'], 'rui', now(), now(), now())`,
        [odd],
      );
      await putInForce(odd);
      expect(await decided([await ask()])).toMatchObject([{ policy_hash: open }]);
      const policies = world.app.get(ActivePolicy);
      const { compiled } = await world.dataSource.transaction((tx) => policies.inForce(tx));
      expect(compiled.hash).toBe(open);
      await putInForce(open);
      expect(await decided([await ask()])).toMatchObject([{ policy_hash: open }]);
    });
  });
});
