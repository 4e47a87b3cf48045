import type { BehaviourChange } from '../../sandbox';
import { MARGIN_FAILURES } from '../../src/origination/domain/products/federal-payroll';
import { auditMargins } from '../support/auditor';
import { times } from '../support/repetitions';
import { waitFor } from '../support/wait-for';
import { cpf, FEDERAL_PAYROLL, ProposalWorld, type Proposal } from './proposal-world';
import type { SandboxWorld } from './sandbox-world';

/** Payroll loans of federal servants against a QI that plays SIAPE too, over HTTP, from the margin to the debt. */
let desk: ProposalWorld;
let world: SandboxWorld;
beforeAll(async () => {
  const contract = { federal_payroll: { servants: 'everybody' } } as const;
  desk = await ProposalWorld.start({ contract }, {}, FEDERAL_PAYROLL);
  ({ world } = desk);
});
afterAll(() => desk.end());

/** By QI too: what was offered before stands until then. */
const simulatedOver =
  (installments: number) =>
  ({ simulations: [simulation] }: Proposal): boolean =>
    simulation?.figures?.number_of_installments === installments && simulation.qi !== null;

type Reading = NonNullable<NonNullable<BehaviourChange['contract']>['federal_payroll']>;

/** QI reads its contract otherwise for a while. */
async function reading(now: Reading, usual: Reading, work: () => Promise<void>): Promise<void> {
  world.sandbox.control.setBehaviour({ contract: { federal_payroll: now } });
  await work().finally(() => {
    world.sandbox.control.setBehaviour({ contract: { federal_payroll: usual } });
  });
}

const link = (registration_code: string, margin: string, more: object = {}) => ({
  registration_code,
  margin,
  ...more,
});

it('goes from a CPF to a debt, and every figure of every day is QI’s to the cent', async () => {
  const document = cpf();
  await desk.plan(document, { links: [link('1354387', '450.00')] });
  const id = await desk.open(document);
  const offered = await desk.becomes(id, 'offered');
  expect(offered.balance?.links).toMatchObject([
    { id: '17000/4387', registration: '***4387', is_chosen: true },
  ]);
  const [simulation] = offered.simulations;
  expect(simulation?.figures).toMatchObject({
    installment_face_value: '450.00',
    number_of_installments: 120,
  });
  expect(simulation?.figures?.options).toHaveLength(4);
  expect(simulation?.qi?.options).toHaveLength(4);
  expect(simulation?.differences).toEqual([]);
  await desk.accept(id, offered);
  expect(await desk.act(id, 'issue')).toMatchObject({ status: 202 });
  const { credit_operation_key: key } = await desk.becomes(id, 'issued');
  const { rows } = await world.sql.query(
    `SELECT product, origin, installment_face_value::text AS installment, number_of_installments
     FROM operation WHERE credit_operation_key = $1`,
    [key],
  );
  expect(rows).toEqual([
    { product: 'federal_payroll', origin: 'active', installment: '450', number_of_installments: 120 },
  ]);
  // Nor is the debt taken for another one than was accepted.
  expect(await world.openTasks(key ?? '')).toEqual([]);
  expect(world.sandbox.control.ledger().violations).toEqual([]);
});

describe('a servant with several links', () => {
  const links = [
    link('1354387', '100.00'),
    link('2000002', '321.00'),
    link('3000003', '500.00', { authorized: false }),
  ];

  it('is offered nothing until one is chosen, by authority and registration', async () => {
    const document = cpf();
    await desk.plan(document, { links });
    const id = await desk.open(document);
    const known = await desk.becomes(id, 'balance_known', ({ events }) =>
      events.some(({ kind }) => kind === 'choice_needed'),
    );
    expect(known.balance?.links.map(({ id: name, margin, is_chosen }) => [name, margin, is_chosen])).toEqual([
      ['17000/4387', '100.00', false],
      ['17000/0002', '321.00', false],
      ['17000/0003', '500.00', false],
    ]);
    const unknown = await desk.act(id, 'simulate', { wishes: { kind: 'maximum', link: '17000/9999' } });
    expect(unknown).toMatchObject({ status: 422, body: { errors: [{ path: 'wishes.link' }] } });
    expect(await desk.act(id, 'simulate', { wishes: { kind: 'maximum', link: '17000/0002' } })).toMatchObject(
      {
        status: 202,
      },
    );
    const offered = await desk.becomes(id, 'offered');
    expect(offered.simulations[0]?.figures?.installment_face_value).toBe('321.00');
    // What is offered on one link stays so while another one cannot be.
    const closed = await desk.act(id, 'simulate', { wishes: { kind: 'maximum', link: '17000/0003' } });
    expect(closed).toMatchObject({
      status: 422,
      body: { errors: [{ message: expect.stringMatching(/autorizou/) as string }] },
    });
    expect((await desk.read(id)).status).toBe('offered');
  });

  it('may be asked about one of them alone', async () => {
    const document = cpf();
    await desk.plan(document, { links });
    const employment = { authority_code: '17000', registration_code: '2000002' };
    const offered = await desk.becomes(await desk.open(document, { employment }), 'offered');
    expect(offered.balance?.links).toMatchObject([{ id: '17000/0002', is_chosen: true }]);
    expect(offered.simulations[0]?.figures?.installment_face_value).toBe('321.00');
  });

  it('may take another one after the first was declined, on the same answer', async () => {
    const document = cpf();
    await desk.plan(document, { links });
    const id = await desk.open(document, { wishes: { kind: 'maximum', link: '17000/0003' } });
    expect(await desk.becomes(id, 'not_eligible')).toMatchObject({
      next_actions: expect.arrayContaining(['simulate']) as object,
    });
    expect(await desk.act(id, 'simulate', { wishes: { kind: 'maximum', link: '17000/4387' } })).toMatchObject(
      { status: 202 },
    );
    await desk.becomes(id, 'offered');
  });
});

it.each([...Object.keys(MARGIN_FAILURES), 'no_such_reason'])(
  'a margin that fails with %s says so, and is not asked for again by itself',
  async (code) => {
    const document = cpf();
    await desk.plan(document, { balance: [code] });
    const { failure } = await desk.becomes(await desk.open(document), 'balance_failed');
    expect(failure).toMatchObject({ code, retry_at: null });
  },
);

it('keeps the end of the authorisation, warns before it, and offers nothing after it', async () => {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const [soon, over] = [cpf(), cpf()];
  await desk.plan(soon, { links: [link('1354387', '450.00', { expiration_date: day(3) })] });
  await desk.plan(over, { links: [link('1354387', '450.00', { expiration_date: day(-2) })] });
  const [first, second] = [await desk.open(soon), await desk.open(over)];
  const offered = await desk.becomes(first, 'offered');
  expect(offered.balance?.links[0]?.authorization_warning).toMatch(/termina em/);
  expect((await desk.becomes(second, 'not_eligible')).balance?.links[0]?.authorization_warning).toMatch(
    /terminou em/,
  );
});

it('understands the newer answer, and lets a person look at what it leaves out', async () => {
  const newer = {
    balance_shape: 'flat',
    balance_webhook: 'federal_payroll.balance',
    success_word: 'succeeded',
  } as const;
  const manual = {
    balance_shape: 'manual',
    balance_webhook: 'federal_payroll_balance',
    success_word: 'success',
  } as const;
  await reading(newer, manual, async () => {
    const document = cpf();
    await desk.plan(document, { links: [link('1354387', '450.00')] });
    const id = await desk.open(document);
    await desk.becomes(id, 'balance_known', ({ events }) =>
      events.some(({ kind }) => kind === 'choice_needed'),
    );
    const declared = { wishes: { kind: 'maximum', functional_situation: '1' } };
    const declarer = await world.person('declarer', 'operator');
    expect(await declarer(`proposals/${id}/simulate`, declared)).toMatchObject({ status: 202 });
    await desk.becomes(id, 'in_review');
    const own = await declarer(`proposals/${id}/clear_review`, { reason: 'Fui eu que declarei' });
    expect(own).toMatchObject({ status: 403 });
    const second = await world.person('second', 'operator');
    const cleared = await second(`proposals/${id}/clear_review`, { reason: 'Conferido' });
    expect(cleared).toMatchObject({ status: 202 });
    await desk.becomes(id, 'offered');
  });
});

it('refuses, before any call, what SIAPE or law would refuse', async () => {
  const document = cpf();
  await desk.plan(document, { links: [link('1354387', '450.00')] });
  const asked = await desk.tryToOpen(document, { wishes: { kind: 'target', amount: 'muito' } });
  expect(asked).toMatchObject({ status: 422, body: { errors: [{ path: 'wishes.amount' }] } });
  const id = await desk.open(document);
  await desk.becomes(id, 'offered');
  for (const [wishes, path] of [
    [{ kind: 'installment', amount: '450.01', installments: 24 }, 'wishes.amount'],
    [{ kind: 'target', amount: '100000.00' }, 'wishes.amount'],
    [{ kind: 'maximum', installments: 121 }, 'policy'],
    [{ kind: 'maximum', refinancing: [{ kind: 'own', operation_key: 'nobody' }] }, 'wishes.refinancing'],
    [{ kind: 'periods', periods: [] }, 'wishes.kind'],
  ] as const)
    expect(await desk.act(id, 'simulate', { wishes })).toMatchObject({
      status: 422,
      body: { errors: [{ path }] },
    });
  const other = await desk.tryToOpen(document, {
    product: 'fgts',
    employment: { authority_code: '1', registration_code: '1' },
  });
  expect(other).toMatchObject({ status: 422, body: { errors: [{ path: 'employment' }] } });
});

it('prices a target and an instalment over the wished months, as QI does', async () => {
  const document = cpf();
  await desk.plan(document, { links: [link('1354387', '450.00')] });
  const id = await desk.open(document, { wishes: { kind: 'target', amount: '5000.00', installments: 48 } });
  const target = await desk.becomes(id, 'offered');
  expect(target.simulations[0]).toMatchObject({ differences: [], figures: { number_of_installments: 48 } });
  expect(target.simulations[0]?.figures?.disbursed_issue_amount).toMatch(/^500\d\.\d\d$/);
  const wishes = { kind: 'installment', amount: '200.00', installments: 24 };
  expect(await desk.act(id, 'simulate', { wishes })).toMatchObject({ status: 202 });
  const again = await desk.becomes(id, 'offered', simulatedOver(24));
  expect(again.simulations[0]).toMatchObject({
    differences: [],
    figures: { installment_face_value: '200.00' },
  });
});

it('leaves figures of QI’s that differ from ours to a person', async () => {
  const fees = [{ fee_type: 'tac', amount_type: 'percentage', amount: '1' }] as const;
  await reading({ contract_fees: [...fees] }, { contract_fees: [] }, async () => {
    const document = cpf();
    await desk.plan(document, { links: [link('1354387', '450.00')] });
    const differing = await desk.becomes(await desk.open(document), 'in_review');
    expect(differing.simulations[0]?.differences).toContain('disbursed_issue_amount');
  });
});

it('never makes a second debt: an answer that is lost is looked up under our own key', async () => {
  const document = cpf();
  await desk.plan(document, {
    links: [link('1354387', '450.00')],
    faults: { debt_create: ['timeout_after_effect'] },
  });
  const { id } = await desk.issue(document);
  expect((await desk.read(id)).events.filter(({ kind }) => kind === 'issued')).toHaveLength(1);
  expect(world.sandbox.control.ledger().violations).toEqual([]);
});

it('reserves the margin of one link once at a time, of however many that are asked for', async () => {
  const document = cpf();
  await desk.plan(document, {
    links: [link('1354387', '450.00'), link('2000002', '300.00')],
    consent: ['never'],
  });
  const on = (end: string) => ({
    wishes: { kind: 'installment', amount: '100.00', installments: 24, link: `17000/${end}` },
  });
  const one = await desk.open(document, on('4387'));
  await desk.accept(one, await desk.becomes(one, 'offered'));
  const same = await desk.open(document, on('4387'));
  await desk.accept(same, await desk.becomes(same, 'offered'));
  const other = await desk.open(document, on('0002'));
  await desk.accept(other, await desk.becomes(other, 'offered'));
  const answers = await Promise.all([desk.act(one, 'issue'), desk.act(same, 'issue')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  expect(await desk.act(other, 'issue')).toMatchObject({ status: 202 });
  await desk.becomes(other, 'issued');
  expect(world.sandbox.control.ledger().violations).toEqual([]);
});

it('refinances a loan of its own, once it is paid: what the old one took is free for the new one', async () => {
  const document = cpf();
  await desk.plan(document, { links: [link('1354387', '150.00')] });
  const { key } = await desk.issue(document, {
    wishes: { kind: 'installment', amount: '100.00', installments: 24 },
  });
  const refinancing = [{ kind: 'own', operation_key: key }];
  const id = await desk.open(document, {
    wishes: { kind: 'installment', amount: '50.00', installments: 24 },
  });
  await desk.becomes(id, 'offered');
  await world.operationBecomes(key, 'disbursed');
  expect((await desk.read(id)).own_contracts).toMatchObject([
    { operation_key: key, link: '17000/4387', installment: '100.00', number_of_installments: 24 },
  ]);
  const wishes = { kind: 'installment', amount: '140.00', installments: 48, refinancing };
  expect(await desk.act(id, 'query_balance')).toMatchObject({ status: 202 });
  await desk.becomes(id, 'offered');
  expect(await desk.act(id, 'simulate', { wishes })).toMatchObject({ status: 202 });
  const offered = await desk.becomes(id, 'offered', simulatedOver(48));
  expect(offered.simulations[0]).toMatchObject({ differences: [] });
  expect(Number(offered.simulations[0]?.qi?.final_disbursement_amount)).toBeGreaterThan(0);
  await desk.accept(id, offered);
  expect(await desk.act(id, 'issue')).toMatchObject({ status: 202 });
  const made = await desk.becomes(id, 'issued');
  expect(await world.openTasks(made.credit_operation_key ?? '')).toEqual([]);

  const twice = await desk.open(document);
  await waitFor('an answer about the margin, which the last loan may have taken already', async () =>
    ['offered', 'not_eligible'].includes((await desk.read(twice)).status) ? true : undefined,
  );
  expect((await desk.read(twice)).own_contracts).not.toContainEqual(
    expect.objectContaining({ operation_key: key }),
  );
  expect(await desk.act(twice, 'simulate', { wishes })).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          path: 'wishes.refinancing',
          // A slow machine asks only when the new loan is paid.
          message: expect.stringMatching(/já refinancia|já foi quitada/) as string,
        },
      ],
    },
  });
  await world.operationBecomes(made.credit_operation_key ?? '', 'disbursed');
  expect(await world.openTasks(made.credit_operation_key ?? '')).toEqual([]);
});

it('refinances no loan of another servant, of another link, unpaid, or paid off: before any call', async () => {
  const [document, stranger] = [cpf(), cpf()];
  const links = [link('1354387', '150.00'), link('2000002', '150.00')];
  const loan = { kind: 'installment', amount: '50.00', installments: 24 };
  await desk.plan(document, { links, consent: ['never', 'given'] });
  await desk.plan(stranger, { links: [link('1354387', '150.00')] });
  const unpaid = await desk.issue(document, { wishes: { ...loan, link: '17000/4387' } });
  const paid = await desk.issue(document, { wishes: { ...loan, link: '17000/0002' } });
  await world.operationBecomes(paid.key, 'disbursed');
  const [own, theirs] = [
    await desk.open(document, { wishes: { ...loan, link: '17000/4387' } }),
    await desk.open(stranger),
  ];
  await desk.becomes(own, 'offered');
  await desk.becomes(theirs, 'offered');
  const refused = async (
    id: string,
    key: string,
    wanted: string | undefined,
    words: string,
  ): Promise<void> => {
    const before = world.sandbox.control.ledger().debts.length;
    const refinancing = [{ kind: 'own', operation_key: key }];
    const wishes = { ...loan, refinancing, ...(wanted !== undefined && { link: wanted }) };
    expect(await desk.act(id, 'simulate', { wishes })).toMatchObject({
      status: 422,
      body: {
        errors: [{ path: 'wishes.refinancing', message: expect.stringContaining(words) as string }],
      },
    });
    expect(world.sandbox.control.ledger().debts).toHaveLength(before);
  };
  await refused(theirs, paid.key, undefined, 'não é uma operação nossa deste servidor');
  await refused(own, unpaid.key, '17000/4387', 'só se refinancia uma operação que foi paga');
  await refused(own, paid.key, '17000/4387', 'a operação é de outro vínculo');
  expect((await desk.read(own)).own_contracts).toMatchObject([
    { operation_key: paid.key, link: '17000/0002' },
  ]);
  await world.sql.query(
    `UPDATE proposal SET offer = jsonb_set(offer, '{figures,first_due_date}', '"2010-01-01"') WHERE id = $1`,
    [paid.id],
  );
  await refused(own, paid.key, '17000/0002', 'não tem mais parcelas a vencer');
  expect((await desk.read(own)).own_contracts).toEqual([]);
});

it('issues nothing once the servant’s authorisation is over', async () => {
  const document = cpf();
  await desk.plan(document, { links: [link('1354387', '450.00')] });
  const id = await desk.open(document);
  await desk.accept(id, await desk.becomes(id, 'offered'));
  // As days later, when nobody has asked for another one.
  await world.sql.query(
    `UPDATE proposal SET balance = jsonb_set(balance, '{links,0,authorized_until}', '"2020-01-31"') WHERE id = $1`,
    [id],
  );
  expect(await desk.act(id, 'issue')).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('A autorização do servidor termina em 31/01/2020') as string },
  });
  expect(desk.debtsOf(document)).toEqual([]);
});

it('takes over a contract of another institution by what its statement says', async () => {
  const document = cpf();
  await desk.plan(document, { links: [link('1354387', '50.00')] });
  const original = {
    kind: 'incoming',
    original_contract_number: '526985/WU',
    original_financial_institution_document_number: '00000000000191',
    due_balance: '2000.00',
    original_deadline: 60,
    installment: '300.00',
  };
  const { key } = await desk.issue(document, {
    wishes: { kind: 'installment', amount: '50.00', installments: 96, refinancing: [original] },
  });
  const debt = world.sandbox.control.ledger().debts.find((each) => each.debt_key === key);
  expect(debt).toMatchObject({
    collateral: { data: { reservation_type: 'refinancing', reservation_method: 'issuing' } },
  });
});

const MOMENTS = ['querying', 'simulated', 'accepted', 'issuing', 'issued'] as const;
type Moment = (typeof MOMENTS)[number];
/** The two at which a call to QI is under way that may be lost. */
const TWO_MOMENTS: readonly Moment[] = ['querying', 'issuing'];

it.each(MOMENTS.filter((each) => times(0, 1) === 1 || TWO_MOMENTS.includes(each)))(
  'goes on after the power is cut while a proposal is %s, with one debt and a row for its margin',
  async (moment) => {
    const document = cpf();
    await desk.plan(document, { links: [link('1354387', '450.00')] });
    const id = await desk.open(document);
    const statusIs = async (...wanted: string[]): Promise<true | undefined> => {
      const { rows } = await world.sql.query<{ status: string }>(
        `SELECT status FROM proposal WHERE id = $1`,
        [id],
      );
      return wanted.includes(rows[0]?.status ?? '') ? true : undefined;
    };
    const cut = async (): Promise<void> => {
      await world.service.kill();
      await world.service.restart();
      world.sandbox.control.deliverTo(`${world.service.url}/webhooks/qi`);
    };
    if (moment === 'querying' || moment === 'simulated') {
      await waitFor('the moment', () => statusIs(moment, 'offered'), { everyMs: 2 });
      await cut();
    }
    await desk.accept(id, await desk.becomes(id, 'offered'));
    if (moment === 'accepted') await cut();
    expect(await desk.act(id, 'issue')).toMatchObject({ status: 202 });
    if (moment === 'issuing' || moment === 'issued') {
      await waitFor('the moment', () => statusIs(moment, 'issued'), { everyMs: 2 });
      await cut();
    }
    const { credit_operation_key: key } = await desk.becomes(id, 'issued');
    await world.operationBecomes(key ?? '', 'disbursed');
    expect(desk.debtsOf(document)).toMatchObject([{ debt_key: key }]);
    await auditMargins(world.sql, () => world.sandbox.control.ledger().debts);
    // A query whose answer was lost is asked again: it costs quota and nothing else.
    const { violations } = world.sandbox.control.ledger();
    expect(violations.filter(({ kind }) => kind !== 'query_while_pending')).toEqual([]);
  },
  60_000,
);
