import { randomBytes } from 'node:crypto';
import { readDeadline, type Deadline, type ProposalRequest } from '../auction/domain';
import { HOUR_MS, addDays, addMonths, calendarDateAt, Decimal, stringifyJson } from '../kernel';
import { readProposalRequest, WEBHOOK_TYPES, type QiLine } from '../qi';
import { callTimeoutMs, lineOf, type StepContext, type OpenedAuction, type StepResult } from './step';
import { PRINTED_MEMBERS, variantsOf, type Finding } from './domain';
import { isTaken, wordsOf } from './exchange-words';
import type { ReceivedWebhook } from './received-webhook';

/** Nobody's: the CPF that everybody's examples use. */
const CPF_OF_EXAMPLES = '52998224725';
const EMPLOYER_ROOT = '32402502';
const LONGEST_WINDOW_MS = HOUR_MS;

export const ASKED = { amount: new Decimal(2_000), installments: 12 } as const;

/** Opens a mock auction and waits for its webhook. `margin` is the highest instalment the borrower could bear. */
export async function openAuction(
  context: StepContext,
  line: QiLine,
  margin: Decimal,
): Promise<OpenedAuction | { readonly stop: string }> {
  const today = calendarDateAt(context.clock.now());
  const registration = `CONF${randomBytes(5).toString('hex')}`;
  const exchange = await line.client.exchange({
    method: 'POST',
    path: ['mock', 'private_payroll_auction', 'issuer_proposal_request'],
    body: {
      document_number: CPF_OF_EXAMPLES,
      name: 'Pessoa Ficticia da Conformidade',
      birth_date: addMonths(today, -12 * 40),
      admission_date: addDays(addMonths(today, -12 * 5), 1),
      issuer_registration_number: registration,
      employer_document_type: 'cnpj',
      employer_document_number: EMPLOYER_ROOT,
      disbursed_issue_amount: ASKED.amount,
      number_of_installments: new Decimal(ASKED.installments),
      consigned_credit_balance: margin,
    },
    timeoutMs: callTimeoutMs,
  });
  if (!isTaken(exchange)) return { stop: `QI opens no mock auction: ${wordsOf(exchange)}` };
  const webhook = await context.receiver.waitFor(
    ({ type, document }) =>
      type === WEBHOOK_TYPES.proposalRequest && stringifyJson(document).includes(registration),
    context.options.webhookWaitMs,
  );
  if (webhook === undefined) return { stop: 'the webhook of the mock auction did not come' };
  const reading = readProposalRequest(webhook.document);
  if (reading.kind === 'unreadable') return { stop: `the webhook of the mock auction: ${reading.code}` };
  const { request } = reading;
  const deadline = readDeadline({ ...request, receivedAt: webhook.receivedAt }, 'auto', LONGEST_WINDOW_MS);
  return { request, webhook, limitAt: deadline.kind === 'deadline' ? deadline.limitAt : undefined };
}

/** What the webhook of an auction tells of the contract. */
export async function judgeAuction(
  context: StepContext,
  { request, webhook }: OpenedAuction,
): Promise<StepResult> {
  const times = { ...request, receivedAt: webhook.receivedAt };
  const deadline = readDeadline(times, 'auto', LONGEST_WINDOW_MS);
  return {
    findings: [
      await judgeSignature(context, webhook),
      judgeMembers(webhook, request.problems),
      ...judgeTimes(deadline, times),
    ],
  };
}

async function judgeSignature(context: StepContext, { scheme, delivery }: ReceivedWebhook): Promise<Finding> {
  const line = lineOf(context, scheme);
  const admission = await line?.gate.admit(delivery);
  await line?.close();
  const evidence = [`posted to ${delivery.uri}`];
  if (admission?.kind === 'admitted') {
    return {
      question: 'webhook_signing',
      answer: scheme,
      evidence,
      settings: { QI_WEBHOOK_AUTH: scheme },
    };
  }
  const why = admission?.why ?? 'a key is missing';
  return {
    question: 'webhook_signing',
    answer: `${scheme}, and we cannot verify it`,
    evidence: [...evidence, why],
    advice: `Webhooks look like ${scheme} and do not verify (${why}): check QI_PUBLIC_KEY_FILE and whether a proxy changes the path, then ask QI which bytes it signs.`,
  };
}

function judgeMembers({ received }: ReceivedWebhook, problems: ProposalRequest['problems']): Finding {
  const variants = variantsOf(received, PRINTED_MEMBERS.proposalRequest);
  // The mock takes the root of a CNPJ, which names a company and no establishment: ours, not QI's doing.
  const serious = problems.filter(({ path }) => !path.endsWith('.employer_document_number'));
  return {
    question: 'auction_webhook',
    answer: variants.length === 0 ? 'as printed' : variants.join(' '),
    evidence: problems.map(({ path, problem }) => `${path} ${problem}`),
    ...(serious.length > 0 && {
      advice: `The webhook of an auction has fields that cannot be read (${serious.map(({ path }) => path).join(', ')}): requests like it will be declined.`,
    }),
  };
}

function judgeTimes(
  deadline: Deadline,
  times: {
    readonly eventAtText: string | undefined;
    readonly inclusionLimitText: string | undefined;
    readonly receivedAt: Date;
  },
): Finding[] {
  const evidence = [
    `event ${times.eventAtText ?? 'not printed'}, limit ${times.inclusionLimitText ?? 'not printed'}`,
    `received ${times.receivedAt.toISOString()}`,
  ];
  if (deadline.kind === 'nonsense') {
    const advice = 'Auctions will be parked: no zone makes sense of their limit. Ask QI.';
    return [{ question: 'deadline_zone', answer: deadline.reason, evidence, advice }];
  }
  const { limitAt, expirationAt, reading } = deadline;
  const secondsTo = (until: Date): number =>
    Math.round((until.getTime() - times.receivedAt.getTime()) / 1000);
  const eventAt = instantIn(times.eventAtText);
  return [
    { question: 'deadline_zone', answer: reading, evidence, settings: { QI_DEADLINE_ZONE: reading } },
    { question: 'window', answer: `${secondsTo(limitAt)} s`, evidence: ['from the receipt of the webhook'] },
    ...(expirationAt === undefined
      ? []
      : [
          {
            question: 'request_life',
            answer: `${Math.round(secondsTo(expirationAt) / 3600)} h`,
            evidence: [`${secondsTo(expirationAt)} s`],
          } as const,
        ]),
    ...(eventAt === undefined ? [] : [judgeClocks(eventAt, times.receivedAt)]),
  ];
}

function judgeClocks(eventAt: Date, receivedAt: Date): Finding {
  const ahead = Math.round((eventAt.getTime() - receivedAt.getTime()) / 1000);
  const isFar = Math.abs(ahead) > 5;
  return {
    question: 'clocks',
    answer: isFar ? `${ahead} s` : 'together',
    evidence: [`the event is printed ${ahead} s after its receipt`],
    ...(isFar && {
      advice: 'The clocks are far apart: deadlines depend on ours. Check NTP here, then ask QI.',
    }),
  };
}

/** The event's own time, which is truly in UTC. */
function instantIn(text: string | undefined): Date | undefined {
  const instant = new Date(text === undefined ? NaN : text.replace(' ', 'T').replace(/Z?$/, 'Z'));
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
