import type { MarginStatus } from './margin-state';
import type { OperationStatus } from './operation-state';
import { tasksEndedBy, type TaskKind } from './task';

type Standing = readonly [OperationStatus, (MarginStatus | null)?];

const ABOUT_MARGIN: readonly TaskKind[] = ['reservation_unexplained', 'margin_unsettled'];
const ABOUT_COMMANDS: readonly TaskKind[] = ['command_rejected', 'command_unknown'];
const WATCHED: readonly TaskKind[] = [
  ...ABOUT_MARGIN,
  ...ABOUT_COMMANDS,
  'disbursement_failed',
  'unlinked_operation',
  'contradiction',
];
const CLOSABLE = WATCHED.filter((kind) => kind !== 'contradiction');

/** Of those above, the ones that end. */
function ended(from: Standing, to: Standing): readonly TaskKind[] {
  const [before, after] = [from, to].map(([status, margin = null]) => ({ status, margin }));
  if (before === undefined || after === undefined) return [];
  const tasks = tasksEndedBy(before, after);
  return WATCHED.filter((kind) => tasks.includes(kind));
}

it.each<[name: string, from: Standing, to: Standing, tasks: readonly TaskKind[]]>([
  // Its reversal was refused, or nobody knows what became of it.
  ['a paid loan is told anything more', ['disbursed'], ['disbursed'], []],
  ['the same with a margin of its own', ['disbursed', 'held'], ['disbursed', 'held'], []],
  ['the same while the margin is waited for', ['disbursed', 'not_asked'], ['disbursed', 'not_asked'], []],
  ['its margin is held at last', ['disbursed', 'not_asked'], ['disbursed', 'held'], ABOUT_MARGIN],
  ['a loan gone for good is told anything more', ['canceled_permanently'], ['canceled_permanently'], []],
  [
    'the contract ends and its margin does not',
    ['reserved', 'held'],
    ['canceled_permanently', 'held'],
    [...ABOUT_COMMANDS, 'disbursement_failed', 'unlinked_operation'],
  ],
  ['its margin ends too', ['canceled_permanently', 'held'], ['canceled_permanently', 'released'], CLOSABLE],
  [
    'a loan closes because its margin was refused',
    ['reservation_failed', 'pending_consent'],
    ['reservation_failed', 'refused'],
    CLOSABLE,
  ],
  [
    'a loan is paid',
    ['reserved'],
    ['disbursed'],
    [...ABOUT_MARGIN, ...ABOUT_COMMANDS, 'disbursement_failed'],
  ],
  [
    'the money of a paid one is back',
    ['disbursed'],
    ['canceled_permanently'],
    [...ABOUT_COMMANDS, 'disbursement_failed', 'unlinked_operation'],
  ],
])('what ends when %s', (_, from, to, tasks) => {
  expect(ended(from, to)).toEqual(tasks);
});
