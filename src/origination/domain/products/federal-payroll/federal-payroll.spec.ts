import { readFileSync } from 'node:fs';
import { calendarDate, Cpf, Decimal, showReais } from '../../../../kernel';
import { compiledPolicy, policyJson } from '../../../../../test/support/policies';
import { readPayrollCalendar } from '../../../../operation';
import { loadReferenceData } from '../../../../policy';
import { capsOn } from '../../../../policy/domain';
import { PricingContext, readPricingData } from '../../../../pricing';
import { readFederalPayrollData } from '../../../products/federal-payroll/federal-payroll-data';
import {
  authorizationWarning,
  dueBalance,
  federalPayrollWishes,
  judgeFederalPayroll,
  linkId,
  linkOf,
  MARGIN_FAILURES,
  natureOf,
  readSituation,
  type FederalPayrollTerms,
  type MarginLink,
  type RefinancedContract,
} from '.';

const data = readFederalPayrollData();
const payroll = readPayrollCalendar();
const pricing = new PricingContext(readPricingData('config'));
const { holidays: calendar } = pricing.data;
const seed = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as Record<string, unknown>;

const LINK: MarginLink = {
  authorityCode: '17000',
  registrationCode: '12345678',
  pensionerRegistrationCode: undefined,
  authority: 'MINISTERIO DA ECONOMIA',
  authorityDocumentNumber: '29132934000134',
  isAuthorized: true,
  relationship: 'attendant',
  classification: 'stable',
  situation: 'EST01-PERMANENT ACTIVE',
  pensionType: undefined,
  pensionEndsOn: undefined,
  available: new Decimal('450.00'),
  consigned: undefined,
  cardAvailable: undefined,
  authorizedUntil: calendarDate('2026-12-20'),
};
const PENSION: Partial<MarginLink> = {
  relationship: 'pensioner',
  pensionerRegistrationCode: '170000012345',
  situation: 'EST84-PENSIONISTA',
  pensionType: 'lifetime',
};

describe('a functional situation', () => {
  it.each([
    ['EST01-PERMANENT ACTIVE', 'EST', '1'],
    ['est84 - pensionista', 'EST', '84'],
    ['CDT-12 CONTRATO TEMPORARIO', 'CDT', '12'],
    ['02 - APOSENTADO', undefined, '2'],
    ['018', undefined, '18'],
  ])('%s is read', (text, regime, number) => {
    expect(readSituation(text)).toEqual({ regime, number });
  });

  it.each(['PERMANENT ACTIVE', 'EST1234', '', undefined])('%s has no number', (text) => {
    expect(readSituation(text)).toBeUndefined();
  });
});

describe('a link', () => {
  it('has one name in every answer, whatever its place, and not its whole registration', () => {
    const other = { ...LINK, registrationCode: '99990001' };
    expect(linkId(LINK)).toBe('17000/5678');
    for (const links of [
      [LINK, other],
      [other, LINK],
    ])
      expect(linkOf(links, '17000/5678')).toBe(LINK);
    expect(linkOf([LINK, other], '17000/0000')).toBeUndefined();
  });

  it('that cannot be told from another is none', () => {
    expect(linkOf([LINK, { ...LINK, registrationCode: '99995678' }], '17000/5678')).toBeUndefined();
  });

  it.each([
    ['2026-12-02', undefined],
    ['2026-12-01', /termina em 01\/12\/2026/],
    ['2026-11-26', /termina em 26\/11\/2026/],
    ['2026-11-25', /terminou em 25\/11\/2026/],
  ])('authorised until %s warns 5 days before', (until, words) => {
    const warning = authorizationWarning(calendarDate(until), calendarDate('2026-11-26'), 5);
    if (words === undefined) expect(warning).toBeUndefined();
    else expect(warning).toMatch(words);
  });

  it.each<[string, Partial<MarginLink>, string | null | undefined, object]>([
    [
      'an active servant',
      {},
      undefined,
      { isPensioner: false, pensionIsTemporary: false, contractIsTemporary: false },
    ],
    [
      'a temporary contract',
      { situation: 'CDT12-TEMPORARIO' },
      '2027-06-30',
      { contractIsTemporary: true, contractEndsOn: '2027-06-30' },
    ],
    [
      'one that is said to have no end',
      { situation: 'CDT12-TEMPORARIO' },
      null,
      { contractIsTemporary: true },
    ],
    [
      'a situation that nobody knows',
      { situation: 'EST99-X' },
      undefined,
      { contractIsTemporary: undefined },
    ],
    ['the same, declared without end', { situation: 'EST99-X' }, null, { contractIsTemporary: false }],
    [
      'a life pension',
      PENSION,
      undefined,
      { isPensioner: true, pensionIsTemporary: false, contractIsTemporary: false },
    ],
    [
      'a temporary pension',
      { ...PENSION, pensionType: 'temporary' },
      undefined,
      { pensionIsTemporary: true },
    ],
    [
      'a pension that ends',
      { ...PENSION, pensionEndsOn: calendarDate('2030-01-31') },
      undefined,
      { pensionIsTemporary: true },
    ],
    [
      'a pension of an unknown kind',
      { ...PENSION, pensionType: undefined },
      undefined,
      { pensionIsTemporary: undefined },
    ],
    [
      'a pension by its situation alone',
      { situation: 'EST93-BENEFICIARIO' },
      undefined,
      { isPensioner: true },
    ],
  ])('of %s', (_, changes, declared, expected) => {
    const end = typeof declared === 'string' ? calendarDate(declared) : declared;
    expect(natureOf({ ...LINK, ...changes }, end, data.situations)).toMatchObject(expected);
  });
});

const NOW = new Date('2026-11-27T15:00:00Z');
const cpfOf = (digits: string): Cpf => {
  const cpf = Cpf.parse(digits);
  if (cpf === undefined) throw new Error(digits);
  return cpf;
};

const OWES_NOTHING = {
  borrower: Buffer.alloc(32),
  liveOffers: 0,
  used: { per_borrower: new Decimal(0), per_day: new Decimal(0), total: new Decimal(0) },
};

const owing = (reais: number | string): typeof OWES_NOTHING => ({
  ...OWES_NOTHING,
  used: { ...OWES_NOTHING.used, per_borrower: new Decimal(reais) },
});

function terms(changes: Partial<FederalPayrollTerms> = {}): FederalPayrollTerms {
  return {
    policy: { version: '1', compiled: compiledPolicy(seed) },
    now: NOW,
    caps: capsOn(loadReferenceData('config').caps.federal_payroll, calendarDate('2026-11-27')),
    pricing,
    calendar,
    disbursementBusinessDays: 1,
    data,
    payroll,
    limitDays: 3,
    ...changes,
  };
}
const TERMS = terms();

function judge(
  links: readonly Partial<MarginLink>[],
  wishes: object = {},
  {
    refinanced = [],
    standing = OWES_NOTHING,
    birthDate = '1985-03-10',
    ...changes
  }: Partial<FederalPayrollTerms> & {
    readonly refinanced?: readonly RefinancedContract[];
    readonly standing?: typeof OWES_NOTHING;
    readonly birthDate?: string;
  } = {},
) {
  return judgeFederalPayroll(
    {
      cpf: cpfOf('25256363506'),
      birthDate: calendarDate(birthDate),
      isPep: false,
      channel: 'console',
      receivedAt: NOW,
      links: links.map((link) => ({ ...LINK, ...link })),
      refinanced,
      standing,
      now: NOW,
    },
    federalPayrollWishes.parse({ kind: 'maximum', ...wishes }),
    { ...TERMS, ...changes },
  );
}

/** What one verdict comes to, in a line. */
function shown(verdict: ReturnType<typeof judge>): string {
  switch (verdict.kind) {
    case 'undecided':
      return `undecided ${verdict.problem.path}`;
    case 'impossible':
      return `impossible ${verdict.problems.map(({ path }) => path).join()}`;
    case 'not_eligible': {
      const codes = verdict.judgement.reasons
        .filter(({ severity }) => severity === 'decline')
        .map(({ code }) => code);
      return `not_eligible ${[...codes, verdict.problem?.path].filter(Boolean).join()}`;
    }
    case 'offers': {
      const [offer] = verdict.offers;
      if (offer?.simulation.kind !== 'simulated') return 'no offer';
      const { installment, quote } = offer.simulation;
      return `${verdict.needsReview ? 'review' : 'offer'} ${String(quote.numberOfInstallments)} x ${installment.toFixed(2)}`;
    }
  }
}

interface Prices {
  columns: string[];
  monotone?: object[];
  rows: { id: string; when: object; then: { monthly_interest_rate: string } }[];
}

/** The shipped policy, its prices changed. */
function policyWith(change: (prices: Prices) => void): FederalPayrollTerms['policy'] {
  const { products } = seed as { products: { federal_payroll: { tables: ({ id: string } & Prices)[] } } };
  const section = structuredClone(products.federal_payroll);
  const prices = section.tables.find(({ id }) => id === 'precos');
  if (prices === undefined) throw new Error('no prices');
  change(prices);
  const compiled = compiledPolicy(
    policyJson({ lists: seed['lists'], products: { federal_payroll: section } }),
  );
  return { version: '1', compiled };
}

const row = (id: string, offered_amount: object, rate: string): Prices['rows'][number] => ({
  id,
  when: { offered_amount },
  then: { monthly_interest_rate: rate },
});

describe('a servant', () => {
  it.each<[string, readonly Partial<MarginLink>[], object, string]>([
    ['is offered the whole margin of the only link', [{}], {}, 'offer 120 x 450.00'],
    ['with two links has to choose', [{}, { registrationCode: '99990001' }], {}, 'undecided wishes.link'],
    [
      'is offered the margin of the link that was chosen',
      [{}, { registrationCode: '99990001', available: new Decimal('120.50') }],
      { link: '17000/0001' },
      'offer 120 x 120.50',
    ],
    [
      'cannot choose a link that the balance did not name',
      [{}],
      { link: '26000/1111' },
      'undecided wishes.link',
    ],
    ['who did not authorise is told so', [{ isAuthorized: false }], {}, 'not_eligible wishes.link'],
    [
      'whose authorisation is over is not eligible',
      [{ authorizedUntil: calendarDate('2026-11-26') }],
      {},
      'not_eligible AUTHORIZATION_EXPIRED',
    ],
    [
      'without a margin is not eligible',
      [{ available: new Decimal(0) }],
      {},
      'not_eligible MARGIN_BELOW_MINIMUM',
    ],
    [
      'of whose margin nothing is known is not eligible',
      [{ available: undefined }],
      {},
      'not_eligible DATA_MISSING:margin',
    ],
    [
      'may ask for an instalment',
      [{}],
      { kind: 'installment', amount: '200', installments: 48 },
      'offer 48 x 200.00',
    ],
    [
      'may not ask for one above the margin',
      [{}],
      { kind: 'installment', amount: '450.01', installments: 48 },
      'impossible wishes.amount',
    ],
    ['may not ask for more months than law lets', [{}], { installments: 121 }, 'impossible policy'],
    [
      'may ask for an amount',
      [{}],
      { kind: 'target', amount: '5000', installments: 48 },
      'offer 48 x 157.42',
    ],
    [
      'may not ask for an amount above the margin',
      [{}],
      { kind: 'target', amount: '50000' },
      'impossible wishes.amount',
    ],
    [
      'in a situation that a person looks at',
      [{ situation: 'EST04-COMISSIONADO' }],
      {},
      'review 120 x 450.00',
    ],
    [
      'who is a trainee is not eligible',
      [{ situation: 'EST66-ESTAGIARIO' }],
      {},
      'not_eligible FUNCTIONAL_SITUATION',
    ],
    [
      'in a situation that nobody knows declares its end first',
      [{ situation: 'EST99-X' }],
      {},
      'undecided wishes.contract_ends_on',
    ],
    [
      'the same, declared, waits for a person',
      [{ situation: 'EST99-X' }],
      { contract_ends_on: null },
      'review 120 x 450.00',
    ],
    [
      'in a temporary post says when it ends',
      [{ situation: 'CDT12-TEMPORARIO' }],
      { contract_ends_on: null },
      'undecided wishes.contract_ends_on',
    ],
    [
      'in a temporary post is offered what ends before it',
      [{ situation: 'CDT12-TEMPORARIO' }],
      { contract_ends_on: '2029-01-10' },
      'review 24 x 450.00',
    ],
    [
      'may not borrow a day beyond it',
      [{ situation: 'CDT12-TEMPORARIO' }],
      { contract_ends_on: '2028-11-30', installments: 24 },
      'impossible policy',
    ],
    [
      'may borrow to its very day',
      [{ situation: 'CDT12-TEMPORARIO' }],
      { contract_ends_on: '2028-12-01', installments: 24 },
      'review 24 x 450.00',
    ],
    ['with a life pension is offered the margin', [PENSION], {}, 'offer 120 x 450.00'],
    [
      'with a temporary pension is offered what ends three months before it',
      [{ ...PENSION, pensionType: 'temporary', pensionEndsOn: calendarDate('2029-03-01') }],
      {},
      'review 24 x 450.00',
    ],
    [
      'with a temporary pension of an unknown end declares it first',
      [{ ...PENSION, pensionType: 'temporary' }],
      { contract_ends_on: null },
      'undecided wishes.contract_ends_on',
    ],
    [
      'the same, declared, is offered what ends three months before it',
      [{ ...PENSION, pensionType: 'temporary' }],
      { contract_ends_on: '2029-03-01' },
      'review 24 x 450.00',
    ],
    [
      'with a pension that nobody calls anything declares first whether it ends',
      [{ ...PENSION, pensionType: undefined }],
      {},
      'undecided wishes.contract_ends_on',
    ],
    [
      'with a pension in a word that nobody knows does so too',
      [{ ...PENSION, pensionType: 'definitive' }],
      {},
      'undecided wishes.contract_ends_on',
    ],
    [
      'the same, declared for life, is offered the margin',
      [{ ...PENSION, pensionType: 'definitive' }],
      { contract_ends_on: null },
      'offer 120 x 450.00',
    ],
    [
      'the same, declared with its end, is offered what ends three months before it',
      [{ ...PENSION, pensionType: undefined }],
      { contract_ends_on: '2029-03-01' },
      'review 24 x 450.00',
    ],
    [
      'with a life pension is offered the margin, whatever is declared',
      [PENSION],
      { contract_ends_on: '2029-03-01' },
      'offer 120 x 450.00',
    ],
    [
      'who did not authorise has nothing to declare',
      [{ ...PENSION, pensionType: undefined, isAuthorized: false }],
      {},
      'not_eligible DATA_MISSING:pension_is_temporary,wishes.link',
    ],
    [
      'with the compensation of an amnesty, which is no pension, waits for a person',
      [{ situation: 'EST94-ANISTIADO' }],
      {},
      'review 120 x 450.00',
    ],
  ])('%s', (_, links, wishes, expected) => {
    expect(shown(judge(links, wishes))).toBe(expected);
  });

  it('is offered fewer months by age, until the last instalment fits', () => {
    expect(shown(judge([{}], {}, { birthDate: '1956-06-10' }))).toBe('offer 60 x 450.00');
  });

  it.each([
    ['with one borrower', '0', '30000'],
    ['with this one, who owes something', '21000.50', '8999.50'],
  ])('is offered no more than the policy puts at risk %s, however large the margin', (_, owed, most) => {
    const standing = owing(owed);
    const verdict = judge([{ available: new Decimal('100000') }], {}, { standing });
    if (verdict.kind !== 'offers' || verdict.offers[0]?.simulation.kind !== 'simulated')
      throw new Error(shown(verdict));
    const left = new Decimal(most).minus(verdict.offers[0].simulation.quote.disbursedIssueAmount);
    expect(left.gte(0) && left.lt(1)).toBe(true);
  });

  it.each([
    ['all', 30_000],
    ['all but less than the policy lends', 29_900],
  ])('who owes %s that may be put at risk with them is told so', (_, owed) => {
    const standing = owing(owed);
    expect(shown(judge([{}], {}, { standing }))).toBe('not_eligible EXPOSURE_PER_BORROWER');
    expect(judge([{}], { installments: 12 }, { standing })).toMatchObject({
      kind: 'impossible',
      problems: [{ path: 'policy', message: 'A oferta passaria do limite de exposição no CPF.' }],
    });
  });

  it('of whose authorisation the end is not known is looked at by a person', () => {
    expect(judge([{ authorizedUntil: undefined }])).toMatchObject({
      kind: 'offers',
      doubts: [expect.stringContaining('autorização')],
    });
  });

  it.each<[Partial<MarginLink>, object, RegExp]>([
    [{ pensionType: undefined }, { contract_ends_on: null }, /vitalícia.*declarad/],
    [{ pensionType: 'temporary' }, { contract_ends_on: '2029-03-01' }, /01\/03\/2029.*declarad/],
  ])('of whose pension %j was declared %j is looked at by a person', (link, wishes, doubt) => {
    expect(judge([{ ...PENSION, ...link }], wishes)).toMatchObject({
      kind: 'offers',
      doubts: [expect.stringMatching(doubt)],
    });
  });

  it('is offered figures for every day of payment, all due on the same days', () => {
    const verdict = judge([{}], { installments: 12 });
    if (verdict.kind !== 'offers' || verdict.offers[0]?.simulation.kind !== 'simulated')
      throw new Error(shown(verdict));
    const { options } = verdict.offers[0].simulation;
    expect(options.map(({ disbursementDate, firstDueDate }) => [disbursementDate, firstDueDate])).toEqual(
      ['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03'].map((day) => [day, '2027-01-01']),
    );
  });

  it('is refused a rate above the cap of the day', () => {
    const policy = policyWith((prices) => {
      for (const row of prices.rows) row.then.monthly_interest_rate = '0.0205';
    });
    expect(shown(judge([{}], {}, { policy }))).toMatch(/^not_eligible RATE_ABOVE_LEGAL_CAP/);
  });

  it.each([
    ['256.16', 'offer 96 x 256.16'],
    ['256.15', 'impossible wishes.amount'],
  ])(
    'with a margin of %s, too little for the price of small amounts, asks for a large one: %s',
    (available, expected) => {
      const policy = policyWith((prices) => {
        prices.columns = ['offered_amount'];
        prices.monotone = [];
        prices.rows = [
          row('ate-10000', { below: '10000' }, '0.0180'),
          row('desde-10000', { from: '10000' }, '0.0160'),
        ];
      });
      const wishes = { kind: 'target', amount: '12000', installments: 96 };
      expect(shown(judge([{ available: new Decimal(available) }], wishes, { policy }))).toBe(expected);
    },
  );
});

describe('the caps of a day', () => {
  const caps = (day: string) => {
    const { rate, installments } = capsOn(
      loadReferenceData('config').caps.federal_payroll,
      calendarDate(day),
    );
    return [rate?.maximum.toFixed(), installments];
  };
  it.each([
    ['2026-05-19', ['0.018', 96]],
    ['2026-05-20', ['0.018', 120]],
  ])('of %s', (day, expected) => {
    expect(caps(day)).toEqual(expected);
  });
});

describe('a refinancing', () => {
  const old: RefinancedContract = {
    kind: 'incoming',
    contractNumber: '526985/WU',
    institutionDocumentNumber: '00000000000191',
    dueBalance: new Decimal('9000.00'),
    deadline: 60,
    installment: new Decimal('300.00'),
  };

  it('may take what is free and what the old contract took', () => {
    const wishes = { kind: 'installment', amount: '750.00', installments: 48 };
    expect(shown(judge([{}], wishes, { refinanced: [old] }))).toBe('offer 48 x 750.00');
    expect(shown(judge([{}], { ...wishes, amount: '750.01' }, { refinanced: [old] }))).toBe(
      'impossible wishes.amount',
    );
  });

  it('has to pay out more than the old contract costs', () => {
    const wishes = { kind: 'installment', amount: '300.00', installments: 24 };
    expect(shown(judge([{}], wishes, { refinanced: [old] }))).toBe('impossible wishes.refinancing');
  });

  it('is not possible beyond what may be put at risk, and that is told', () => {
    const refinanced = [{ ...old, dueBalance: new Decimal(18_000) }];
    const verdict = judge([{}], {}, { refinanced, standing: owing(20_000) });
    expect(shown(verdict)).toBe('not_eligible EXPOSURE_PER_BORROWER');
  });

  it('that pays too little says what the longest term would pay', () => {
    const refinanced = [{ ...old, dueBalance: new Decimal(30_000), installment: new Decimal(0) }];
    const verdict = judge([{}], {}, { refinanced });
    const longest = judge([{}], { installments: 120 });
    if (longest.kind !== 'offers' || longest.offers[0]?.simulation.kind !== 'simulated')
      throw new Error(shown(longest));
    const paid = showReais(longest.offers[0].simulation.quote.disbursedIssueAmount);
    expect(verdict).toMatchObject({
      kind: 'not_eligible',
      problem: {
        path: 'wishes.refinancing',
        message: `o novo contrato paga ${paid}, menos que o saldo devedor de R$ 30.000,00`,
      },
    });
  });

  it.each([
    ['on its first day costs what it was issued for', '2026-11-30', '14756.48'],
    ['a month later costs less', '2027-01-02', '14574.29'],
    ['before its last instalment costs that one without its interest', '2030-11-30', '449.75'],
    ['after it costs nothing', '2030-12-01', '0.00'],
  ])('of a contract that %s', (_, day, expected) => {
    const plan = {
      installment: new Decimal('450'),
      numberOfInstallments: 48,
      firstDueDate: calendarDate('2027-01-01'),
      monthlyInterestRate: new Decimal('0.0165'),
    };
    expect(dueBalance(plan, calendarDate(day), 'calendar_days', pricing).toFixed(2)).toBe(expected);
  });
});

it('says of each failure of a margin query what it means and what the servant does', () => {
  expect(Object.keys(MARGIN_FAILURES).sort()).toEqual([
    'deceased_federal_employee',
    'inactive_federal_employee',
    'inexistent_relationship',
    'invalid_document_number',
    'mock_error',
    'unauthorized_institution',
  ]);
});

describe('wishes', () => {
  it.each([
    [{ kind: 'target', amount: '10.001' }, 'amount'],
    [{ kind: 'installment', amount: '-1' }, 'amount'],
    [{ kind: 'maximum', installments: 0 }, 'installments'],
    [{ kind: 'maximum', contract_ends_on: '2027-02-30' }, 'contract_ends_on'],
    [{ kind: 'maximum', refinancing: [{ kind: 'incoming', original_contract_number: '' }] }, 'refinancing'],
    [{ kind: 'periods', periods: [] }, 'kind'],
  ])('%j are refused at %s', (given, path) => {
    expect(federalPayrollWishes.safeParse(given).error?.issues[0]?.path[0]).toBe(path);
  });
});
