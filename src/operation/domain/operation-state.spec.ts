import fc from 'fast-check';
import { permutations } from '../../../test/support/permutations';
import {
  factOf,
  FINAL_STATUSES,
  INITIAL_STATUS,
  isFinal,
  OPERATION_FACTS,
  OPERATION_STATUSES,
  step,
  TRANSITIONS,
  type OperationFact,
  type OperationStatus,
} from './operation-state';
import { follow } from './consequences';
import type { LiveCommand } from './operation-action';
import { loanProduct } from './products';
import { contradictionReason } from './contradictions';

const after = (...facts: OperationFact[]): OperationStatus =>
  facts.reduce<OperationStatus>((status, fact) => step(status, fact).to, INITIAL_STATUS);

describe('the graph of an operation', () => {
  it('reaches every status', () => {
    const reached = new Set<OperationStatus>([INITIAL_STATUS]);
    for (let before = 0; before !== reached.size;) {
      before = reached.size;
      for (const status of [...reached])
        for (const fact of OPERATION_FACTS) reached.add(step(status, fact).to);
    }
    expect([...reached].sort()).toEqual([...OPERATION_STATUSES].sort());
  });

  it('leaves a loan that is gone for good by no fact, and every other status by some', () => {
    for (const status of OPERATION_STATUSES) {
      const targets = OPERATION_FACTS.map((fact) => step(status, fact).to);
      expect({ status, leaves: targets.some((to) => to !== status) }).toEqual({
        status,
        leaves: status !== 'canceled_permanently',
      });
    }
  });

  it('can still end both ways from every status that is not final', () => {
    for (const status of OPERATION_STATUSES.filter((each) => !isFinal(each))) {
      expect(step(status, 'disbursed')).toMatchObject({ to: 'disbursed', effect: 'applied' });
      expect(step(status, 'canceled_permanently')).toMatchObject({
        to: 'canceled_permanently',
        effect: 'applied',
      });
    }
  });

  it('names each status at most once per fact', () => {
    for (const [fact, { from }] of Object.entries(TRANSITIONS))
      expect({ fact, from: new Set(from).size }).toEqual({ fact, from: from.length });
  });
});

describe('the order of arrival', () => {
  /** The webhooks of one loan, from its signature to its payment, with a reservation that QI repeats. */
  const HAPPY_PATH: readonly OperationFact[] = [
    'signed',
    'noted',
    'authorization_requested',
    'reservation_waiting',
    'reservation_refused_for_now',
    'reservation_confirmed',
    'noted',
    'disbursed',
  ];

  it('does not matter for the happy path: all 40,320 permutations end disbursed, none contradicts itself', () => {
    let count = 0;
    for (const facts of permutations(HAPPY_PATH)) {
      count += 1;
      let status = INITIAL_STATUS;
      for (const fact of facts) {
        const taken = step(status, fact);
        if (taken.contradiction) throw new Error(`${facts.join()} contradicts itself at ${fact}`);
        status = taken.to;
      }
      if (status !== 'disbursed') throw new Error(`${facts.join()} ends ${status}`);
    }
    expect(count).toBe(40_320);
  });

  it('does not matter for any part of the happy path, with duplicates', () => {
    const progress = fc.array(fc.constantFrom(...HAPPY_PATH), { minLength: 1, maxLength: 12 });
    const shuffled = progress.chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([facts, others]) => {
        expect(after(...others)).toBe(after(...facts));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each<[OperationFact[], OperationStatus]>([
    [['signature_failed', 'signed'], 'signed'],
    [['signed', 'signature_failed'], 'signature_failed'],
    [['reservation_refused_for_now', 'reservation_confirmed'], 'reserved'],
    [['reservation_confirmed', 'reservation_refused_for_now'], 'reserved'],
    [['reservation_refused_for_good', 'reservation_confirmed'], 'reserved'],
    [['reservation_confirmed', 'reservation_refused_for_good'], 'reserved'],
    [['reservation_confirmed', 'disbursement_failed'], 'disbursement_failed'],
    [['disbursement_failed', 'reservation_confirmed'], 'disbursement_failed'],
    [['reservation_confirmed', 'disbursement_failed', 'resubmission_accepted'], 'reserved'],
    [['disbursement_failed', 'resubmission_accepted', 'disbursement_failed'], 'disbursement_failed'],
    [['disbursement_failed', 'resubmitted_unsigned'], 'awaiting_signature'],
    [['disbursement_failed', 'resubmitted_unsigned', 'signed', 'reservation_confirmed'], 'reserved'],
    [['signed', 'disbursement_failed', 'resubmitted_signed'], 'signed'],
    [['disbursement_failed', 'resubmitted_unauthorized'], 'awaiting_authorization'],
    [['disbursement_failed', 'resubmitted_unauthorized', 'authorization_accepted'], 'authorized'],
    [['disbursement_failed', 'resubmitted_authorized', 'authorization_requested'], 'authorized'],
    [
      ['disbursement_failed', 'resubmitted_authorized', 'reservation_refused_for_now'],
      'reservation_retrying',
    ],
    [['disbursement_failed', 'resubmission_accepted', 'disbursed'], 'disbursed'],
    [['disbursement_failed', 'disbursed', 'resubmission_accepted'], 'disbursed'],
    [['reservation_refused_unexplained', 'reservation_refused_for_now'], 'reservation_retrying'],
    [['reservation_refused_for_good', 'reservation_refused_for_now'], 'reservation_failed'],
    [['authorization_requested', 'authorization_accepted', 'authorization_requested'], 'authorized'],
    [['authorization_accepted', 'signed', 'authorization_requested'], 'authorized'],
    [['cancellation_accepted', 'disbursement_failed'], 'canceling'],
    [['cancellation_accepted', 'canceled_permanently'], 'canceled_permanently'],
    [['canceled_permanently', 'reservation_confirmed'], 'canceled_permanently'],
  ])('%j ends %s', (facts, status) => {
    expect(after(...facts)).toBe(status);
  });

  it.each<[OperationFact[], OperationFact]>([
    [['disbursed'], 'canceled_permanently'],
    [['canceled_permanently'], 'disbursed'],
    [['cancellation_accepted'], 'disbursed'],
    [['disbursed'], 'disbursement_failed'],
    [['disbursed'], 'cancellation_accepted'],
    [['authorization_requested'], 'signature_failed'],
    [['reservation_confirmed'], 'reservation_refused_for_good'],
    [['reservation_confirmed'], 'reservation_refused_unexplained'],
    [['disbursed'], 'reservation_refused_unexplained'],
    [['reservation_refused_for_good'], 'reservation_confirmed'],
  ])('after %j a person must look at %s', (facts, fact) => {
    expect(step(after(...facts), fact).contradiction).toBe(true);
  });

  it.each([
    'reservation_terminated',
    'reservation_transferred',
    'reservation_renewed',
    'margin_released',
  ] as const)('moves nothing by %s, which a person must see unless the loan is given up', (fact) => {
    for (const status of OPERATION_STATUSES) {
      const isGivenUp = ['canceling', 'canceled_permanently', 'reservation_failed'].includes(status);
      expect(step(status, fact)).toEqual({
        from: status,
        to: status,
        effect: 'noted',
        contradiction: !isGivenUp,
      });
    }
  });

  const NOT_AUTHORIZED = [
    'awaiting_signature',
    'signature_failed',
    'signed',
    'awaiting_authorization',
  ] as const;
  it('takes a cancelled reservation that was authorized for a refusal that nobody has explained', () => {
    const others: readonly OperationStatus[] = [...NOT_AUTHORIZED, 'disbursement_failed'];
    for (const status of OPERATION_STATUSES.filter((each) => !others.includes(each)))
      expect(step(status, 'reservation_canceled')).toEqual(step(status, 'reservation_refused_unexplained'));
  });

  it('goes on to ask for our authorization where one was cancelled before it, seen by a person', () => {
    for (const status of NOT_AUTHORIZED) {
      const taken = step(status, 'reservation_canceled');
      expect(taken).toEqual({ from: status, to: status, effect: 'noted', contradiction: true });
      expect(step(taken.to, 'authorization_requested').to).toBe('awaiting_authorization');
    }
  });

  it('is not parked before it was authorized, and shows whoever looks that QI has asked anew', () => {
    for (const status of NOT_AUTHORIZED)
      for (const fact of OPERATION_FACTS.filter((each) => !each.startsWith('reservation_refused')))
        expect(step(status, fact).to).not.toBe('parked');
    expect(step('parked', 'authorization_requested')).toMatchObject({ to: 'parked', contradiction: true });
  });

  it.each(['reservation_refused_unexplained', 'reservation_canceled'] as const)(
    'is not paid after %s, unseen, whichever QI tells first: the payment ends the task that tells of it',
    (fact) => {
      expect(step(step('authorized', 'disbursed').to, fact).contradiction).toBe(true);
      expect(step(step('authorized', fact).to, 'disbursed')).toMatchObject({
        to: 'disbursed',
        effect: 'applied',
        contradiction: true,
      });
      expect(step('reserved', 'disbursed').contradiction).toBe(false);
    },
  );

  it('does not let a failed payment be made again on a margin that is gone, unseen', () => {
    expect(step('disbursement_failed', 'reservation_canceled')).toMatchObject({
      to: 'disbursement_failed',
      contradiction: true,
    });
  });

  it('does not take what follows from our own cancellation for a contradiction', () => {
    const told = (fact: OperationFact, command?: LiveCommand) =>
      follow({ status: 'reserved', margin: null, command }, fact).step.contradiction;
    for (const fact of ['reservation_canceled', 'margin_released'] as const) {
      expect(told(fact)).toBe(true);
      expect(told(fact, { action: 'cancel_permanently', status: 'intended' })).toBe(true);
      for (const status of ['sending', 'unknown'] as const)
        expect(told(fact, { action: 'cancel_permanently', status })).toBe(false);
    }
    expect(told('reservation_terminated', { action: 'cancel_permanently', status: 'sending' })).toBe(true);
  });

  it('takes a paid loan back only when all of the money came back', () => {
    const leaving = OPERATION_FACTS.filter((fact) => step('disbursed', fact).to !== 'disbursed');
    expect(leaving).toEqual(['refunded']);
    expect(step('disbursed', 'refunded')).toMatchObject({ to: 'canceled_permanently', contradiction: false });
  });

  it('keeps a final status whatever comes after it, short of the money', () => {
    const anything = fc.array(fc.constantFrom(...OPERATION_FACTS), { maxLength: 20 });
    fc.assert(
      fc.property(anything, fc.constantFrom(...FINAL_STATUSES), anything, (before, end, later) => {
        const ended = after(...before, end as OperationFact);
        expect(isFinal(ended)).toBe(true);
        const since = later.filter((fact) => fact !== 'refunded');
        expect(since.reduce<OperationStatus>((status, fact) => step(status, fact).to, ended)).toBe(ended);
      }),
      { numRuns: 5_000 },
    );
  });
});

const PRIVATE = loanProduct('private_payroll');

test.each<[string, OperationFact]>([
  ['authorized', 'authorization_accepted'],
  ['canceled', 'reservation_canceled'],
  ['terminated', 'reservation_terminated'],
  ['transferred', 'reservation_transferred'],
  ['renewed_reservation', 'reservation_renewed'],
  ['reserved', 'noted'],
  ['settled', 'noted'],
])('a reservation that is said to be %s states %s', (what, fact) => {
  expect(factOf({ kind: 'noted', what }, PRIVATE)).toBe(fact);
});

test('whatever contradicts a loan is told in words, and with what to do', () => {
  for (const status of OPERATION_STATUSES)
    for (const fact of OPERATION_FACTS.filter((each) => step(status, each).contradiction))
      expect(contradictionReason(fact, status).message).toMatch(
        /^A QI informou "[A-ZÀ-Ú][^"_]+" com a operação em "[^"_]+"\. [A-ZÀ-Ú].+\.$/,
      );
});

describe('the fact a webhook states', () => {
  const refused = (...codes: string[]) =>
    factOf(
      { kind: 'reservation_refused', failures: codes.map((code) => ({ code, reason: undefined })) },
      PRIVATE,
    );

  it.each([
    [['margin_exceeded'], 'reservation_refused_for_now'],
    [['monthly_interest_rate_exceeds_active_proposal'], 'reservation_refused_for_now'],
    [['allowed_number_of_contracts_exceeded'], 'reservation_refused_for_good'],
    [['employment_relationship_blocked'], 'reservation_refused_for_good'],
    [['margin_exceeded', 'employment_relationship_blocked'], 'reservation_refused_for_good'],
    [['margin_exceeded', 'dataprev_says_something_new'], 'reservation_refused_unexplained'],
    [['dataprev_says_something_new'], 'reservation_refused_unexplained'],
    [['toString'], 'reservation_refused_unexplained'],
    [[], 'reservation_refused_unexplained'],
  ])('refused for %j is %s', (codes, fact) => {
    expect(refused(...codes)).toBe(fact);
  });

  it('is the kind of every other event', () => {
    expect(factOf({ kind: 'authorization_requested' }, PRIVATE)).toBe('authorization_requested');
    expect(factOf({ kind: 'canceled_permanently' }, PRIVATE)).toBe('canceled_permanently');
    expect(factOf({ kind: 'noted', what: 'reserved' }, PRIVATE)).toBe('noted');
  });

  it('is an authorization when QI calls the reservation authorized', () => {
    expect(factOf({ kind: 'noted', what: 'authorized' }, PRIVATE)).toBe('authorization_accepted');
  });
});
