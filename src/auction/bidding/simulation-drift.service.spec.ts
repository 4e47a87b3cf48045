import { Registry } from 'prom-client';
import { A_PROGRAMME } from '../../../test/support/programme';
import { calendarDate, Decimal } from '../../kernel';
import type { Logger, Settings } from '../../platform';
import { PricingDataService } from '../../pricing';
import type { ProposalSimulation } from '../domain/proposal';
import type { LiveBid } from './bid-rows';
import { SimulationDrift } from './simulation-drift.service';

const auction = { drift_tolerance_reais: new Decimal('0.01'), drift_tolerance_rate: new Decimal('0.0001') };
const silent = { warn: () => undefined, error: () => undefined } as unknown as Logger;
const drift = new SimulationDrift(
  new PricingDataService(),
  A_PROGRAMME,
  { engine: { auction } } as unknown as Settings,
  silent,
  new Registry(),
);

const bidOn = (disbursementDate: string): LiveBid =>
  ({
    requestControlKey: 'f3a0a3a8-6d5c-4a3e-9a55-0f4a2f6b7c11',
    terms: {
      disbursementDate: calendarDate(disbursementDate),
      firstDueDate: calendarDate('2025-05-15'),
      monthlyInterestRate: new Decimal('0.0249'),
      disbursedIssueAmount: new Decimal(5000),
      numberOfInstallments: 12,
      rebates: [],
    },
  }) as unknown as LiveBid;
const told = (disbursedIssueAmount: string): ProposalSimulation =>
  ({ disbursedIssueAmount: new Decimal(disbursedIssueAmount) }) as unknown as ProposalSimulation;

describe("QI's figures beside ours", () => {
  it.each([
    ['5000.00', 0, 0],
    ['5000.01', 1, 0],
    ['5000.02', 1, 1],
  ])('of R$ 5,000.00, told as %s: %i differ, %i remarkably', (theirs, differing, remarkably) => {
    const found = drift.check(bidOn('2025-03-21'), told(theirs));
    expect([found?.differences.length, found?.remarkable.length]).toEqual([differing, remarkably]);
  });

  it('that could not be compared are not told to agree', () => {
    expect(drift.check(bidOn('2021-03-21'), told('5000.00'))).toBeUndefined();
  });
});
