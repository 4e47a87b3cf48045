import { completedMonths, daysBetween, type CalendarDate } from '../../kernel';
import type { RequestFacts } from '../../policy/domain';
import type { WorkAlert } from './proposal-request';

type LeaveFacts = Pick<RequestFacts, 'running_leave_codes' | 'upcoming_leave_codes' | 'days_until_leave_end'>;
type TerminationFacts = Pick<
  RequestFacts,
  | 'notice_period_running'
  | 'present_job_terminated'
  | 'termination_codes'
  | 'has_past_termination'
  | 'months_since_last_termination'
>;

const UNKNOWN_LEAVES: LeaveFacts = {
  running_leave_codes: undefined,
  upcoming_leave_codes: undefined,
  days_until_leave_end: undefined,
};
const UNKNOWN_TERMINATIONS: TerminationFacts = {
  notice_period_running: undefined,
  present_job_terminated: undefined,
  termination_codes: undefined,
  has_past_termination: undefined,
  months_since_last_termination: undefined,
};

/**
 * What the history of a job says about today. The list is a history: an entry matters by its dates, never by
 * being there. What cannot be placed in time (no list, a type we do not know, a date that could not be read,
 * dates in an impossible order) makes the facts it could change unknown, so that rules on them decline.
 */
export function deriveAlertFacts(
  alerts: readonly WorkAlert[] | undefined,
  admissionDate: CalendarDate | undefined,
  today: CalendarDate,
): LeaveFacts & TerminationFacts {
  const known = alerts?.every(({ type }) => type === 'leave' || type === 'termination') ?? false;
  if (alerts === undefined || !known) return { ...UNKNOWN_LEAVES, ...UNKNOWN_TERMINATIONS };
  const leaves = alerts.filter(({ type }) => type === 'leave');
  const terminations = alerts.filter(({ type }) => type === 'termination');
  return { ...leaveFacts(leaves, today), ...terminationFacts(terminations, admissionDate, today) };
}

type LeavePhase = 'past' | 'running' | 'upcoming' | 'unreadable';

/** A leave that began and has no end is running; its last day still belongs to it. */
function leavePhase(
  { leaveStartDate: start, leaveEndDate: end }: WorkAlert,
  today: CalendarDate,
): LeavePhase {
  if (start === undefined || (end !== undefined && end < start)) return 'unreadable';
  if (start > today) return 'upcoming';
  return end === undefined || end >= today ? 'running' : 'past';
}

function leaveFacts(leaves: readonly WorkAlert[], today: CalendarDate): LeaveFacts {
  const phases = leaves.map((leave) => leavePhase(leave, today));
  if (phases.includes('unreadable')) return UNKNOWN_LEAVES;
  const inPhase = (wanted: LeavePhase): readonly WorkAlert[] =>
    leaves.filter((_, at) => phases[at] === wanted);
  const running = inPhase('running');
  return {
    running_leave_codes: allOrNothing(running.map(({ leaveReasonCode }) => leaveReasonCode)),
    upcoming_leave_codes: allOrNothing(inPhase('upcoming').map(({ leaveReasonCode }) => leaveReasonCode)),
    days_until_leave_end: daysUntilLast(
      running.map(({ leaveEndDate }) => leaveEndDate),
      today,
    ),
  };
}

function daysUntilLast(ends: readonly (CalendarDate | undefined)[], today: CalendarDate): number | undefined {
  const days = ends.map((end) => (end === undefined ? undefined : daysBetween(today, end)));
  return days.reduce<number | undefined>(
    (longest, one) => (longest === undefined || one === undefined ? undefined : Math.max(longest, one)),
    0,
  );
}

/** Codes sorted and without repeats; unknown when one of them is. */
function allOrNothing(codes: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = codes.filter((code) => code !== undefined);
  return known.length === codes.length ? [...new Set(known)].sort() : undefined;
}

type TerminationPhase = 'former_job' | 'announced' | 'undated' | 'effective' | 'unreadable';

/**
 * A termination before the present admission ended a former job; from its date on, one of the present job has
 * ended it; until then it is announced. A notice that still runs without a termination date is undated.
 */
function terminationPhase(
  alert: WorkAlert,
  admissionDate: CalendarDate | undefined,
  today: CalendarDate,
): TerminationPhase {
  const { terminationDate: ended, noticePeriodStartDate: start, noticePeriodEndDate: end } = alert;
  if (start !== undefined && end !== undefined && end < start) return 'unreadable';
  const noticeRuns = end !== undefined && end >= today;
  if (ended === undefined) return noticeRuns ? 'undated' : 'unreadable';
  if (ended > today) return 'announced';
  if (admissionDate === undefined) return 'unreadable';
  if (ended >= admissionDate) return 'effective';
  return noticeRuns ? 'unreadable' : 'former_job';
}

function terminationFacts(
  terminations: readonly WorkAlert[],
  admissionDate: CalendarDate | undefined,
  today: CalendarDate,
): TerminationFacts {
  const phases = terminations.map((alert) => terminationPhase(alert, admissionDate, today));
  if (phases.includes('unreadable')) return UNKNOWN_TERMINATIONS;
  const inPhase = (wanted: TerminationPhase): readonly WorkAlert[] =>
    terminations.filter((_, at) => phases[at] === wanted);

  const [announced, undated, effective] = [inPhase('announced'), inPhase('undated'), inPhase('effective')];
  const ofPresentJob = [...announced, ...undated, ...effective];
  const past = [...inPhase('former_job'), ...effective].flatMap(
    ({ terminationDate }) => terminationDate ?? [],
  );
  const last = past.sort().at(-1);
  const doubt = undated.length > 0;
  const noticeRuns = ofPresentJob.some(({ noticePeriodEndDate: end }) => end !== undefined && end >= today);
  return {
    notice_period_running: noticeRuns || announced.length > 0,
    present_job_terminated: yesNoOrUnknown(effective.length > 0, doubt),
    termination_codes: allOrNothing(ofPresentJob.map(({ terminationReasonCode }) => terminationReasonCode)),
    has_past_termination: yesNoOrUnknown(past.length > 0, doubt),
    months_since_last_termination: last === undefined || doubt ? undefined : completedMonths(last, today),
  };
}

/** What is so stays so; what is not known to be so is "no" only when nothing is in doubt. */
function yesNoOrUnknown(yes: boolean, doubt: boolean): boolean | undefined {
  if (yes) return true;
  return doubt ? undefined : false;
}
