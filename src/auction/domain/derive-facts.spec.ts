import { calendarDate, Cpf, Decimal, Personal } from '../../kernel';
import { FIELD_NAMES, type Facts } from '../../policy/domain';
import { deriveFacts, type FactsContext } from './derive-facts';
import type { ProposalRequest } from './proposal-request';

/** 23:30 of 17 August in São Paulo, already the 18th in UTC. */
const now = new Date('2026-08-18T02:30:00.900Z');
const context: FactsContext = {
  now,
  deadline: new Date('2026-08-18T02:32:00Z'),
  liveOffers: { borrower: 0, employer: 2, lowestRate: undefined },
  exposure: { borrower: new Decimal(0), employer: new Decimal('1234.56') },
};
const request: ProposalRequest = {
  key: 'k',
  status: 'ongoing',
  eventAtText: undefined,
  inclusionLimitText: undefined,
  expirationText: undefined,
  borrower: {
    name: Personal.personName('VALENTINA SANTOS'),
    cpf: Cpf.parse('00737823780'),
    birthDate: calendarDate('1973-08-18'),
    registration: Personal.text('TESTE123'),
    politicalExposition: 'not_exposed',
  },
  employer: { documentType: 'cnpj', documentNumber: '29113956000181' },
  admissionDate: calendarDate('2020-03-10'),
  eligible: true,
  requestedAmount: new Decimal(2100),
  requestedInstallments: 11,
  consignedCreditBalance: new Decimal(10_000),
  alerts: [],
  problems: [],
};

describe('the facts of a request', () => {
  it('are of the day and hour in São Paulo', () => {
    const facts = deriveFacts(request, context);
    expect(facts).toMatchObject({ borrower_age: 52, hour_of_day: 23, tenure_months: 77 });
    const hourLater = deriveFacts(request, { ...context, now: new Date('2026-08-18T03:30:00Z') });
    expect(hourLater).toMatchObject({ borrower_age: 53, hour_of_day: 0 });
  });

  it('count whole seconds left, never one too many', () => {
    expect(deriveFacts(request, context).window_left_seconds).toBe(119);
    expect(deriveFacts(request, { ...context, deadline: now }).window_left_seconds).toBe(0);
    const late = { ...context, deadline: new Date(now.getTime() - 1) };
    expect(deriveFacts(request, late).window_left_seconds).toBe(-1);
  });

  it('carry what was asked, rounded to cents where divided', () => {
    expect(deriveFacts(request, context)).toMatchObject({
      requested_installment: new Decimal('190.91'),
      employer_root: '29113956',
      employer_document_valid: true,
      cpf_valid: true,
      employer_exposure: new Decimal('1234.56'),
      employer_live_offers: 2,
    });
  });

  it.each([
    ['29113956000182', false],
    ['12ABC34501DE35', true],
  ])('check the digits of CNPJ %s, letters allowed', (documentNumber, valid) => {
    const facts = deriveFacts({ ...request, employer: { documentType: 'cnpj', documentNumber } }, context);
    expect(facts.employer_document_valid).toBe(valid);
  });

  it('know no CNPJ root of an employer who has a CPF', () => {
    const employer = { documentType: 'cpf', documentNumber: '00737823780' } as const;
    const facts = deriveFacts({ ...request, employer }, context);
    expect(facts).toMatchObject({ employer_document_valid: true, employer_root: undefined });
    expect(String(facts.employer_document)).toBe('***');
  });

  it('stay unknown, all of them, when the request says nothing', () => {
    const empty: ProposalRequest = {
      ...request,
      borrower: {
        name: undefined,
        cpf: undefined,
        birthDate: undefined,
        registration: undefined,
        politicalExposition: undefined,
      },
      employer: { documentType: undefined, documentNumber: undefined },
      admissionDate: undefined,
      eligible: undefined,
      requestedAmount: undefined,
      requestedInstallments: undefined,
      consignedCreditBalance: undefined,
      alerts: undefined,
    };
    const nothing = { borrower: undefined, employer: undefined };
    const liveOffers = { ...nothing, lowestRate: undefined };
    const facts: Facts = deriveFacts(empty, { now, deadline: undefined, liveOffers, exposure: nothing });
    const known = FIELD_NAMES.filter((name) => facts[name] !== undefined);
    expect(known).toEqual(['hour_of_day']);
  });

  it.each([0, -1])('do not divide by a term of %d', (requestedInstallments) => {
    expect(deriveFacts({ ...request, requestedInstallments }, context).requested_installment).toBeUndefined();
  });
});
