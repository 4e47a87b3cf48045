import { randomUUID } from 'node:crypto';
import type { Proposal, SubmissionAnswer } from '../auction/domain';
import { firstDueDate } from '../decision/domain';
import { calendarDateAt, Decimal } from '../kernel';
import type { SimulationDifference } from '../pricing/domain';
import type { QiExchange, QiLine } from '../qi';
import { callTimeoutMs, type StepContext, type OpenedAuction } from './step';
import { readSimulation, type Finding, type LoanReading } from './domain';
import { isTaken, wordsOf } from './exchange-words';
import { ASKED } from './open-auction';

const RATE = new Decimal('0.0249');

export type AcceptedAnswer = Extract<SubmissionAnswer, { kind: 'accepted' }>;

export function proposalFor(context: StepContext, { request }: OpenedAuction, rate = RATE): Proposal {
  return {
    issuerProposalRequestKey: request.key,
    requestControlKey: randomUUID(),
    amount: { kind: 'disbursed_issue_amount', value: ASKED.amount },
    monthlyInterestRate: rate,
    numberOfInstallments: ASKED.installments,
    purchaserDocumentNumber: context.options.purchaserDocumentNumber,
    daysToExpiration: 1,
    rebates: [],
  };
}

export function handIn({ clock }: StepContext, line: QiLine, proposal: Proposal): Promise<QiExchange> {
  const until = new Date(clock.now().getTime() + callTimeoutMs);
  return line.proposals.exchange(proposal, { until, refusal: () => undefined });
}

/** The first proposal: whether it is taken, and whether QI's figures for it are ours. */
export function judgeFirst(
  context: StepContext,
  line: QiLine,
  exchange: QiExchange,
): { readonly findings: readonly Finding[]; readonly accepted: AcceptedAnswer | undefined } {
  const answer = line.proposals.read(exchange);
  if (answer.kind !== 'accepted') {
    return {
      accepted: undefined,
      findings: [{ question: 'first_proposal', answer: `not accepted: ${wordsOf(exchange)}`, evidence: [] }],
    };
  }
  const rank =
    answer.rankPosition === undefined ? 'no rank_position' : `rank_position ${answer.rankPosition}`;
  const evidence = [
    rank,
    answer.auctionProposalKey === undefined ? 'no auction_proposal_key' : 'with auction_proposal_key',
  ];
  return {
    accepted: answer,
    findings: [
      { question: 'first_proposal', answer: `accepted, HTTP ${answer.httpStatus}`, evidence },
      judgeSimulation(context, answer),
    ],
  };
}

function judgeSimulation(
  { clock, programme, pricing }: StepContext,
  { simulation }: AcceptedAnswer,
): Finding {
  const question = 'simulation';
  const disbursementDate = calendarDateAt(clock.now());
  const dueDate = firstDueDate(disbursementDate, programme.payrollRules);
  if (simulation === undefined) return { question, answer: 'QI sends no figures', evidence: [] };
  if (dueDate === undefined)
    return { question, answer: 'no payroll rule of ours covers today', evidence: [] };
  const ours: LoanReading = { interestBase: programme.interestBase, firstDueDate: dueDate };
  const loan = {
    disbursedIssueAmount: ASKED.amount,
    monthlyInterestRate: RATE,
    numberOfInstallments: ASKED.installments,
    disbursementDate,
    contractFees: programme.contractFees,
  };
  const found = readSimulation(loan, simulation, ours, pricing);
  const evidence = [`our reading: ${inWords(ours)}`];
  switch (found.kind) {
    case 'equal':
      return { question, answer: 'equal to ours', evidence: [...evidence, ...found.roundings.map(asLine)] };
    case 'another_reading':
      return {
        question,
        answer: `equal to ours with ${found.readings.map(inWords).join(' or ')}`,
        evidence,
        advice: `config/programme.json: QI's figures come out with ${found.readings.map(inWords).join(' or ')}.`,
      };
    case 'no_reading':
      return {
        question,
        answer: 'different from ours',
        evidence: [...evidence, ...found.differences.map(asLine)],
        advice:
          "QI's figures are not ours under any interest base or first due date: do not bid before this is understood.",
      };
  }
}

function asLine({ field, ours, theirs }: SimulationDifference): string {
  return `${field}: QI ${theirs.toFixed()}, we ${ours.toFixed()}`;
}

function inWords({ interestBase, firstDueDate: due }: LoanReading): string {
  return `${interestBase}, first due ${due}`;
}

/** The same bytes again. */
export function judgeRepetition(line: QiLine, first: AcceptedAnswer, exchange: QiExchange): Finding {
  const question = 'repeated_control_key';
  const evidence = [wordsOf(exchange)];
  const never = { QI_REPEAT_UNKNOWN: 'never' };
  if (!isTaken(exchange))
    return { question, answer: `refused: ${wordsOf(exchange)}`, evidence, settings: never };
  const answer = line.proposals.read(exchange);
  const key = answer.kind === 'accepted' ? answer.auctionProposalKey : undefined;
  if (key === undefined || first.auctionProposalKey === undefined)
    return { question, answer: 'taken, and no key tells as what', evidence, settings: never };
  if (key === first.auctionProposalKey)
    return { question, answer: 'idempotent', evidence, settings: { QI_REPEAT_UNKNOWN: 'same_key' } };
  return {
    question,
    answer: 'becomes a second proposal',
    evidence,
    settings: never,
    advice: 'A repeated proposal counts twice at QI: leave QI_REPEAT_UNKNOWN at never.',
  };
}

/** Another key while the first proposal is live. */
export function judgeSecond(exchange: QiExchange): Finding {
  const question = 'second_proposal';
  if (!isTaken(exchange)) return { question, answer: `refused: ${wordsOf(exchange)}`, evidence: [] };
  return {
    question,
    answer: 'accepted beside the first',
    evidence: [wordsOf(exchange)],
    advice: 'QI keeps two proposals of ours for one request: only our own records prevent it.',
  };
}

/** An instalment that the margin cannot bear. */
export function judgeMargin(line: QiLine, exchange: QiExchange): Finding {
  const question = 'margin_refusal';
  const answer = line.proposals.read(exchange);
  const evidence = [wordsOf(exchange)];
  if (answer.kind === 'rejected' && answer.why === 'margin')
    return { question, answer: 'recognised', evidence };
  if (answer.kind === 'accepted') return { question, answer: 'not refused at all', evidence };
  return {
    question,
    answer: 'refused in other words',
    evidence,
    advice:
      'A refusal on the margin is not recognised, so no smaller bid follows it: the words are in the findings.',
  };
}
