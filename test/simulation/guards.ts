import { ExpireAuctionsService } from '../../src/auction/bidding/expire-auctions.service';
import { AuctionLedger, type DecidedBatch } from '../../src/auction/bidding/ledger';
import * as deadline from '../../src/auction/domain/deadline';
import * as submissionStep from '../../src/auction/domain/submission-step';
import { CommandBook } from '../../src/commands';
import { DebtBook, UNKNOWN_BORROWER } from '../../src/exposure';
import { AuctionSearch } from '../../src/history/auction-search.service';
import { WebhookDispatcher } from '../../src/inbox/webhook-dispatcher.service';
import { WebhookStore } from '../../src/inbox/webhook-store.service';
import * as marginState from '../../src/operation/domain/margin-state';
import { OperationLife } from '../../src/operation/operation-life.service';
import { Standings } from '../../src/exposure/domain/standings';
import { TaskDesk } from '../../src/operation/task-desk.service';
import { FieldCipher } from '../../src/platform';
import * as retrySchedule from '../../src/notifications/domain/retry-schedule';
import * as auctionEnd from '../../src/qi/read-auction-end';
import * as proposalRequest from '../../src/qi/read-proposal-request';
import * as generation from '../../src/recovery/domain/generation';
import { Retention } from '../../src/retention/retention.service';
import { Reconciliation } from '../../src/reconciliation/reconciliation.service';
import type { Invariant } from './auditor';
import { DatabaseNetwork } from './database-network';
import type { FaultKind } from './faults';
import { EMPLOYERS } from './market';
import { LONG, SHORT, type Pace } from './plan';
import { SimulatedWire } from './simulated-wire';

/** A build of the product with one guard taken out, and the promise that must be seen to fail then. */
export interface MissingGuard {
  readonly name: string;
  readonly breaks: Invariant;
  /** What has to go wrong for the guard to matter; nothing, when it always does. */
  readonly faults: readonly FaultKind[];
  /** A short round, where nothing else is said; people need more of it to come to an agreement. */
  readonly pace?: Pace;
  /** One, where nothing else is said. */
  readonly rounds?: number;
  /** @returns what puts it back */
  readonly takeOut: () => () => void;
}

type Work = (...args: never[]) => unknown;

/** Function and method alike: an export of a module, or a method of a class. */
function replaced(holder: object, name: string, by: (real: Work) => Work): () => void {
  const target = holder as Record<string, Work>;
  const real = target[name];
  if (real === undefined) throw new Error(`there is no ${name} to take out`);
  target[name] = function (this: unknown, ...args: never[]) {
    return by((...given) => real.apply(this, given))(...args);
  };
  return () => {
    target[name] = real;
  };
}

type Commit = (batch: DecidedBatch) => Promise<void>;
const withBatch = (change: (batch: DecidedBatch) => Partial<DecidedBatch>) => (): (() => void) =>
  replaced(
    AuctionLedger.prototype,
    'commitDecisions',
    (real) => (batch: DecidedBatch) => (real as unknown as Commit)({ ...batch, ...change(batch) }),
  );
/**
 * In every statement on its way to the database; both have the same length.
 * @throws by what puts it back, where no statement had those words: nothing was taken out
 */
const inStatements = (words: string, others: string) => (): (() => void) => {
  if (words.length !== others.length) throw new Error(`of another length: ${others}`);
  let isMet = false;
  const putBack = replaced(DatabaseNetwork.prototype, 'carry', (real) => (...args: never[]) => {
    const [line, request] = args as unknown as [never, Buffer];
    const text = request.toString('latin1');
    isMet ||= text.includes(words);
    return real(line, Buffer.from(text.replaceAll(words, others), 'latin1') as never);
  });
  return () => {
    putBack();
    if (!isMet) throw new Error(`no statement has these words: ${words}`);
  };
};
const never = (): Promise<undefined> => Promise.resolve(undefined);
const LATER_MS = 90_000;

export const MISSING_GUARDS: readonly MissingGuard[] = [
  {
    name: 'the limit is read a minute and a half too late',
    breaks: 'no_bid_after_its_limit',
    faults: ['webhooks_late'],
    takeOut: () =>
      replaced(deadline, 'readDeadline', (real) => (...args: never[]) => {
        const read = real(...args) as ReturnType<typeof deadline.readDeadline>;
        return read.kind === 'deadline'
          ? { ...read, limitAt: new Date(read.limitAt.getTime() + LATER_MS) }
          : read;
      }),
  },
  {
    name: 'a bid without an answer is taken for one that was refused',
    breaks: 'one_live_bid',
    faults: ['qi_resets'],
    takeOut: () =>
      replaced(submissionStep, 'nextSubmissionStep', () => () => ({ kind: 'rejected', refit: true })),
  },
  {
    name: 'a bid without an answer is sent again as it was',
    breaks: 'one_live_bid',
    faults: ['qi_resets'],
    takeOut: () =>
      replaced(submissionStep, 'nextSubmissionStep', (real) => (...args: never[]) => {
        const [answer, attempt, unclear, rules] = args as unknown as Parameters<
          typeof submissionStep.nextSubmissionStep
        >;
        return real(...([answer, attempt, unclear, { ...rules, repeatUnknown: true }] as unknown as never[]));
      }),
  },
  {
    name: 'decisions are not written with their bids',
    breaks: 'no_bid_without_decision',
    faults: [],
    takeOut: withBatch(() => ({ decisions: [] })),
  },
  {
    name: 'a decision is kept with the hash of another one',
    breaks: 'decisions_come_out_again',
    faults: [],
    takeOut: withBatch(({ decisions }) => ({
      decisions: decisions.map((row) => ({ ...row, output_sha256: '0'.repeat(64) })),
    })),
  },
  {
    name: 'a webhook is acknowledged before it is on disk',
    breaks: 'acknowledged_is_applied_once',
    faults: [],
    takeOut: () =>
      replaced(WebhookStore.prototype, 'store', () => () => Promise.resolve({ kind: 'duplicate' })),
  },
  {
    name: 'a request for a loan of one employer is unclear',
    breaks: 'acknowledged_is_applied_once',
    faults: [],
    takeOut: () =>
      replaced(proposalRequest, 'readProposalRequest', (real) => (...args: never[]) => {
        const read = real(...args) as ReturnType<typeof proposalRequest.readProposalRequest>;
        const isOfOne = read.kind === 'read' && read.request.employer.documentNumber === EMPLOYERS[0];
        return isOfOne ? { kind: 'unreadable', code: 'content_unclear' } : read;
      }),
  },
  {
    name: 'auctions do not expire, and nobody asks for what did not come',
    breaks: 'everything_ends',
    faults: ['webhooks_lost'],
    takeOut: () => {
      const back = [
        replaced(ExpireAuctionsService.prototype, 'expire', () => never),
        replaced(Reconciliation.prototype, 'run', () => never),
      ];
      return () => {
        for (const one of back) one();
      };
    },
  },
  {
    name: 'what is told of the margin of a servant is noted and changes nothing',
    breaks: 'everything_ends',
    faults: [],
    takeOut: () =>
      replaced(marginState, 'stepMargin', (real) => (...args: never[]) => {
        const step = real(...args) as ReturnType<typeof marginState.stepMargin>;
        return { ...step, to: step.from, effect: 'noted' };
      }),
  },
  {
    name: 'that a loan without an auction was paid is noted and changes nothing',
    breaks: 'everything_ends',
    faults: [],
    takeOut: () =>
      replaced(OperationLife.prototype, 'advance', (real) => (...args: never[]) => {
        const [tx, operation, fact, record] = args as unknown as [never, { product: string }, string, never];
        const isNoted = fact === 'disbursed' && operation.product !== 'private_payroll';
        return real(tx, operation as never, (isNoted ? 'noted' : fact) as never, record);
      }),
  },
  {
    name: 'what a loan waits for is asked of nobody',
    breaks: 'everything_ends',
    faults: [],
    pace: LONG,
    takeOut: () => replaced(TaskDesk.prototype, 'open', () => never),
  },
  {
    name: 'counters of limits are not raised with the bids',
    breaks: 'exposure_is_its_sum',
    faults: [],
    takeOut: withBatch(() => ({ counters: [] })),
  },
  {
    name: 'bids are counted under no limit',
    breaks: 'exposure_is_its_sum',
    faults: [],
    pace: LONG,
    takeOut: () => {
      const back = [
        replaced(Standings.prototype, 'reachedBy', () => () => []),
        withBatch(({ counters }) => ({ counters: counters.map((one) => ({ ...one, cap: undefined })) }))(),
      ];
      return () => {
        for (const one of back) one();
      };
    },
  },
  {
    name: 'loans without an auction are counted under no limit',
    breaks: 'exposure_is_its_sum',
    faults: [],
    pace: { ...LONG, lastCalm: 0 },
    rounds: 4,
    takeOut: () => {
      const back = [
        replaced(DebtBook.prototype, 'standingOf', (real) => async (...args: never[]) => ({
          ...((await real(...args)) as object),
          used: UNKNOWN_BORROWER.used,
        })),
        replaced(DebtBook.prototype, 'reserve', (real) => (...args: never[]) => {
          const [tx, debt] = args;
          return real(...([tx, debt, {}] as never[]));
        }),
      ];
      return () => {
        for (const one of back) one();
      };
    },
  },
  {
    name: 'the client to QI repeats calls by itself',
    breaks: 'commands_take_effect_once',
    faults: [],
    takeOut: () =>
      replaced(SimulatedWire.prototype, 'exchange', (real) => async (...args: never[]) => {
        await real(...args);
        return real(...args);
      }),
  },
  {
    name: 'what two people have agreed to is sent at once',
    breaks: 'canceled_by_two',
    faults: [],
    pace: LONG,
    takeOut: () =>
      replaced(CommandBook.prototype, 'intend', (real) => (...args: never[]) => {
        const [tx, command] = args as unknown as [never, object];
        return real(tx, { ...command, waitMs: 0 } as never);
      }),
  },
  {
    name: 'nobody looks at the kill switch',
    breaks: 'no_bid_while_stopped',
    faults: [],
    pace: LONG,
    takeOut: inStatements('kill_switch WHERE engaged', 'kill_switch WHERE false  '),
  },
  {
    name: 'nobody asks which policy is in force when a decision is written',
    breaks: 'no_bid_against_policy',
    faults: ['pause', 'database_slow'],
    pace: { ...LONG, mostGroups: 60, lastCalm: 0 },
    takeOut: inStatements("state = 'active' AND hash = ANY", "state = 'active' OR  hash = ANY"),
  },
  {
    name: 'nobody notices that the database is an older one',
    breaks: 'our_wins_are_theirs',
    faults: ['older_database'],
    pace: LONG,
    takeOut: () => replaced(generation, 'signOfRestore', () => () => undefined),
  },
  {
    name: 'a win is read as a loss',
    breaks: 'our_wins_are_theirs',
    faults: [],
    takeOut: () =>
      replaced(auctionEnd, 'readAuctionEnd', (real) => (...args: never[]) => {
        const read = real(...args) as ReturnType<typeof auctionEnd.readAuctionEnd>;
        return read.kind === 'read' ? { ...read, end: { ...read.end, outcome: 'lost' } } : read;
      }),
  },
  {
    name: 'figures do not follow the ends of auctions',
    breaks: 'figures_are_a_recount',
    faults: [],
    takeOut: inStatements('f.status IS DISTINCT FROM a.status', 'f.status IS DISTINCT FROM f.status'),
  },
  {
    name: 'a file ends with its first page',
    breaks: 'files_are_whole',
    faults: [],
    pace: { ...LONG, lastCalm: 0 },
    rounds: 2,
    takeOut: () =>
      replaced(AuctionSearch.prototype, 'page', (real) => async (...args: never[]) => ({
        ...((await real(...args)) as object),
        next_cursor: null,
      })),
  },
  {
    name: 'what a partner does not take is given up',
    breaks: 'whoever_listens_is_told',
    faults: [],
    takeOut: () => replaced(retrySchedule, 'waitAfter', () => () => undefined),
  },
  {
    name: 'webhooks are stored as they come',
    breaks: 'personal_data_is_hidden',
    faults: [],
    takeOut: () =>
      replaced(FieldCipher.prototype, 'encrypt', (real) => (...args: never[]) => {
        const [plain, column] = args as unknown as [Buffer, string];
        const sealed = real(...args) as object;
        return column === 'webhook_event.raw_ciphertext' ? { ...sealed, ciphertext: plain } : sealed;
      }),
  },
  {
    name: 'nobody erases what is due',
    breaks: 'what_is_due_is_erased',
    faults: [],
    pace: { ...SHORT, restHours: [40 * 24] },
    rounds: 2,
    takeOut: () => replaced(Retention.prototype, 'runIfDue', () => never),
  },
  {
    name: 'the record of a deed is another than what was sealed',
    breaks: 'audit_trail_holds',
    faults: [],
    takeOut: inStatements('actor, action, subject', 'subject, action, actor'),
  },
  {
    name: 'nobody takes up what a dead process left',
    breaks: 'nothing_is_forgotten',
    faults: ['crash', 'crash_after_statement'],
    takeOut: () => {
      const back = [
        replaced(AuctionLedger.prototype, 'claim', () => () => Promise.resolve([])),
        replaced(WebhookDispatcher.prototype, 'take', () => () => undefined),
      ];
      return () => {
        for (const one of back) one();
      };
    },
  },
  {
    name: 'commands that are due are never taken',
    breaks: 'nothing_is_forgotten',
    faults: [],
    pace: LONG,
    takeOut: inStatements(
      "'intended', 'sending', 'unknown') AND NOT (status",
      "'nothing_', 'nowhere', 'nothing') AND NOT (status",
    ),
  },
  {
    name: 'what is decided is written five seconds later',
    breaks: 'decided_in_time',
    faults: [],
    pace: LONG,
    takeOut: () =>
      replaced(AuctionLedger.prototype, 'commitDecisions', (real) => async (...args: never[]) => {
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        return real(...args);
      }),
  },
  {
    name: 'the server bears a silent transaction for ever',
    breaks: 'nothing_is_forgotten',
    faults: ['pause_in_transaction'],
    takeOut: () => replaced(DatabaseNetwork.prototype, 'watchSilence', () => () => undefined),
  },
  {
    name: 'a reader throws at what it does not know',
    breaks: 'no_exception',
    faults: [],
    takeOut: () =>
      replaced(proposalRequest, 'readProposalRequest', () => () => {
        throw new TypeError('not expected');
      }),
  },
];
