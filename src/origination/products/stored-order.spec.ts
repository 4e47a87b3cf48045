import { Cpf, Decimal, parseJson, type CalendarDate, type JsonObject } from '../../kernel';
import type { ReadyBorrower } from '../domain';
import type { MarginSnapshot } from '../ports';
import type { ProposalEntity } from '../proposal.entity';
import type { StoredOffer } from '../stored';
import { FederalPayrollProduct } from './federal-payroll/federal-payroll-product';
import { storedMargin } from './federal-payroll/stored-margin';
import { RefinancedContracts } from './federal-payroll/refinanced-contracts';
import { FgtsProduct } from './fgts/fgts-product';
import type { IssuePreparation, ProposalProduct } from './proposal-product';

const SPREAD = { fee_type: 'spread', amount_type: 'percentage', amount: '4.17' };
const FIGURES = {
  disbursement_date: '2099-01-05',
  installment_face_value: '100.00',
  number_of_installments: 24,
  first_due_date: '2099-02-07',
  periods: [{ due_date: '2099-04-01', amount: '1000.00' }],
};
const OFFER = {
  monthly_interest_rate: '0.0175',
  annual_interest_rate: '0.23143932',
  rebates: [SPREAD],
  asked: { target: null, periods: FIGURES.periods, refinanced: [] },
  figures: FIGURES,
} as unknown as StoredOffer;

const LINK = { authorityCode: '17000', registrationCode: '1354387' };
const cpf = Cpf.parse('25256363506');
if (cpf === undefined) throw new Error('not a CPF');
const BORROWER = { cpf, employment: LINK, employments: [LINK] } as never;
const PROPOSAL = {
  wishes: { kind: 'maximum' },
  balance: storedMargin({ links: [LINK] } as unknown as MarginSnapshot),
} as unknown as ProposalEntity;

/** What a product asks of its desk, order by order. */
function watched(build: (desk: never) => ProposalProduct): {
  readonly product: ProposalProduct;
  readonly orders: unknown[];
} {
  const orders: unknown[] = [];
  const take = (order: unknown) => Promise.resolve(orders.push(order));
  return { product: build({ simulate: take, issue: take } as never), orders };
}

const TODAY = '2099-01-04' as CalendarDate;
const payroll = () =>
  watched(
    (desk) =>
      new FederalPayrollProduct(
        desk,
        {} as never,
        {} as never,
        { limitDays: 0, reservationMethod: 'issuing', hours: { businessDaysOnly: false } } as never,
        {} as never,
        new RefinancedContracts({} as never, {} as never, {} as never),
      ),
  );

describe.each([
  ['fgts', () => watched((desk) => new FgtsProduct(desk, {} as never, {} as never))],
  ['federal_payroll', payroll],
])('an order of %s', (_, start) => {
  const issue = (product: ProposalProduct, terms: JsonObject) =>
    product.issue({ controlKey: 'c-1', borrower: BORROWER, ready: {} as ReadyBorrower }, terms, {} as never);
  const prepared = async (product: ProposalProduct): Promise<JsonObject> => {
    const order: IssuePreparation = await product.prepareIssue({} as never, PROPOSAL, OFFER, BORROWER, TODAY);
    if (order.kind !== 'order') throw new Error(order.why);
    // As it lies on disk until it is sent.
    return parseJson(JSON.stringify(order.terms)) as JsonObject;
  };

  it('has the rebates of the offer, simulated and issued', async () => {
    const { product, orders } = start();
    await product.simulate(OFFER, BORROWER, {} as never);
    await issue(product, await prepared(product));
    const rebates = [{ feeType: 'spread', amountType: 'percentage', amount: new Decimal('4.17') }];
    expect(orders).toMatchObject([{ rebates }, { rebates }]);
  });

  it('names the contracts that it pays off, whatever their order and what they cost that day', () => {
    const own = { kind: 'own', operation_key: 'ours', due_now: '10.00', due_balance: '11.00' };
    const other = {
      kind: 'incoming',
      original_contract_number: 'abc',
      original_financial_institution_document_number: '00000000000191',
    };
    const { product } = start();
    const paidOff = (...refinanced: object[]) =>
      product.paidOffBy({ ...OFFER, asked: { refinanced } } as unknown as StoredOffer);
    const named = paidOff(own, other);
    expect(named).toHaveLength(product.name === 'fgts' ? 0 : 2);
    expect(paidOff({ ...other, original_contract_number: 'ABC' }, { ...own, due_now: '9.00' })).toEqual(
      named,
    );
  });

  it('has none where it was written down before it held them', async () => {
    const { product, orders } = start();
    const { rebates, ...before } = await prepared(product);
    expect(rebates).toEqual([SPREAD]);
    await issue(product, before);
    expect(orders).toMatchObject([{ rebates: [] }]);
  });
});

it('no order is made of wishes that name a contract twice, which earlier releases took', async () => {
  const contract = {
    kind: 'incoming',
    original_contract_number: '1',
    original_financial_institution_document_number: '00000000000191',
    due_balance: '9000.00',
    original_deadline: 60,
    installment: '300.00',
  };
  const wishes = { kind: 'maximum', refinancing: [contract, contract] };
  const proposal = { balance: PROPOSAL.balance, wishes } as unknown as ProposalEntity;
  expect(await payroll().product.prepareIssue({} as never, proposal, OFFER, BORROWER, TODAY)).toEqual({
    kind: 'offer_over',
    why: 'O refinanciamento não vale mais: informe cada contrato uma só vez.',
  });
});
