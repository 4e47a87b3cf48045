import fc from 'fast-check';
import { follow } from './consequences';
import { INITIAL_MARGIN, isMarginBound, MARGIN_STATUSES, type MarginStatus } from './margin-state';
import { nextStep } from './next-step';
import { actionsIn, consequenceOf } from './operation-action';
import {
  INITIAL_STATUS,
  OPERATION_FACTS,
  OPERATION_STATUSES,
  type OperationFact,
  type OperationStatus,
} from './operation-state';
import { loanProduct } from './products';
import {
  isClosed,
  isPaidAllTheSame,
  outlivesCancellation,
  putsAtRisk,
  stepBoth,
  type Endings,
} from './two-endings';

const START: Endings = { status: INITIAL_STATUS, margin: INITIAL_MARGIN };
const next = (endings: Endings, fact: OperationFact): Endings => {
  const { contract, margin } = stepBoth(endings, fact);
  return { status: contract.to, margin: margin?.to ?? null };
};
const after = (...facts: OperationFact[]): Endings => facts.reduce(next, START);

describe('contract and margin', () => {
  it.each<[OperationFact[], OperationStatus, MarginStatus, boolean]>([
    [['consent_pending'], 'awaiting_signature', 'pending_consent', false],
    // Reserved at creation: consent may come before the signature, which is still waited for.
    [['consent_pending', 'reservation_confirmed'], 'awaiting_signature', 'held', false],
    [['reservation_confirmed', 'signed'], 'reserved', 'held', false],
    [['signed', 'reservation_confirmed'], 'reserved', 'held', false],
    [['signed', 'reservation_confirmed', 'disbursed'], 'disbursed', 'held', true],
    [['signed', 'disbursed'], 'disbursed', 'not_asked', false],
    [['signed', 'disbursed', 'reservation_confirmed'], 'disbursed', 'held', true],
    [['signed', 'reservation_refused_for_now', 'consent_pending'], 'signed', 'pending_consent', false],
    [['consent_pending', 'reservation_refused_for_now'], 'awaiting_signature', 'pending_consent', false],
    [['signed', 'reservation_refused_for_good'], 'reservation_failed', 'refused', true],
    [['reservation_refused_for_good', 'consent_pending'], 'reservation_failed', 'refused', true],
    // QI cancels the contract, and has not said why, or what of the margin.
    [['signed', 'canceled_unsecured'], 'reservation_failed', 'not_asked', false],
    [['consent_pending', 'canceled_unsecured'], 'reservation_failed', 'pending_consent', false],
    [
      ['canceled_unsecured', 'consent_pending', 'reservation_refused_for_good'],
      'reservation_failed',
      'refused',
      true,
    ],
    [['signed', 'reservation_refused_unexplained'], 'signed', 'unexplained', false],
    [
      ['signed', 'reservation_refused_unexplained', 'canceled_unsecured'],
      'reservation_failed',
      'unexplained',
      false,
    ],
    // A cancellation cannot take the question back: the margin ends with the servant's answer.
    [
      ['consent_pending', 'canceled_permanently', 'deletion_pending'],
      'canceled_permanently',
      'pending_consent_with_deletion',
      false,
    ],
    [['deletion_pending', 'consent_pending'], 'awaiting_signature', 'pending_consent_with_deletion', false],
    [
      ['deletion_pending', 'canceled_permanently', 'margin_released'],
      'canceled_permanently',
      'released',
      true,
    ],
    [
      ['deletion_pending', 'canceled_permanently', 'reservation_refused_for_good'],
      'canceled_permanently',
      'refused',
      true,
    ],
    [
      ['deletion_pending', 'canceled_permanently', 'reservation_confirmed'],
      'canceled_permanently',
      'held',
      false,
    ],
    [['canceled_permanently'], 'canceled_permanently', 'not_asked', true],
    [['canceled_permanently', 'consent_pending'], 'canceled_permanently', 'pending_consent', false],
    [
      ['signed', 'reservation_confirmed', 'disbursement_failed', 'resubmission_accepted'],
      'reserved',
      'held',
      false,
    ],
    [['signed', 'disbursement_failed', 'resubmitted_signed'], 'signed', 'not_asked', false],
    [
      ['signed', 'disbursement_failed', 'reservation_confirmed', 'resubmitted_signed'],
      'reserved',
      'held',
      false,
    ],
    [
      ['reservation_confirmed', 'disbursement_failed', 'resubmitted_unsigned'],
      'awaiting_signature',
      'held',
      false,
    ],
    [
      ['reservation_confirmed', 'disbursement_failed', 'resubmitted_unsigned', 'signed'],
      'reserved',
      'held',
      false,
    ],
  ])('after %j: %s and %s, closed: %s', (facts, status, margin, closed) => {
    expect(after(...facts)).toEqual({ status, margin });
    expect(isClosed({ status, margin })).toBe(closed);
  });

  it('are closed only when nothing is bound that was not paid for, whatever is heard', () => {
    const heard = fc.array(fc.constantFrom(...OPERATION_FACTS), { maxLength: 12 });
    fc.assert(
      fc.property(heard, (facts) => {
        const endings = after(...facts);
        const isOpen = !isClosed(endings) || endings.status === 'disbursed' || !isMarginBound(endings.margin);
        expect(isOpen && endings.margin !== null).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('are one where the guarantee is part of the contract’s life', () => {
    for (const fact of OPERATION_FACTS)
      expect(stepBoth({ status: 'signed', margin: null }, fact).margin).toBeUndefined();
    expect(isClosed({ status: 'reservation_failed', margin: null })).toBe(false);
  });

  it.each<[OperationFact[], OperationFact, boolean]>([
    [['reservation_refused_for_good'], 'reservation_confirmed', true],
    [['reservation_confirmed'], 'reservation_refused_for_good', true],
    [['signed', 'reservation_confirmed', 'disbursed'], 'margin_released', true],
    [['margin_released'], 'reservation_confirmed', true],
    [['canceled_permanently', 'margin_released'], 'reservation_confirmed', false],
    [['signed', 'reservation_confirmed'], 'consent_pending', false],
    [['signed', 'reservation_confirmed'], 'margin_released', false],
    [['signed'], 'margin_released', false],
  ])('after %j, %s contradicts: %s', (facts, fact, contradiction) => {
    expect(stepBoth(after(...facts), fact).contract.contradiction).toBe(contradiction);
  });
});

it.each<[OperationFact[], OperationFact, boolean]>([
  [['signed', 'deletion_pending'], 'reservation_confirmed', true],
  [['deletion_pending'], 'reservation_confirmed', true],
  [['signed', 'consent_pending'], 'reservation_confirmed', false],
  [['signed', 'deletion_pending'], 'margin_released', false],
  // It was cancelled after all, or waits for people already.
  [['deletion_pending', 'cancellation_accepted'], 'reservation_confirmed', false],
  [['deletion_pending', 'canceled_permanently'], 'reservation_confirmed', false],
  [['deletion_pending', 'disbursement_failed'], 'reservation_confirmed', false],
  [['signed', 'deletion_pending', 'disbursed'], 'reservation_confirmed', false],
  [['signed', 'deletion_pending', 'reservation_refused_unexplained'], 'reservation_confirmed', false],
])('after %j, %s says that it outlives its cancellation: %s', (facts, fact, outlives) => {
  expect(outlivesCancellation(after(...facts), after(...facts, fact), false)).toBe(outlives);
});

it.each<[OperationFact[], OperationFact, boolean]>([
  [['signed', 'deletion_pending', 'reservation_refused_unexplained'], 'reservation_confirmed', true],
  [['signed', 'consent_pending'], 'reservation_confirmed', true],
  [['signed', 'reservation_refused_for_now'], 'reservation_confirmed', true],
  [['signed', 'reservation_confirmed'], 'reservation_confirmed', false],
  [['signed', 'disbursement_failed'], 'reservation_confirmed', false],
])('after %j and a cancellation that QI refused, %s: it outlives it: %s', (facts, fact, outlives) => {
  expect(outlivesCancellation(after(...facts), after(...facts, fact), true)).toBe(outlives);
});

it.each<[OperationFact[], wanted: boolean, OperationFact, boolean]>([
  [['signed', 'deletion_pending'], false, 'disbursed', true],
  [['signed', 'deletion_pending', 'reservation_confirmed'], true, 'disbursed', true],
  [['signed', 'deletion_pending', 'reservation_confirmed'], false, 'disbursed', false],
  [['signed', 'reservation_confirmed'], true, 'reservation_confirmed', false],
  // It contradicts already, or was told before.
  [['signed', 'deletion_pending', 'cancellation_accepted'], true, 'disbursed', false],
  [['canceled_permanently'], true, 'disbursed', false],
  [['disbursed'], true, 'disbursed', false],
])(
  'after %j, its cancellation wanted: %s, %s is a payment all the same: %s',
  (facts, wanted, fact, isPaid) => {
    expect(isPaidAllTheSame(after(...facts), after(...facts, fact), wanted)).toBe(isPaid);
  },
);

describe('what was no more at risk, and is again', () => {
  const marginsOf = (product: string): readonly (MarginStatus | null)[] =>
    loanProduct(product).hasMarginOfItsOwn ? MARGIN_STATUSES : [null];
  /** Every step of the product's loans, wherever they stand, that counts them nowhere before and at risk after. */
  const comingBack = (product: string): readonly string[] =>
    OPERATION_STATUSES.flatMap((status) =>
      marginsOf(product).flatMap((margin) =>
        OPERATION_FACTS.flatMap((fact) => {
          const { step: taken, ...also } = follow({ status, margin, command: undefined }, fact);
          const isAgain =
            !putsAtRisk({ status, margin }) &&
            putsAtRisk({ status: taken.to, margin: also.margin?.to ?? null });
          expect(also.comesBack).toBe(isAgain);
          if (!isAgain) return [];
          expect(taken.effect).toBe('applied');
          return [
            `${status} ${String(margin)} > ${fact} > ${taken.to}${taken.contradiction ? ', told' : ''}`,
          ];
        }),
      ),
    );

  it.each(['private_payroll', 'fgts'])(
    'is nothing of %s: what is gone for good there stays so',
    (product) => {
      expect(comingBack(product)).toEqual([]);
    },
  );

  it('is a SIAPE loan that was closed unpaid, told to people where the money or the margin is out', () => {
    expect(comingBack('federal_payroll')).toEqual([
      'reservation_failed refused > reservation_confirmed > reservation_failed, told',
      'reservation_failed refused > disbursement_failed > disbursement_failed',
      'reservation_failed refused > disbursed > disbursed, told',
      'reservation_failed refused > cancellation_accepted > canceling',
      'reservation_failed released > disbursement_failed > disbursement_failed',
      'reservation_failed released > disbursed > disbursed, told',
      'reservation_failed released > cancellation_accepted > canceling',
    ]);
  });

  it.each(['private_payroll', 'fgts', 'federal_payroll'])(
    'or not: that %s is paid without its guarantee people see, whichever QI tells first',
    (product) => {
      const isSeen = (start: Endings, first: OperationFact, second: OperationFact): boolean =>
        [
          follow({ ...start, command: undefined }, first),
          follow({ ...next(start, first), command: undefined }, second),
        ].some(({ step: taken }) => taken.contradiction);
      for (const margin of marginsOf(product))
        for (const gone of [
          'reservation_refused_for_good',
          'canceled_unsecured',
          'margin_released',
        ] as const) {
          expect(isSeen({ status: 'signed', margin }, gone, 'disbursed')).toBe(true);
          expect(isSeen({ status: 'signed', margin }, 'disbursed', gone)).toBe(true);
        }
    },
  );
});

it('that a paid loan has no margin is told beside that QI was cancelling it, and not where its reservation had failed', () => {
  const paid = (status: OperationStatus) => {
    const standing = { status, margin: 'released', command: undefined } as const;
    const { contradicts, isPaidUnsecured } = follow(standing, 'disbursed');
    return { contradicts, isPaidUnsecured };
  };
  expect(paid('reserved')).toEqual({ contradicts: false, isPaidUnsecured: true });
  expect(paid('canceling')).toEqual({ contradicts: true, isPaidUnsecured: true });
  expect(paid('reservation_failed')).toEqual({ contradicts: true, isPaidUnsecured: false });
});

describe('what people may do about it', () => {
  const federal = loanProduct('federal_payroll');
  const cancels = (status: OperationStatus, margin: MarginStatus) =>
    actionsIn({ status, margin }, federal).includes('cancel_permanently');

  it('cancels once while the servant has not answered, and again only when they have (T-42)', () => {
    expect(cancels('signed', 'pending_consent')).toBe(true);
    expect(cancels('signed', 'pending_consent_with_deletion')).toBe(false);
    expect(cancels('signed', 'released')).toBe(true);
    expect(cancels('reservation_failed', 'refused')).toBe(false);
  });

  it('cancels again what should have ended by now', () => {
    const again = (status: OperationStatus, margin: MarginStatus) =>
      actionsIn({ status, margin }, federal, true).includes('cancel_permanently');
    expect(again('signed', 'pending_consent_with_deletion')).toBe(true);
    expect(cancels('canceling', 'held')).toBe(false);
    expect(again('canceling', 'held')).toBe(true);
    expect(again('canceled_permanently', 'pending_consent_with_deletion')).toBe(false);
    expect(again('disbursed', 'not_asked')).toBe(false);
  });

  it('is told that a cancellation does not free the margin before the answer', () => {
    expect(consequenceOf('cancel_permanently', { margin: 'pending_consent' })).toContain('SouGov.br');
    expect(consequenceOf('cancel_permanently', { margin: 'held' })).not.toContain('SouGov.br');
  });

  it('is said in words wherever contract and margin stand', () => {
    for (const status of OPERATION_STATUSES)
      for (const margin of MARGIN_STATUSES)
        for (const isConsentOver of [false, true])
          expect(nextStep({ status, margin }, isConsentOver)).toMatch(/^[A-ZÀ-Ú].{10,}\.$/);
  });

  it('is not nothing where the margin of a paid loan is gone', () => {
    expect(nextStep({ status: 'disbursed', margin: 'held' })).toBe('Nada a fazer: pago e averbado.');
    expect(nextStep({ status: 'disbursed', margin: 'released' })).toMatch(
      /margem foi liberada.*conferir com a QI/,
    );
  });
});
