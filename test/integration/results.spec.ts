import { randomUUID } from 'node:crypto';
import { PROGRAMME_TERMS } from '../../src/auction';
import { bidMargin, decideOn, type Decision, type ProgrammeTerms } from '../../src/decision/domain';
import { CsvWriter } from '../../src/history/exports/csv-writer';
import { DIMENSION_NAMES } from '../../src/history/explore/dimensions';
import { MEASURE_NAMES } from '../../src/history/explore/measures';
import { FactKeeper } from '../../src/history/facts/fact-keeper.service';
import { FiguresFiles } from '../../src/history/views/figures-file';
import { LoanOutcomes } from '../../src/history/outcomes/loan-outcomes.service';
import { readOutcomeSheet } from '../../src/history/outcomes/outcome';
import { FairnessReport } from '../../src/history/rates/fairness-report.service';
import { fairnessSheet } from '../../src/history/rates/rate-sheets';
import { askOf, readFiguresView } from '../../src/history/views/figures-view';
import { Decimal, calendarDate, finished, showReais } from '../../src/kernel';
import { AuditTrail, BlindIndex, FieldCipher } from '../../src/platform';
import { ActivePolicy } from '../../src/policy';
import { PricingDataService } from '../../src/pricing';
import { ARCHIVED_TABLES } from '../../src/retention/archive/archived-tables';
import { longestTurn } from '../support/loop-beats';
import { GOOD_BORROWER } from '../support/policies';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';

interface Told {
  readonly at: string;
  readonly status: 'won' | 'lost' | 'declined';
  readonly loan?: 'disbursed' | 'signed';
  /** Without what the decision kept of its worth, as those of an older policy. */
  readonly isOld?: boolean;
  /** What became of its bid where QI did not answer it. */
  readonly silence?: readonly ['unproven' | 'withdrawn' | 'accepted', string];
}

const FRIDAY = '2026-08-14';
const MONDAY = '2026-08-17';
const AUCTIONS: readonly Told[] = [
  { at: `${FRIDAY}T15:00:00Z`, status: 'lost' },
  { at: `${FRIDAY}T16:00:00Z`, status: 'won', loan: 'disbursed' },
  { at: `${MONDAY}T03:00:00Z`, status: 'won', loan: 'disbursed' }, // midnight in São Paulo
  { at: `${MONDAY}T15:00:00Z`, status: 'won', loan: 'signed' },
  { at: `${MONDAY}T16:00:00Z`, status: 'lost', isOld: true },
  { at: `${MONDAY}T17:00:00Z`, status: 'declined' },
  { at: '2026-08-18T02:59:59Z', status: 'won', loan: 'disbursed', isOld: true }, // Monday still
];
const EMPLOYER = '33000167000101';
const WRITTEN_EMPLOYER = '33.000.167/0001-01';
const PERSON = {
  name: 'Maria de Souza',
  cpf: '00737823780',
  birth_date: '1990-01-01',
  registration: '1',
  employer_document_number: EMPLOYER,
};

describe('results, comparisons and pivots', () => {
  let world: AccessWorld;
  let analyst: Call;
  let operator: Call;
  let worth: Decimal;
  let expectedLoss: Decimal;
  const loans: string[] = [];
  const keys: string[] = [];

  beforeAll(async () => {
    world = await createAccessWorld();
    analyst = world.as(await world.tokenFor('analyst'));
    operator = world.as(await world.tokenFor('operator'));
    const { decision, margin, loss } = aBid(world);
    [worth, expectedLoss] = [margin, loss];
    for (const told of AUCTIONS) {
      const { key, loan } = await tell(world, told, decision);
      keys.push(key);
      if (told.loan === 'disbursed') loans.push(loan);
    }
    await world.app.get(FactKeeper).catchUp();
  });

  afterAll(() => world.close());

  const get = async (path: string, status = 200) => {
    const answer = await analyst('GET', `/api/v1/history/${path}`);
    expect([answer.status, answer.body]).toEqual([status, expect.anything()]);
    return answer.body;
  };

  it('adds up what was earned, by day, and says of how many bids nothing is known', async () => {
    const body = await get('results?by=day&from=2026-08-14&to=2026-08-17');
    const twoMargins = worth.times(2).toFixed(2);
    expect(body).toMatchObject({
      lines: [
        { key: FRIDAY, won: 1, paid: 1, realised_margin: { value: worth.toFixed(2), sample: 1 } },
        { key: MONDAY, won: 3, paid: 2, realised_margin: { value: worth.toFixed(2), sample: 1 } },
      ],
      total: {
        realised_margin: { value: twoMargins, sample: 2 },
        // Three wins of known worth, of which three quarters are expected to be paid out.
        expected_margin: { value: worth.times(3).times('0.75').toFixed(2), sample: 3 },
      },
      without_margin: [{ why: 'no_inputs', bids: 2 }],
      waterfall: [
        { step: 'requests', count: 7 },
        { step: 'bids', count: 6 },
        { step: 'won', count: 4 },
        { step: 'signed', count: 4 },
        { step: 'reserved', count: 3 },
        { step: 'paid', count: 3 },
      ],
    });
    const parts = Object.values((body['total'] as { parts: Record<string, string> }).parts);
    expect(Decimal.sum(...parts).toFixed(2)).toBe(twoMargins);
  });

  it('says of one auction what its bid is worth, or why that is not known', async () => {
    const body = await get(`auctions/${keys[0] ?? ''}/margin`);
    expect(body).toMatchObject({ unknown: null, worth: { margin: worth.toFixed(2), segment: 't3-p1' } });
    const { margin, ...parts } = body['worth'] as Record<string, string>;
    const sum = ['interest', 'discount', 'rebate', 'funding', 'prepayment', 'expected_loss', 'fees', 'cost'];
    expect(Decimal.sum(...sum.map((part) => parts[part] ?? '0')).toFixed(2)).toBe(margin);
    expect(Number(parts['break_even_rate'])).toBeLessThan(0.0279);
    expect(await get(`auctions/${keys[4] ?? ''}/margin`)).toEqual({ unknown: 'no_inputs', worth: null });
    await get(`auctions/${keys[5] ?? ''}/margin`, 404);
  });

  it('compares two periods with their samples, and says that so few tell nothing', async () => {
    const periods = `a_from=${MONDAY}&a_to=${MONDAY}&b_from=${FRIDAY}&b_to=${FRIDAY}`;
    expect(await get(`comparison?measures=win_rate,won,realised_margin&${periods}`)).toMatchObject({
      total: [
        {
          a: { value: '0.750000', sample: 4 },
          b: { value: '0.500000', sample: 2 },
          difference: '0.25',
          differs: false,
        },
        { difference: '2' },
        { difference: '0', low: null },
      ],
    });
    // Each total is a comparison of its own: of the won, and of the one employer.
    expect(await get(`comparison?by=employer,status&measures=won&${periods}`)).toMatchObject({
      row_totals: [{ figures: [{ difference: '2' }] }],
      column_totals: expect.arrayContaining([
        {
          keys: ['won'],
          figures: [expect.objectContaining({ a: expect.anything() as object, difference: '2' })],
        },
      ]) as object,
    });
  });

  it('turns any dimension against any measure, employers by name', async () => {
    const body = await get(`pivot?by=employer,status&measures=requests,won_amount&from=${FRIDAY}`);
    expect(body).toMatchObject({
      rows: [
        { keys: [expect.any(String), 'declined'], figures: [{ value: '1' }, { value: '0.00', sample: 0 }] },
        { keys: [expect.any(String), 'lost'] },
        { keys: [expect.any(String), 'won'], figures: [{ value: '4' }, {}] },
      ],
      total: [{ value: '7' }, {}],
      employers: [{ document_number: EMPLOYER }],
    });
    const view = readFiguresView(`by=employer&measures=requests&from=${FRIDAY}`);
    const { columns, rows } = await world.app.get(FiguresFiles).of(askOf(view, new Date()));
    expect(Buffer.from(new CsvWriter(columns).write(rows)).toString()).toBe(
      `\uFEFFEmpregador;Pedidos recebidos\r\n${WRITTEN_EMPLOYER};7\r\n`,
    );
  });

  it('says how often each rate wins, by segment, and what came of it; of so few nothing of rivals', async () => {
    const body = await get(`win-curve?by=term&from=${FRIDAY}`);
    const worthEach = worth.times('0.75');
    const stands = {
      won: 4,
      lost: 2,
      win_rate: { value: '0.666667', sample: 6 },
      second_share: { value: null, sample: 0 },
      margin_per_bid: worthEach.times(4).div(6).toFixed(2),
      next_rival: null,
      realised_margin: { sample: 2 },
    };
    expect(body).toMatchObject({
      segments: [{ key: '7', ...stands, bands: [{ rate: '0.027000', smoothed: 0.6667, ...stands }] }],
      by_rank: [{ rank: null, won: 4, expected_margin: { sample: 3 }, ended: 0, told_loss: '0.00' }],
    });
    expect(await get(`win-curve?to=2020-01-01`)).toEqual({ by: null, segments: [], by_rank: [] });
  });

  it.each([
    'win-curve?by=employer',
    'pivot?measures=requests&by=cpf',
    'pivot?measures=profit',
    'pivot?by=day',
    'results?from=2026-02-31',
  ])('refuses %s', async (path) => {
    await get(path, 422);
  });

  it('does not judge other rates on a handful of bids, and says how many there are', async () => {
    expect(await get('rate-shift?basis_points=-10')).toMatchObject({
      verdict: 'refused',
      because: 'Há 6 lances de resultado conhecido; abaixo de 200 não se julga.',
      margin: null,
    });
  });

  it('takes outcomes whole or not at all, and the margin realised is with the loss that was told', async () => {
    const [first = '', second = ''] = loans;
    const paid = { installment: 1, due_on: '2026-10-28', status: 'paid', paid_on: '2026-10-28' };
    const writtenOff = (installment: number, loss: string) => ({
      ...{ installment, due_on: '2026-11-28', status: 'written_off', loss_amount: loss },
    });
    const tellOutcomes = (...outcomes: object[]) => operator('POST', '/api/v1/loan-outcomes', { outcomes });
    const wrong = await tellOutcomes(
      { ...paid, credit_operation_key: first },
      { ...paid, credit_operation_key: 'no such loan' },
    );
    expect(wrong).toMatchObject({
      status: 422,
      body: { problems: 1, errors: [{ path: 'outcomes.1.credit_operation_key' }] },
    });
    expect(await world.dataSource.query('SELECT FROM loan_outcome')).toEqual([]);
    const told = await tellOutcomes(
      { ...paid, credit_operation_key: first },
      { credit_operation_key: second, installment: 1, due_on: '2026-10-28', status: 'unpaid' },
      { ...writtenOff(2, '500.00'), credit_operation_key: second },
    );
    expect(told).toMatchObject({ status: 200, body: { outcomes: 3, loans: 2 } });
    await world.app.get(FactKeeper).catchUp();
    // The others may be paid still.
    expect(await get(`results?by=product&from=${FRIDAY}`)).toMatchObject({
      total: { realised_margin: { value: worth.times(2).toFixed(2) } },
      vintages: [{ ended: 0, told_loss: '0.00', first_paid: { value: '0.500000', sample: 2 } }],
    });
    const rest = [1, 3, 4, 5, 6, 7, 8, 9, 10].map((installment) => writtenOff(installment, '0.00'));
    expect(
      await tellOutcomes(...rest.map((one) => ({ ...one, credit_operation_key: second }))),
    ).toMatchObject({ status: 200 });
    await world.app.get(FactKeeper).catchUp();
    const body = await get(`results?by=product&from=${FRIDAY}`);
    const realised = worth.times(2).plus(expectedLoss).minus(500).toFixed(2);
    expect(body).toMatchObject({
      total: { realised_margin: { value: realised } },
      vintages: [
        {
          month: '2026-08-01',
          paid: 3,
          ended: 1,
          told_loss: '500.00',
          first_paid: { value: '0.500000', sample: 2 },
        },
      ],
    });
  });

  it('shows what a file of outcomes would replace, and replaces it only for whoever says so', async () => {
    const [first = '', second = ''] = loans;
    const token = await world.tokenFor('operator');
    const send = async (path: string, ...lines: string[]) => {
      const answer = await world.app.inject({
        method: 'POST',
        url: `/api/v1/loan-outcomes/file${path}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
        payload: ['operacao;parcela;vencimento;situacao;pago_em;valor_pago;perda', ...lines].join('\n'),
      });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    };
    const lossOf = () =>
      world.dataSource.query(`SELECT loss_amount::float AS loss FROM loan_outcome WHERE loss_amount > 0`);
    const lines = [
      `${first};1;28/10/2026;paga;28/10/2026;;`,
      `${first};2;28/11/2026;em aberto;;;`,
      `${second};2;28/11/2026;baixada;;;450,00`,
    ];
    const message = `parcela 2 de ${second}: de “baixada, vencimento 28/11/2026, perda R$ 500,00” para “baixada, vencimento 28/11/2026, perda R$ 450,00”`;
    expect(await send('/preview', ...lines)).toEqual({
      status: 200,
      body: {
        rows: 3,
        hidden: { rows: 0, columns: [] },
        added: 1,
        changed: 1,
        same: 1,
        refused: 0,
        paid_amount: '0.00',
        loss_amount: '450.00',
        replaced: [{ path: 'A4', message }],
        problems: [],
        asks_for: 'confirm_replacement',
        replaces: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      },
    });
    expect((await send('/preview', 'no such loan;1;28/10/2026;em aberto;;;', ';;;;;;1')).body).toMatchObject({
      rows: 2,
      refused: 2,
      added: 0,
      asks_for: null,
      replaces: null,
    });
    expect(await send('', ...lines)).toMatchObject({
      status: 409,
      body: { flag: 'confirm_replacement', changed: 1 },
    });
    expect(await lossOf()).toEqual([{ loss: 500 }]);
    expect(await send('?confirm_replacement=true', ...lines)).toMatchObject({
      status: 200,
      body: { outcomes: 3, loans: 2, added: 1, changed: 1, same: 1 },
    });
    expect(await lossOf()).toEqual([{ loss: 450 }]);

    const back = `${second};2;28/11/2026;baixada;;;500,00`;
    // Somebody else tells another loss between what a person looked at and their word.
    const { replaces } = (await send('/preview', back)).body;
    const confirmed = `?confirm_replacement=true&replaces=${String(replaces)}`;
    const theirs = `${second};2;28/11/2026;baixada;;;475,00`;
    expect((await send('?confirm_replacement=true', theirs)).status).toBe(200);
    expect(await send(confirmed, back)).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:changed_meanwhile' },
    });
    expect(await lossOf()).toEqual([{ loss: 475 }]);
    const again = (await send('/preview', back)).body['replaces'];
    expect((await send(`?confirm_replacement=true&replaces=${String(again)}`, back)).status).toBe(200);
    expect((await send(confirmed, back)).body).toMatchObject({ same: 1, changed: 0 });
    await world.asOwner(
      `DELETE FROM loan_outcome WHERE credit_operation_key = '${first}' AND installment = 2`,
    );
    await world.app.get(FactKeeper).catchUp();
  });

  it('takes no payment of a day to come, and nothing of a loan before it was opened', async () => {
    const [first = ''] = loans; // of 14 August
    const outcomes = (now: string) =>
      new LoanOutcomes(world.dataSource, world.app.get(AuditTrail), {
        now: () => new Date(now),
        monotonicMs: () => 0,
      });
    const paid = (dueOn: string, paidOn: string) =>
      finished(
        readOutcomeSheet([
          ['operacao', 'parcela', 'vencimento', 'situacao', 'pago_em', 'valor_pago', 'perda'],
          [first, '9', dueOn, 'paga', paidOn, '', ''],
        ]),
      );
    const told = (dueOn: string, paidOn: string, now = '2026-10-08T01:00:00Z') =>
      outcomes(now).preview(paid(dueOn, paidOn));
    // It is 22:00 of the seventh in São Paulo.
    expect(await told('10/10/2026', '07/10/2026')).toMatchObject({ added: 1, refused: 0, problems: [] });
    const future = { path: 'E2', message: expect.stringContaining('ainda não chegou') as string };
    expect(await told('10/10/2026', '08/10/2026')).toMatchObject({ refused: 1, problems: [future] });
    await expect(
      outcomes('2026-10-08T01:00:00Z').take(paid('10/10/2026', '08/10/2026'), { id: 'x', roles: [] }),
    ).rejects.toMatchObject({ status: 422, problem: { errors: [future] } });
    const before = (what: string): string =>
      `${what} é antes de 14/08/2026, quando a operação foi aberta; o dia e o mês podem estar trocados`;
    // Of 10 September and 8 September, as a spreadsheet in English writes them.
    expect(await told('09/10/2026', '09/08/2026', '2026-12-01T12:00:00Z')).toMatchObject({ refused: 1 });
    expect(await told('12/08/2026', '08/12/2025')).toMatchObject({
      refused: 1,
      problems: [
        { path: 'C2', message: before('o vencimento') },
        { path: 'E2', message: before('o pagamento') },
      ],
    });
    expect(await told('14/08/2026', '14/08/2026')).toMatchObject({ refused: 0 });
  });

  it('holds what is told against the loan: its instalments, and what it owes with them', async () => {
    const [, second = '', third = ''] = loans;
    const [{ owed: all_of_it = '0' } = {}] = await world.dataSource.query<{ owed?: string }[]>(
      `SELECT installment_face_value * 10 AS owed FROM operation WHERE credit_operation_key = $1`,
      [third],
    );
    const owed = new Decimal(all_of_it);
    const all = showReais(owed);
    const tellOutcomes = (...outcomes: object[]) => operator('POST', '/api/v1/loan-outcomes', { outcomes });
    const lost = (loss: Decimal, installment = 9, credit_operation_key = third) => ({
      ...{ credit_operation_key, installment, due_on: '2026-10-28', status: 'written_off' },
      loss_amount: loss.toFixed(2),
    });
    const paid = (amount: Decimal, installment = 9) => ({
      ...{ credit_operation_key: third, installment, due_on: '2026-10-28', status: 'paid' },
      ...{ paid_on: '2026-10-28', paid_amount: amount.toFixed(2) },
    });
    const refusals: readonly (readonly [readonly object[], at: number, field: string, message: string])[] = [
      [[lost(new Decimal(0), 11)], 0, 'installment', 'a operação tem 10 parcelas'],
      [
        [lost(owed.plus('0.01'))],
        0,
        'loss_amount',
        `com esta linha as perdas da operação somam ${showReais(owed.plus('0.01'))}; todas as suas parcelas são ${all}`,
      ],
      [
        [lost(owed, 8), lost(new Decimal(1), 9)],
        1,
        'loss_amount',
        `com esta linha as perdas da operação somam ${showReais(owed.plus(1))}; todas as suas parcelas são ${all}`,
      ],
      // Beside the R$ 500,00 that are stored of its second instalment.
      [
        [lost(owed.minus(499), 3, second)],
        0,
        'loss_amount',
        `com esta linha as perdas da operação somam ${showReais(owed.plus(1))}; todas as suas parcelas são ${all}`,
      ],
      [
        [paid(owed.times(2).plus('0.01'))],
        0,
        'paid_amount',
        `é mais que o dobro de todas as parcelas da operação, ${all}`,
      ],
    ];
    for (const [outcomes, at, field, message] of refusals)
      expect(await tellOutcomes(...outcomes)).toMatchObject({
        status: 422,
        body: { problems: 1, errors: [{ path: `outcomes.${String(at)}.${field}`, message }] },
      });
    expect(
      await world.dataSource.query(`SELECT FROM loan_outcome WHERE credit_operation_key = $1`, [third]),
    ).toEqual([]);
    // The one in whose place another comes is not counted beside it; a payment may have fines.
    const taken = [lost(owed, 2, second), paid(owed.times(2))];
    expect(await tellOutcomes(...taken)).toMatchObject({ status: 200 });
    const back = lost(new Decimal(500), 2, second);
    expect(await tellOutcomes({ ...back, due_on: '2026-11-28' })).toMatchObject({ status: 200 });
    await world.asOwner(`DELETE FROM loan_outcome WHERE credit_operation_key = '${third}'`);
    await world.app.get(FactKeeper).catchUp();
  });

  it('holds it against the instalments that the payment was told with, where they differ', async () => {
    const key = randomUUID();
    await world.asOwner(`
      INSERT INTO operation (credit_operation_key, product, origin, status, status_since, borrower_index, opened_at, linked_at,
        ended_at, number_of_installments)
      VALUES ('${key}', 'fgts', 'active', 'disbursed', now(), sha256('x'), '2020-01-01', now(), now(), 2);
      INSERT INTO operation_event (credit_operation_key, kind, effect, from_status, to_status, recorded_at, summary)
      VALUES ('${key}', 'disbursed', 'applied', 'signed', 'disbursed', now(),
        '{"installments": [{"number": 1, "total_amount": "300.00"}, {"number": 2, "total_amount": "200.50"}]}')`);
    const lose = async (loss_amount: string) => {
      const written = { installment: 1, due_on: '2026-10-28', status: 'written_off', loss_amount };
      const outcomes = [{ credit_operation_key: key, ...written }];
      return (await operator('POST', '/api/v1/loan-outcomes', { outcomes })).status;
    };
    expect([await lose('500.51'), await lose('500.50')]).toEqual([422, 200]);
    await world.asOwner(`
      DELETE FROM loan_outcome WHERE credit_operation_key = '${key}';
      UPDATE operation SET origin = NULL WHERE credit_operation_key = '${key}';
      DELETE FROM history_fact WHERE key = '${key}'`);
  });

  it('holds it against the instalments that QI paid, also where others were won', async () => {
    const openPaid = async (printed: number, amount: string | undefined): Promise<string> => {
      const key = randomUUID();
      const installments = Array.from({ length: printed }, (_, at) => ({
        number: at + 1,
        total_amount: amount,
      }));
      await world.asOwner(`
        INSERT INTO operation (credit_operation_key, product, origin, status, status_since, borrower_index, opened_at,
          linked_at, ended_at, number_of_installments, installment_face_value)
        VALUES ('${key}', 'federal_payroll', 'active', 'disbursed', now(), sha256('x'), '2020-01-01T12:00Z', now(), now(), 10, 120);
        INSERT INTO operation_event (credit_operation_key, kind, effect, from_status, to_status, recorded_at, summary)
        VALUES ('${key}', 'disbursed', 'applied', 'signed', 'disbursed', now(), '${JSON.stringify({ installments })}'),
          ('${key}', 'disbursed', 'noted', 'disbursed', 'disbursed', now(), '{"installments": []}')`);
      return key;
    };
    const tell = (credit_operation_key: string, ...installments: number[]) => {
      const paid = { due_on: '2026-10-28', status: 'paid', paid_on: '2026-10-28', paid_amount: '100' };
      const outcomes = installments.map((installment) => ({ credit_operation_key, installment, ...paid }));
      return operator('POST', '/api/v1/loan-outcomes', { outcomes });
    };
    const lose = (credit_operation_key: string, loss_amount: string) => {
      const written = { installment: 1, due_on: '2026-10-28', status: 'written_off', loss_amount };
      return operator('POST', '/api/v1/loan-outcomes', { outcomes: [{ credit_operation_key, ...written }] });
    };
    const lossOf = async (key: string) => {
      await world.app.get(FactKeeper).catchUp();
      const [fact] = await world.dataSource.query<{ told_loss: string | null }[]>(
        `SELECT told_loss FROM history_fact WHERE key = $1`,
        [key],
      );
      return fact?.told_loss;
    };
    const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);
    const [long, short, unpriced] = [
      await openPaid(12, '100.00'),
      await openPaid(6, '100.00'),
      await openPaid(12, undefined),
    ];

    expect(await tell(short, ...upTo(6))).toMatchObject({ status: 200 });
    expect(await lossOf(short)).toBe('0');
    // As the release before had left it.
    await world.dataSource.query(`UPDATE history_fact SET told_loss = NULL, shape = 5 WHERE key = $1`, [
      short,
    ]);
    expect(await lossOf(short)).toBe('0');
    expect(await tell(short, 7)).toMatchObject({
      status: 422,
      body: { errors: [{ message: 'a operação tem 6 parcelas' }] },
    });
    expect(await tell(long, ...upTo(10))).toMatchObject({ status: 200 });
    expect(await lossOf(long)).toBeNull();
    expect(await tell(long, 11, 12)).toMatchObject({ status: 200 });
    expect(await lossOf(long)).toBe('0');
    // All that it owes is what was printed; without amounts, so many instalments as were won.
    const losses = [
      await lose(long, '1200.01'),
      await lose(long, '1200.00'),
      await lose(unpriced, '1440.01'),
      await lose(unpriced, '1440.00'),
    ];
    expect(losses.map(({ status }) => status)).toEqual([422, 200, 422, 200]);
    await world.asOwner(`
      DELETE FROM loan_outcome WHERE credit_operation_key IN ('${long}', '${short}', '${unpriced}');
      UPDATE operation SET origin = NULL WHERE credit_operation_key IN ('${long}', '${short}', '${unpriced}');
      DELETE FROM history_fact WHERE key IN ('${long}', '${short}', '${unpriced}');
      INSERT INTO history_stale_day VALUES ('2020-01-01') ON CONFLICT DO NOTHING`);
    await world.app.get(FactKeeper).catchUp();
  });

  it('lets a payment or a loss that was told in error be told again as open, and counts it no more', async () => {
    const [first = ''] = loans;
    const results = () => get(`results?by=product&from=${FRIDAY}`);
    const tellTheFirst = async (installments: number, told: object) => {
      const outcomes = Array.from({ length: installments }, (_, at) => ({
        ...{ credit_operation_key: first, installment: at + 1, due_on: '2026-10-28', ...told },
      }));
      expect(await operator('POST', '/api/v1/loan-outcomes', { outcomes })).toMatchObject({ status: 200 });
      await world.app.get(FactKeeper).catchUp();
    };
    const before = await results();
    for (const wrong of [
      { status: 'written_off', loss_amount: '10.00' },
      { status: 'prepaid', paid_on: '2026-10-28' },
    ]) {
      await tellTheFirst(10, wrong);
      expect(await results()).toMatchObject({ vintages: [{ ended: 2 }] });
      await tellTheFirst(10, { status: 'unpaid' });
      await tellTheFirst(1, { status: 'paid', paid_on: '2026-10-28' });
      expect(await results()).toEqual(before);
    }
    await world.asOwner(
      `DELETE FROM loan_outcome WHERE credit_operation_key = '${first}' AND installment > 1`,
    );
  });

  it('counts what is told of an instalment that its loan does not have no more, as releases before took it', async () => {
    const [, second = ''] = loans;
    const before = await get(`results?by=product&from=${FRIDAY}`);
    await world.asOwner(
      `INSERT INTO loan_outcome (credit_operation_key, installment, due_on, status, loss_amount, import_id)
       SELECT credit_operation_key, 144, due_on, status, 1000, import_id FROM loan_outcome
       WHERE credit_operation_key = '${second}' AND installment = 2`,
    );
    await world.dataSource.query(`UPDATE history_fact SET told_loss = 150000, shape = 4 WHERE key = $1`, [
      keys[2],
    ]);
    await world.dataSource.query(`INSERT INTO history_stale_day VALUES ($1)`, [MONDAY]);
    await world.app.get(FactKeeper).catchUp();
    expect(await get(`results?by=product&from=${FRIDAY}`)).toEqual(before);
    await world.asOwner(`DELETE FROM loan_outcome WHERE installment = 144`);
  });

  it('lists employers by how their loans are paid back, as figures and as a sheet', async () => {
    expect(await get('employer-repayment')).toMatchObject({
      employers: [
        {
          document_number: EMPLOYER,
          paid: 3,
          first_paid: { value: '0.500000', sample: 2 },
          ended: 1,
          told_loss: '500.00',
        },
      ],
      told_employers: 1,
    });
    const file = await analyst('GET', '/api/v1/history/employer-repayment/file');
    expect(file.body['text']).toMatch(
      new RegExp(`empregador;desembolsos;.*\\r\\n${WRITTEN_EMPLOYER};3;.*;2;0,500000;.*;500,00\\r\\n`),
    );
  });

  it('a loan is over once all of it is paid, not with one instalment that is paid ahead', async () => {
    const keeper = world.app.get(FactKeeper);
    const [first = ''] = loans;
    const results = () => get(`results?by=product&from=${FRIDAY}`);
    const paid = { credit_operation_key: first, due_on: '2026-10-28', paid_on: '2026-10-28' };
    const tellPaid = async (status: string, ...installments: number[]) => {
      const outcomes = installments.map((installment) => ({ ...paid, installment, status }));
      expect(await operator('POST', '/api/v1/loan-outcomes', { outcomes })).toMatchObject({ status: 200 });
      await keeper.catchUp();
    };
    const before = await results();
    expect(before).toMatchObject({ vintages: [{ ended: 1 }] });
    await tellPaid('prepaid', 10);
    expect(await results()).toEqual(before);
    // As the release before had counted it.
    await world.dataSource.query(`UPDATE history_fact SET told_loss = 0, shape = 3 WHERE key = $1`, [
      keys[1],
    ]);
    await world.dataSource.query(`INSERT INTO history_stale_day VALUES ($1)`, [FRIDAY]);
    await keeper.catchUp();
    expect(await results()).toEqual(before);

    await tellPaid('paid', 2, 3, 4);
    await tellPaid('late', 5, 6);
    await tellPaid('prepaid', 7, 8);
    expect(await results()).toEqual(before);
    await tellPaid('prepaid', 9);
    expect(await results()).toMatchObject({
      vintages: [{ ended: 2, told_loss: '500.00' }],
      total: { realised_margin: { value: worth.plus(expectedLoss).times(2).minus(500).toFixed(2) } },
    });
    expect(await keeper.recount(FRIDAY)).toBe(0);
    await world.asOwner(
      `DELETE FROM loan_outcome WHERE credit_operation_key = '${first}' AND installment > 1`,
    );
    await world.dataSource.query(`UPDATE history_fact SET shape = 0 WHERE key = $1`, [keys[1]]);
    await keeper.catchUp();
    expect(await results()).toEqual(before);
  });

  it('where a bid stood when QI took it is no rank of its end', async () => {
    const keeper = world.app.get(FactKeeper);
    const ranks = async () => {
      const { body } = await analyst('GET', `/api/v1/history/auctions?status=lost`);
      const { segments } = await get(`win-curve?from=${FRIDAY}`);
      return [(body['items'] as Record<string, unknown>[]).map((row) => row['rank_position']), segments];
    };
    const [, curve] = await ranks();
    // Of the lost: QI's answer said 2, its end said nothing. The fact is as the release before had derived it.
    await world.dataSource.query(`UPDATE bid SET rank_position = 2 WHERE auction_key = ANY ($1)`, [keys]);
    await world.dataSource.query(`UPDATE history_fact SET rank = 2, shape = 2 WHERE status = 'lost'`);
    for (const day of [FRIDAY, MONDAY])
      await world.dataSource.query(`INSERT INTO history_stale_day VALUES ($1)`, [day]);
    await keeper.catchUp();
    expect(await ranks()).toEqual([[null, null], curve]);
    expect(await keeper.recount(MONDAY)).toBe(0);
  });

  it('a first instalment that is open before it is due is neither paid nor unpaid', async () => {
    const keeper = world.app.get(FactKeeper);
    const [, , third = ''] = loans;
    const tellOpen = async (daysFromNow: number) => {
      const due = new Date(Date.now() + daysFromNow * 86_400_000).toISOString().slice(0, 10);
      const open = { credit_operation_key: third, installment: 1, due_on: due, status: 'unpaid' };
      const told = await operator('POST', '/api/v1/loan-outcomes', { outcomes: [open] });
      expect(told).toMatchObject({ status: 200 });
      await keeper.catchUp();
    };
    const firstPaid = async () => (await get(`results?by=product&from=${FRIDAY}`))['vintages'];
    const ofTwo = [{ first_paid: { value: '0.500000', sample: 2 } }];
    await tellOpen(10);
    expect(await firstPaid()).toMatchObject(ofTwo);
    expect(await get('employer-repayment')).toMatchObject({ employers: ofTwo });
    // As the release before had counted it.
    await world.dataSource.query(`UPDATE history_fact SET first_paid = false, shape = 1 WHERE key = $1`, [
      keys[6],
    ]);
    await world.dataSource.query(`INSERT INTO history_stale_day VALUES ($1)`, [MONDAY]);
    await keeper.catchUp();
    expect(await firstPaid()).toMatchObject(ofTwo);
    await tellOpen(-10);
    expect(await firstPaid()).toMatchObject([{ first_paid: { value: '0.333333', sample: 3 } }]);
    expect(await keeper.recount(MONDAY)).toBe(0);
  });

  it('tells rates and refusals by age and region of no group that is small, and nothing of a person', async () => {
    const few = await get(`fairness?by=age&from=${FRIDAY}`);
    expect(few).toEqual({
      by: 'age',
      looked_at: 0,
      suppressed: 1,
      limited_to: null,
      looked_from: null,
      kept_after: null,
      groups: [],
    });
    const { decision } = aBid(world);
    for (let more = 0; more < 20; more += 1)
      await tell(world, { at: '2026-07-01T12:00:00Z', status: 'lost' }, decision);
    for (const [by, group] of [
      ['age', '35'],
      ['region', '7'],
    ] as const) {
      const answer = await get(`fairness?by=${by}&from=2026-07-01&to=2026-07-01`);
      expect(answer).toMatchObject({
        looked_at: 20,
        groups: [
          {
            group,
            decisions: 20,
            declined: { share: 0 },
            bids: 20,
            unexplained: { mean: 0, low: 0, high: 0 },
          },
        ],
      });
      expect(JSON.stringify(answer)).not.toContain(PERSON.cpf);
    }
    const file = await analyst('GET', '/api/v1/history/fairness/file?by=age&from=2026-07-01&to=2026-07-01');
    expect(file.body['text']).toMatch(/idade_desde;decisoes;.*\r\n35;20;0,000000;.*\r\n$/);
  });

  it('tells rates and refusals of the newest decisions where there are more, and says so', async () => {
    const report = world.app.get(FairnessReport);
    const day = { by: 'age', from: calendarDate('2026-07-02'), to: calendarDate('2026-07-02') } as const;
    const { decision } = aBid(world);
    for (let minute = 20; minute > 0; minute -= 1)
      await tell(
        world,
        { at: `2026-07-02T12:${String(minute).padStart(2, '0')}:00Z`, status: 'lost' },
        decision,
      );
    const whole = await report.of(day, 20);
    expect(whole).toMatchObject({ looked_at: 20, limited_to: null, looked_from: null });
    expect(fairnessSheet(whole).notes).toEqual([]);

    await tell(world, { at: '2026-07-02T11:00:00Z', status: 'lost' }, decision);
    const cut = await report.of(day, 20);
    expect(cut).toMatchObject({ looked_at: 20, limited_to: 20, looked_from: '2026-07-02T12:01:00.000Z' });
    expect(fairnessSheet(cut).notes).toEqual([
      'Só as 20 decisões mais novas do período, recebidas desde 02/07/2026 09:01',
    ]);
  });

  it('tells rates and refusals of nobody before the newest that was erased: the won ones alone would be left', async () => {
    const { decision } = aBid(world);
    const period = 'by=age&from=2026-07-03&to=2026-07-03';
    const tellAll = async (hour: number, many: number, statuses: readonly Told['status'][]) => {
      const told: { readonly key: string; readonly status: string }[] = [];
      for (let n = 0; n < many; n += 1) {
        const status = statuses[n % statuses.length] ?? 'won';
        const at = `2026-07-03T${String(hour)}:${String(n).padStart(2, '0')}:00Z`;
        told.push({ status, ...(await tell(world, { at, status }, decision)) });
      }
      return told;
    };
    const told = await tellAll(12, 60, ['declined', 'won', 'declined']);
    const declined = (share: number) => ({ groups: [{ group: '35', declined: { share } }] });
    expect(await get(`fairness?${period}`)).toMatchObject({
      looked_at: 60,
      kept_after: null,
      ...declined(expect.closeTo(2 / 3) as number),
    });
    await world.dataSource.query(
      `UPDATE auction SET personal_ciphertext = '' WHERE issuer_proposal_request_key = ANY ($1)`,
      [told.filter(({ status }) => status === 'declined').map(({ key }) => key)],
    );
    const keptAfter = '2026-07-03T12:59:00.000Z';
    expect(await get(`fairness?${period}`)).toMatchObject({
      looked_at: 0,
      kept_after: keptAfter,
      groups: [],
    });

    await tellAll(14, 20, ['declined', 'won']);
    expect(await get(`fairness?${period}`)).toMatchObject({
      looked_at: 20,
      kept_after: keptAfter,
      limited_to: null,
      ...declined(0.5),
    });
    const file = await analyst('GET', `/api/v1/history/fairness/file?${period}`);
    expect(file.body['text']).toContain('Só decisões recebidas depois de 03/07/2026 09:59');

    // What has left for the archive has no decision any more.
    const { of: whose } = ARCHIVED_TABLES.find(({ table }) => table === 'decision') ?? { of: '' };
    await world.dataSource.query(`DELETE FROM decision WHERE ${whose}`, [
      told.filter(({ status }) => status === 'declined').map(({ key }) => key),
    ]);
    expect(await get(`fairness?${period}`)).toMatchObject({ looked_at: 20, kept_after: keptAfter });
  });

  it('a recount finds nothing, and mends what was made wrong', async () => {
    const keeper = world.app.get(FactKeeper);
    expect(await keeper.recount(FRIDAY)).toBe(0);
    await world.dataSource.query(
      `UPDATE history_sum SET won = won + 1 WHERE day = '${FRIDAY}' AND value = 'won'`,
    );
    expect(await keeper.recount(FRIDAY)).toBe(2); // what should be, and what was
    await keeper.catchUp();
    expect(await keeper.recount(FRIDAY)).toBe(0);
    // What was wrong for long: what is looked at for being new would be mended without a word.
    await world.dataSource.query(
      `UPDATE history_progress SET received_through = now(), changed_through = now() + interval '1 hour'`,
    );
    await world.dataSource.query(`UPDATE history_fact SET status = 'lost' WHERE day = '${FRIDAY}'`);
    await world.dataSource.query(`DELETE FROM history_fact WHERE day = '${MONDAY}' AND status = 'declined'`);
    expect([await keeper.recount(FRIDAY), await keeper.recount(MONDAY)]).toEqual([1, 1]);
    expect(await get(`pivot?measures=requests,won&from=${FRIDAY}`)).toMatchObject({
      total: [{ value: '7' }, { value: '4' }],
    });
  });

  it('a recount finds nothing wrong with what has only just changed', async () => {
    const keeper = world.app.get(FactKeeper);
    const change = (to: string) =>
      world.dataSource.query(
        `UPDATE operation SET status = $1, status_since = now() WHERE auction_key = $2`,
        [to, keys[3]],
      );
    await change('reserved');
    expect(await keeper.recount(MONDAY)).toBe(0);
    expect(await world.dataSource.query(`SELECT loan FROM history_fact WHERE key = $1`, [keys[3]])).toEqual([
      { loan: 'reserved' },
    ]);
    await change('signed');
    await keeper.catchUp();
  });

  const inOrder = (rows: unknown): string[] => (rows as unknown[]).map((row) => JSON.stringify(row)).sort();

  it('says the same of sums and of facts, whatever it is asked', async () => {
    const measures = MEASURE_NAMES.filter((name) => name !== 'interest')
      .slice(0, 12)
      .join(',');
    for (const by of [
      ...DIMENSION_NAMES,
      'day,status',
      'month,rate',
      'term,rate',
      'amount,tenure',
      'hour,rate',
    ]) {
      const path = `pivot?by=${by}&measures=${measures}`;
      const summed = await get(path);
      // The totals of two dimensions are the rows of each alone.
      for (const [at, totals] of [summed['row_totals'], summed['column_totals']].entries())
        expect(inOrder(totals)).toEqual(
          by.includes(',')
            ? inOrder((await get(`pivot?by=${by.split(',')[at] ?? ''}&measures=${measures}`))['rows'])
            : [],
        );
      await world.dataSource.query(
        `INSERT INTO history_stale_day SELECT DISTINCT day FROM history_fact ON CONFLICT DO NOTHING`,
      );
      expect(await get(path)).toEqual(summed);
      await world.app.get(FactKeeper).catchUp();
    }
  });

  it('follows what happens to an auction and its loan', async () => {
    await world.dataSource.query(
      `UPDATE operation SET status = 'disbursed', status_since = now(), ended_at = now() WHERE status = 'signed'`,
    );
    await world.app.get(FactKeeper).catchUp();
    expect(await get(`pivot?measures=paid&from=${FRIDAY}`)).toMatchObject({ total: [{ value: '4' }] });
  });

  it('lets the sums of past days follow what comes late, writing what differs and no more', async () => {
    const keeper = world.app.get(FactKeeper);
    await keeper.catchUp();
    const [lost = '', disbursed = ''] = keys;
    const tellLoss = async (installment: number, loss: string) => {
      const due = { due_on: '2026-11-28', status: 'written_off', loss_amount: loss };
      const outcomes = [{ credit_operation_key: loans[0], installment, ...due }];
      expect(await operator('POST', '/api/v1/loan-outcomes', { outcomes })).toMatchObject({ status: 200 });
    };
    const late: Readonly<Record<string, () => Promise<unknown>>> = {
      'an outcome': () =>
        world.dataSource.query(
          `UPDATE auction SET status = 'expired', ended_at = now() WHERE issuer_proposal_request_key = $1`,
          [lost],
        ),
      'the end of a loan without a loss': async () => {
        for (let installment = 1; installment <= 10; installment += 1) await tellLoss(installment, '0.00');
      },
      'a loss': () => tellLoss(2, '300.00'),
      'another loss, told by a process whose clock is a day behind': async () => {
        await tellLoss(3, '200.00');
        await world.dataSource.query(
          `UPDATE loan_outcome_import SET imported_at = imported_at - interval '1 day'`,
        );
      },
      'a correction': () => tellLoss(3, '150.00'),
      'a step back': () =>
        world.dataSource.query(
          `UPDATE operation SET status = 'disbursement_failed', status_since = now(), ended_at = NULL WHERE auction_key = $1`,
          [disbursed],
        ),
      'and forward': () =>
        world.dataSource.query(
          `UPDATE operation SET status = 'disbursed', status_since = now(), ended_at = now() WHERE auction_key = $1`,
          [disbursed],
        ),
    };
    const untouched = () =>
      world.dataSource.query(
        `SELECT xmin::text FROM history_sum WHERE day = '${FRIDAY}' AND dimension = 'hour' AND value = '12'`,
      );
    let written: unknown;
    for (const [what, happens] of Object.entries(late)) {
      await happens();
      await keeper.catchUp();
      const differ = [await keeper.recount(FRIDAY), await keeper.recount(MONDAY)];
      expect([what, ...differ]).toEqual([what, 0, 0]);
      // The lost one was received at twelve; what comes after it is of another hour.
      const present: unknown = await untouched();
      expect([what, present]).toEqual([what, written ?? present]);
      written = present;
    }
    expect(await get(`results?by=month&from=${FRIDAY}&to=${FRIDAY}`)).toMatchObject({
      lines: [{ realised_margin: { value: worth.plus(expectedLoss).minus(450).toFixed(2) } }],
    });
  });

  it('goes on counting what was erased since as it was counted', async () => {
    const keeper = world.app.get(FactKeeper);
    const tenures = () => get(`pivot?by=tenure&measures=requests&from=${FRIDAY}`);
    const before = await tenures();
    expect(before).toMatchObject({ rows: [{ keys: ['60'] }] });
    await world.dataSource.query(
      `UPDATE auction SET personal_ciphertext = '', borrower_index = NULL, admission_date = NULL
       WHERE issuer_proposal_request_key = ANY ($1)`,
      [keys.slice(1, 2)],
    );
    expect([await keeper.recount(FRIDAY), await keeper.recount(MONDAY)]).toEqual([0, 0]);
    await world.dataSource.query(`UPDATE history_fact SET shape = 0`); // all are derived anew
    await keeper.catchUp();
    expect(await tenures()).toEqual(before);
    expect([await keeper.recount(FRIDAY), await keeper.recount(MONDAY)]).toEqual([0, 0]);
  });

  it('goes on counting what has left for the archive as it was counted, also in a release that counts otherwise', async () => {
    const [lost] = keys;
    const fact = () =>
      world.dataSource.query<object[]>(`SELECT * FROM history_fact WHERE key = $1 AND margin IS NOT NULL`, [
        lost,
      ]);
    const before = await fact();
    expect(before).toHaveLength(1);
    for (const { table, of, leaves } of ARCHIVED_TABLES)
      if (leaves) await world.dataSource.query(`DELETE FROM ${table} WHERE ${of}`, [[lost]]);
    await world.dataSource.query(`UPDATE history_fact SET shape = 0`);
    await world.app.get(FactKeeper).catchUp();
    expect(await fact()).toEqual(before);
  });

  it('writes the fact of an auction once, its margin with it', async () => {
    const written = async () => {
      const [row] = await world.dataSource.query<{ writing: string; unworked: string }[]>(
        `SELECT max(xmin::text::bigint) AS writing, count(*) FILTER (WHERE margin_is IS NULL) AS unworked
         FROM history_fact WHERE bid_key IS NOT NULL`,
      );
      return row;
    };
    await world.asOwner('DELETE FROM history_fact');
    await world.dataSource.query(`UPDATE history_progress SET received_through = '-infinity'`);
    await world.app.get(FactKeeper).catchUp();
    const first = await written();
    expect(first).toMatchObject({ unworked: '0' });
    await world.app.get(FactKeeper).catchUp();
    expect(await written()).toEqual(first);
  });

  it('a bid without its decision is looked at once, and has no margin', async () => {
    const [{ key } = { key: '' }] = await world.dataSource.query<{ key: string }[]>(
      `SELECT key FROM history_fact WHERE margin_is = 'known' LIMIT 1`,
    );
    await world.asOwner(`DELETE FROM decision WHERE auction_key = '${key}';
      UPDATE history_fact SET margin_is = NULL, margin = NULL WHERE key = '${key}'`);
    await world.app.get(FactKeeper).catchUp();
    expect(await world.dataSource.query(`SELECT margin_is FROM history_fact WHERE key = $1`, [key])).toEqual([
      { margin_is: 'no_inputs' },
    ]);
  });

  it('finds an auction whose webhook had waited for days, and is not alarmed by it', async () => {
    const keeper = world.app.get(FactKeeper);
    const [key] = keys;
    await keeper.catchUp();
    await world.dataSource.query(`DELETE FROM history_fact WHERE key = $1`, [key]);
    await world.dataSource.query(
      `UPDATE auction SET received_at = now() - interval '3 days', created_at = now(), ended_at = NULL
       WHERE issuer_proposal_request_key = $1`,
      [key],
    );
    await keeper.catchUp();
    const [kept] = await world.dataSource.query<{ day: string }[]>(
      `SELECT day::text FROM history_fact WHERE key = $1`,
      [key],
    );
    expect(kept).toBeDefined();
    expect(await keeper.recount(kept?.day ?? '')).toBe(0);
  });

  it('refuses a table that is too large, with its number', async () => {
    await world.asOwner(
      `INSERT INTO history_fact (key, received_at, day, hour, product, status, price_row)
       SELECT i, now(), '2020-01-01', 0, 'private_payroll', 'declined', i FROM generate_series(1, 2001) AS i;
       INSERT INTO history_stale_day VALUES ('2020-01-01') ON CONFLICT DO NOTHING`,
    );
    expect(await get('pivot?by=price_row&measures=requests&to=2020-01-01', 422)).toMatchObject({
      type: 'urn:arremate:problem:pivot_too_large',
      groups: 2001,
      title: 'A tabela teria 2.001 linhas; cabem 2.000',
    });
  });

  it('has versions of the policy in their order, and who decided by none last', async () => {
    await world.asOwner(
      `INSERT INTO history_fact (key, received_at, day, hour, product, status, policy_version)
       SELECT 'of ' || coalesce(v, 'none'), now(), '2020-01-02', 0, 'private_payroll', 'declined', v
         FROM unnest(ARRAY['2', '10', '1', NULL, '11']) AS v;
       INSERT INTO history_stale_day VALUES ('2020-01-02') ON CONFLICT DO NOTHING`,
    );
    for (const by of ['policy', 'policy,status', 'status,policy']) {
      const { rows } = await get(`pivot?by=${by}&measures=requests&from=2020-01-02&to=2020-01-02`);
      const at = by.split(',').indexOf('policy');
      expect((rows as { keys: string[] }[]).map(({ keys }) => keys[at])).toEqual([
        '1',
        '2',
        '10',
        '11',
        null,
      ]);
    }
  });

  it('says what is left for the day and for each employer', async () => {
    const mark = world.app.get(BlindIndex).of('employer', EMPLOYER);
    await world.asOwner(
      `INSERT INTO limit_use (name, key, used, revision)
       VALUES ('per_employer', '${mark.toString('hex')}', 1500000, 1)`,
    );
    expect(await get('funding-left')).toMatchObject({
      today: { used: '0', cap: '50000000.00', left: '50000000.00' },
      employers: [{ document_number: EMPLOYER, used: '1500000', left: '500000.00' }],
      employers_in_use: 1,
    });
  });

  it('counts a loan that finds its order long after its last step', async () => {
    const keeper = world.app.get(FactKeeper);
    const loan = randomUUID();
    await world.dataSource.query(
      `INSERT INTO operation (credit_operation_key, product, status, status_since, opened_at, ended_at)
       VALUES ($1, 'fgts', 'disbursed', $2, $2, $2)`,
      [loan, `${MONDAY}T18:00:00Z`],
    );
    await keeper.catchUp();
    await world.dataSource.query(
      `UPDATE operation SET origin = 'active', linked_at = now() WHERE credit_operation_key = $1`,
      [loan],
    );
    await keeper.catchUp();
    expect(await keeper.recount(MONDAY)).toBe(0);
    expect(
      await world.dataSource.query('SELECT loan FROM history_fact WHERE key = $1', [loan]),
    ).toMatchObject([{ loan: 'disbursed' }]);
  });

  it('counts a loan that no auction brought as no auction that was won', async () => {
    const keeper = world.app.get(FactKeeper);
    const day = '2026-08-19';
    const said = async () => ({
      curve: await get('win-curve'),
      rate: (await get('pivot?measures=win_rate'))['total'],
      shift: await get('rate-shift?basis_points=-10'),
    });
    const before = await said();
    await world.dataSource.query(
      `INSERT INTO operation (credit_operation_key, origin, product, status, status_since, opened_at,
         disbursed_issue_amount, monthly_interest_rate, number_of_installments)
       VALUES ($1, 'active', 'fgts', 'signed', now(), $2, 900, 0.018, 10)`,
      [randomUUID(), `${day}T15:00:00Z`],
    );
    await keeper.catchUp();
    const ofTheDay = `from=${day}&to=${day}`;
    expect(await get(`pivot?measures=won,win_rate&${ofTheDay}`)).toMatchObject({
      total: [{ value: '1' }, { value: null, sample: 0 }],
    });
    expect(await said()).toEqual(before);
    await world.dataSource.query(`INSERT INTO history_stale_day VALUES ($1)`, [day]);
    expect(await said()).toEqual(before);
    await keeper.catchUp();
  });

  describe('of bids that QI did not answer', () => {
    const day = '2026-08-20';
    const ofTheDay = `from=${day}&to=${day}`;
    const SILENCES = [
      { status: 'lost', silence: ['unproven', 'lost_without_answer'] },
      { status: 'lost', silence: ['withdrawn', 'auction_ended'] },
      { status: 'won', silence: ['accepted', 'known_by_outcome'] },
    ] as const;
    const shares = async () => {
      const [curve, charts] = [
        await get(`win-curve?${ofTheDay}`),
        await get('charts?received_from=2026-08-20T03:00:00Z&received_before=2026-08-21T03:00:00Z'),
      ];
      const [band] = charts['rates'] as Record<string, unknown>[];
      const [segment] = curve['segments'] as { bands: Record<string, unknown>[] }[];
      const told = ['answered', 'win_rate', 'second_share', 'margin_per_bid', 'next_rival', 'smoothed'];
      const said = (row: object | undefined) =>
        Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => told.includes(name)));
      return {
        figures: (await get(`pivot?measures=win_rate,second_share&${ofTheDay}`))['total'],
        by: (await get(`pivot?by=rate,term&measures=win_rate&${ofTheDay}`))['rows'],
        shift: (await get(`rate-shift?basis_points=-10&${ofTheDay}`))['because'],
        curve: [said(segment), said(segment?.bands[0])],
        charts: [band?.['answered'], band?.['win_rate']],
      };
    };
    const counts = async () => (await get(`pivot?measures=won,lost&${ofTheDay}`))['total'];
    let answered: Awaited<ReturnType<typeof shares>>;
    const silent: string[] = [];

    it('shares say nothing, while all are counted', async () => {
      const keeper = world.app.get(FactKeeper);
      const { decision } = aBid(world);
      const at = `${day}T15:00:00Z`;
      for (let n = 0; n < 10; n += 1) await tell(world, { at, status: n < 5 ? 'won' : 'lost' }, decision);
      await keeper.catchUp();
      answered = await shares();
      expect(answered).toMatchObject({
        figures: [{ value: '0.500000', sample: 10 }, {}],
        shift: expect.stringContaining('10 lances') as string,
      });
      for (const told of SILENCES)
        for (let n = 0; n < 4; n += 1) silent.push((await tell(world, { at, ...told }, decision)).key);
      await world.dataSource.query(
        `UPDATE auction SET rank_position = 2 WHERE issuer_proposal_request_key = ANY ($1) AND status = 'lost'`,
        [silent],
      );
      await keeper.catchUp();
      expect(await shares()).toEqual(answered);
      expect(await counts()).toMatchObject([{ value: '9' }, { value: '13' }]);
      // From the facts as from the sums.
      await world.dataSource.query(`INSERT INTO history_stale_day VALUES ($1)`, [day]);
      expect(await shares()).toEqual(answered);
      await keeper.catchUp();
      expect(await keeper.recount(day)).toBe(0);
    });

    it('what the release before derived and summed is derived and summed anew', async () => {
      const keeper = world.app.get(FactKeeper);
      await world.dataSource.query(`UPDATE history_fact SET unanswered = NULL, shape = 3 WHERE day = $1`, [
        day,
      ]);
      await world.dataSource.query(
        `UPDATE history_sum SET unanswered_won = NULL, unanswered_lost = NULL, lost_ranked = 8, second = 8
         WHERE day = $1 AND requests = 22`,
        [day],
      );
      await world.dataSource.query(`UPDATE history_progress SET checked_day = $1`, [day]); // another one is next
      await keeper.catchUp();
      await keeper.recountNext();
      expect(await shares()).toEqual(answered);
      expect(
        await world.dataSource.query(
          `SELECT unanswered_lost::int AS lost FROM history_sum WHERE day = $1 AND dimension = 'all'`,
          [day],
        ),
      ).toEqual([{ lost: 8 }]);
      // Its recount goes on beside this release: it copies the table, and leaves out what it does not know.
      expect(
        await world.dataSource.query(
          `SELECT DISTINCT is_nullable, column_default FROM information_schema.columns
           WHERE table_name = 'history_sum' AND column_name LIKE 'unanswered%'`,
        ),
      ).toEqual([{ is_nullable: 'YES', column_default: null }]);
      expect(await keeper.recount(day)).toBe(0);
    });

    it('an answer that comes after the end counts', async () => {
      const keeper = world.app.get(FactKeeper);
      const [key] = silent;
      await world.dataSource.query(
        `UPDATE auction SET ended_at = now() WHERE issuer_proposal_request_key = $1`,
        [key],
      );
      await world.dataSource.query(
        `UPDATE bid SET status = 'accepted', status_reason = NULL WHERE auction_key = $1`,
        [key],
      );
      await keeper.catchUp();
      expect(await get(`pivot?measures=win_rate&${ofTheDay}`)).toMatchObject({ total: [{ sample: 11 }] });
      expect(await keeper.recount(day)).toBe(0);
    });

    it('the page of a loss says that nobody knows whether it competed, and counts none of them', async () => {
      const { decision } = aBid(world);
      const at = new Date().toISOString();
      const tellNow = async (told: Omit<Told, 'at'>) => (await tell(world, { at, ...told }, decision)).key;
      const key = await tellNow({ status: 'lost' });
      const loss = async (of: string) => {
        const { since: _, ...said } = await get(`auctions/${of}/loss`);
        return said as Record<string, unknown>;
      };
      const before = await loss(key);
      const [unproven = ''] = await Promise.all(SILENCES.map(tellNow));
      expect(await loss(key)).toEqual(before);
      expect(before).toMatchObject({ answered: true });
      expect(await loss(unproven)).toMatchObject({
        answered: false,
        likely_winner: null,
        segments: before['segments'],
      });
    });

    it('the day so far says how many they are', async () => {
      const today = async () => {
        await world.app.get(FactKeeper).catchUp();
        return get('overview');
      };
      expect(await today()).toMatchObject({ unanswered: { won: 1, lost: 2 } });
    });
  });

  it('says the same of other rates once the lost auctions have left for the archive', async () => {
    const archived = randomUUID();
    await world.asOwner(
      `INSERT INTO history_fact (key, received_at, day, hour, product, status, rate, margin, bid_key)
       SELECT status || i, received_at, '2021-01-01', hour, product, ended.status, ended.rate, margin,
         CASE status WHEN 'won' THEN bid.bid_key ELSE '${archived}' END
       FROM generate_series(1, 200) AS i, (VALUES ('won', 27000), ('lost', 29000)) AS ended (status, rate),
         (SELECT received_at, hour, product, margin, bid_key FROM history_fact WHERE margin_is = 'known' LIMIT 1) AS bid`,
    );
    // Lost ones fall where every auction was won.
    expect(await get('rate-shift?basis_points=-20&from=2021-01-01&to=2021-01-01')).toMatchObject({
      bids: 400,
      looked_at: 400,
      verdict: 'judged',
      wins: { value: expect.closeTo(198, 0) as number },
      margin: null,
    });
  });

  it('prices two thousand bids anew and keeps no auction of this process waiting', async () => {
    await world.asOwner(
      `INSERT INTO history_fact (key, received_at, day, hour, product, status, rate, margin, bid_key)
       SELECT 'many-' || i, received_at, '2019-01-01', hour, product, 'won', rate, margin, bid_key
       FROM generate_series(1, 2000) AS i, (SELECT * FROM history_fact WHERE margin_is = 'known' LIMIT 1) AS bid`,
    );
    const ask = () => get('rate-shift?basis_points=10&to=2019-01-01');
    expect(await ask()).toMatchObject({ looked_at: 2000, verdict: 'judged', margin: {} });
    expect(await longestTurn(ask, 3)).toBeLessThan(100);
  });

  it('holds the largest file of instalments against those stored and keeps no auction of this process waiting', async () => {
    await world.asOwner(`
      INSERT INTO operation (credit_operation_key, product, origin, status, status_since, borrower_index, opened_at, linked_at,
        ended_at, number_of_installments, installment_face_value)
      SELECT 'told-' || n, 'fgts', 'active', 'disbursed', now(), sha256(n::text::bytea), '2020-01-01', now(), now(), 125, 100
      FROM generate_series(1, 159) AS n;
      WITH told AS (
        INSERT INTO loan_outcome_import (id, imported_by, imported_at, outcomes)
        VALUES (gen_random_uuid(), 'x', now(), 19875) RETURNING id)
      INSERT INTO loan_outcome (credit_operation_key, installment, due_on, status, paid_on, paid_amount, import_id)
      SELECT 'told-' || n, i, '2020-10-28', 'paid', '2020-10-28', 100, told.id
      FROM told, generate_series(1, 159) AS n, generate_series(1, 125) AS i`);
    const LINES = 159 * 125;
    const lines = (cents: number) =>
      Array.from({ length: LINES }, (_, at) => {
        const [loan, installment] = [Math.floor(at / 125) + 1, (at % 125) + 1];
        return `told-${String(loan)};${String(installment)};28/10/2020;paga;28/10/2020;${String(100 + (at % 2))},${String(cents)};`;
      });
    const token = await world.tokenFor('operator');
    const send = async (path: string, cents: number) => {
      const answer = await world.app.inject({
        method: 'POST',
        url: `/api/v1/loan-outcomes/file${path}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
        payload: ['operacao;parcela;vencimento;situacao;pago_em;valor_pago;perda', ...lines(cents)].join(
          '\n',
        ),
      });
      return answer.json<Record<string, unknown>>();
    };
    const preview = await longestTurn(async () => {
      const shown = await send('/preview', 50);
      expect(shown).toMatchObject({ rows: LINES, added: 0, changed: LINES, same: 0 });
      expect(shown['replaced']).toHaveLength(200);
    }, 3);
    let cents = 50;
    const taken = await longestTurn(async () => {
      cents += 1;
      expect(await send('?confirm_replacement=true', cents)).toMatchObject({ changed: LINES, loans: 159 });
    }, 3);
    expect(Math.max(preview, taken)).toBeLessThan(100);
  });
});

/** A bid as the policy in force makes it, and what it is worth. */
function aBid({ app }: AccessWorld) {
  const policy = app.get(ActivePolicy).current();
  const [pricing, programme] = [
    app.get(PricingDataService).context,
    app.get<ProgrammeTerms>(PROGRAMME_TERMS),
  ];
  const decision = decideOn(GOOD_BORROWER, {
    policy,
    pricing,
    programme,
    context: { now: new Date(`${MONDAY}T15:00:00Z`), liveOffers: { lowestRate: undefined } },
    window: 'on_time',
    installmentBelow: undefined,
    birthDate: calendarDate('1985-03-01'),
  });
  if (decision.outcome !== 'bid') throw new Error('no bid');
  const found = bidMargin(decision.bid, decision.trace.economics, policy.compiled, { programme, pricing });
  if (found.kind === 'unknown') throw new Error(found.why);
  return { decision, margin: found.margin.margin, loss: found.margin.expectedLoss };
}

/** An auction, its decision, bid and loan, as the service leaves them. @returns its key, and that of its loan */
async function tell(
  { app, dataSource }: AccessWorld,
  told: Told,
  decision: Extract<Decision, { outcome: 'bid' }>,
) {
  const [key, loan, bidKey] = [randomUUID(), randomUUID(), randomUUID()];
  const { keyId, ciphertext } = app
    .get(FieldCipher)
    .encrypt(JSON.stringify(PERSON), 'auction.personal_ciphertext', key);
  await dataSource.query(
    `WITH event AS (
       INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
       VALUES (sha256($1::text::bytea), $2, 'none', '', 'done') RETURNING id)
     INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, requested_amount,
       requested_installments, employer_index, employer_document_type, personal_key_id, personal_ciphertext,
       credit_operation_key, admission_date, ended_at)
     SELECT $1, id, $3, $2, 2100, 10, $4, 'cnpj', $5, $6, $7, '2020-01-01', now() FROM event`,
    [
      key,
      told.at,
      told.status,
      app.get(BlindIndex).of('employer', EMPLOYER),
      keyId,
      ciphertext,
      told.loan === undefined ? null : loan,
    ],
  );
  const { policy, trace, bid } = decision;
  const { economics: _, ...old } = trace;
  await dataSource.query(
    `INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      key,
      told.at,
      told.status === 'declined' ? 'no_bid' : 'bid',
      policy.version,
      policy.hash,
      JSON.stringify(told.status === 'declined' ? [{ code: 'NOT_ELIGIBLE' }] : []),
      JSON.stringify(told.isOld === true ? old : trace),
    ],
  );
  if (told.status === 'declined') return { key, loan };
  await dataSource.query(
    `INSERT INTO bid (request_control_key, auction_key, ordinal, status, monthly_interest_rate, number_of_installments,
       disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount, iof_amount, monthly_cet,
       disbursement_date, first_due_date, days_to_expiration, rebates, price_row, submit_by, created_at, submitted_at,
       status_reason)
     VALUES ($1, $2, 1, $16, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 7, $13, $14, $15, $15, $15, $17)`,
    [
      bidKey,
      key,
      bid.monthlyInterestRate.toFixed(),
      bid.numberOfInstallments,
      bid.disbursedIssueAmount.toFixed(),
      bid.installmentFaceValue.toFixed(),
      bid.issueAmount.toFixed(),
      bid.assignmentAmount.toFixed(),
      bid.iofAmount.toFixed(),
      bid.monthlyCet.toFixed(),
      bid.disbursementDate,
      bid.firstDueDate,
      JSON.stringify(bid.rebates),
      bid.priceRow,
      told.at,
      told.silence?.[0] ?? 'accepted',
      told.silence?.[1],
    ],
  );
  if (told.loan !== undefined)
    await dataSource.query(
      `INSERT INTO operation (credit_operation_key, origin, auction_key, status, status_since, opened_at, ended_at,
         disbursed_issue_amount, number_of_installments, installment_face_value)
       VALUES ($1, 'auction', $2, $3::text, $4::timestamptz, $4, CASE WHEN $3::text = 'disbursed' THEN $4::timestamptz END, $5, 10, $6)`,
      [loan, key, told.loan, told.at, bid.disbursedIssueAmount.toFixed(), bid.installmentFaceValue.toFixed()],
    );
  return { key, loan };
}
