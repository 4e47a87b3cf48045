import { Decimal } from '../kernel';
import { readAuctionEnd, WEBHOOK_TYPES, type QiLine } from '../qi';
import { lineOf, type StepContext, type OpenedAuction, type StepResult } from './step';
import {
  acknowledgementOf,
  PRINTED_MEMBERS,
  variantsOf,
  type ConformanceReport,
  type Finding,
} from './domain';
import { findSigning } from './find-signing';
import { judgeAuction, openAuction } from './open-auction';
import {
  handIn,
  judgeFirst,
  judgeMargin,
  judgeRepetition,
  judgeSecond,
  proposalFor,
  type AcceptedAnswer,
} from './try-proposals';

export interface Conversation {
  /** Asks whether something may be written at QI. */
  readonly ask: (question: string) => Promise<boolean>;
  readonly say: (line: string) => void;
  /** Told of what was found as soon as it was. */
  readonly found?: (finding: Finding) => void;
}

/** The steps that write at QI, in order. Each is asked for; the first that is refused ends the list. */
const WRITES = {
  auction: 'open a mock auction at QI (a fictitious borrower)',
  proposal: 'hand in a proposal to it',
  repetition: 'send the very same proposal again',
  second: 'hand in a second proposal under another key',
  margin: 'open a second mock auction with a small margin and propose above it',
} as const;
type Write = keyof typeof WRITES;

const WIDE_MARGIN = new Decimal(5_000);
const NARROW_MARGIN = new Decimal(10);
const CHEAPER = new Decimal('0.0239');

/**
 * Finds out what the public texts leave open, against the QI that answers. Everything that writes is asked for before
 * the first auction opens, because an auction may last half a minute and people think longer.
 */
export async function runConformance(
  context: StepContext,
  conversation: Conversation,
): Promise<ConformanceReport> {
  const startedAt = context.clock.now();
  const findings: Finding[] = [];
  const report = (stopped: string | undefined): ConformanceReport => ({
    baseUrl: context.options.baseUrl,
    startedAt,
    stopped,
    findings,
  });
  const note = (result: StepResult): string | undefined => {
    for (const { question, answer } of result.findings) conversation.say(`  ${question}: ${answer}`);
    for (const finding of result.findings) conversation.found?.(finding);
    findings.push(...result.findings);
    return result.stop;
  };

  conversation.say('Signing');
  const signing = await findSigning(context);
  const unsigned = note(signing);
  if (signing.line === undefined) return report(unsigned);
  const acknowledger = lineOf(context, 'encoded-body-v1');
  if (acknowledger !== undefined) context.receiver.signAcknowledgementsWith(acknowledger.gate);
  try {
    const { agreed, declined } = await askInOrder(conversation);
    const run = new Run(context, signing.line, conversation, note);
    const stopped = await run.carryOut(agreed);
    return report(stopped ?? (declined && `you declined to ${WRITES[declined]}`));
  } finally {
    await signing.line.close();
    await acknowledger?.close();
  }
}

async function askInOrder({ ask }: Conversation): Promise<{
  readonly agreed: ReadonlySet<Write>;
  readonly declined: Write | undefined;
}> {
  const agreed = new Set<Write>();
  for (const write of Object.keys(WRITES) as Write[]) {
    if (!(await ask(`May I ${WRITES[write]}?`))) return { agreed, declined: write };
    agreed.add(write);
  }
  return { agreed, declined: undefined };
}

/** What has been agreed to, carried out without a pause. */
class Run {
  constructor(
    private readonly context: StepContext,
    private readonly line: QiLine,
    private readonly conversation: Conversation,
    private readonly note: (result: StepResult) => string | undefined,
  ) {}

  /** @returns why it ended early, undefined when it did not. */
  async carryOut(agreed: ReadonlySet<Write>): Promise<string | undefined> {
    if (!agreed.has('auction')) return undefined;
    this.conversation.say('Mock auction');
    const auction = await openAuction(this.context, this.line, WIDE_MARGIN);
    if ('stop' in auction) return auction.stop;
    const accepted = agreed.has('proposal') ? await this.#propose(auction, agreed) : undefined;
    this.note(await judgeAuction(this.context, auction));
    if (agreed.has('proposal') && accepted === undefined) return 'QI did not accept the first proposal';
    if (agreed.has('margin')) {
      const stop = await this.#exceedMargin();
      if (stop !== undefined) return stop;
    }
    if (accepted !== undefined) this.note(await this.#awaitEnd(auction, accepted));
    this.note(await this.#awaitAcknowledgement());
    return undefined;
  }

  /** The calls come first and their judgement after: the clock of the auction runs. */
  async #propose(auction: OpenedAuction, agreed: ReadonlySet<Write>): Promise<AcceptedAnswer | undefined> {
    this.conversation.say('Proposals');
    const proposal = proposalFor(this.context, auction);
    const first = await handIn(this.context, this.line, proposal);
    const again = agreed.has('repetition') ? await handIn(this.context, this.line, proposal) : undefined;
    const second = agreed.has('second')
      ? await handIn(this.context, this.line, proposalFor(this.context, auction, CHEAPER))
      : undefined;
    const { findings, accepted } = judgeFirst(this.context, this.line, first);
    this.note({ findings });
    if (accepted !== undefined) {
      if (again !== undefined) this.note({ findings: [judgeRepetition(this.line, accepted, again)] });
      if (second !== undefined) this.note({ findings: [judgeSecond(second)] });
    }
    return accepted;
  }

  async #exceedMargin(): Promise<string | undefined> {
    this.conversation.say('Margin');
    const auction = await openAuction(this.context, this.line, NARROW_MARGIN);
    if ('stop' in auction) return auction.stop;
    const exchange = await handIn(this.context, this.line, proposalFor(this.context, auction));
    return this.note({ findings: [judgeMargin(this.line, exchange)] });
  }

  async #awaitEnd({ limitAt }: OpenedAuction, { auctionProposalKey }: AcceptedAnswer): Promise<StepResult> {
    this.conversation.say('Waiting for the end of the auction');
    const { clock, receiver, options } = this.context;
    const untilLimit = limitAt === undefined ? 0 : Math.max(0, limitAt.getTime() - clock.now().getTime());
    const webhook = await receiver.waitFor(({ type, document }) => {
      if (type !== WEBHOOK_TYPES.auctionEnd) return false;
      const reading = readAuctionEnd(document);
      if (reading.kind !== 'read' || auctionProposalKey === undefined) return false;
      return reading.end.auctionProposalKey === auctionProposalKey;
    }, untilLimit + options.webhookWaitMs);
    const reading = webhook && readAuctionEnd(webhook.document);
    if (webhook === undefined || reading?.kind !== 'read')
      return { findings: [{ question: 'end_of_auction', answer: 'none came', evidence: [] }] };
    const { outcome, status, rankPosition } = reading.end;
    const variants = variantsOf(webhook.received, PRINTED_MEMBERS.auctionEnd);
    const form = variants.length === 0 ? 'as printed' : variants.join(' ');
    const evidence = [`rank_position ${rankPosition ?? 'none'}`];
    return {
      findings: [
        { question: 'end_of_auction', answer: `${outcome}, in the word "${status}"; ${form}`, evidence },
      ],
    };
  }

  async #awaitAcknowledgement(): Promise<StepResult> {
    const { clock, receiver, options } = this.context;
    const waitMs = options.acknowledgementWaitMs;
    if (waitMs === 0) return { findings: [] };
    this.conversation.say(
      `Waiting to see whether webhooks come again (${Math.round(waitMs / 1000)} s each time)`,
    );
    const until = clock.monotonicMs() + 4 * waitMs;
    let found = acknowledgementOf(receiver.contents, clock.now(), waitMs);
    while (found === 'not_known_yet' && clock.monotonicMs() < until) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs / 20, 1_000)));
      found = acknowledgementOf(receiver.contents, clock.now(), waitMs);
    }
    const ways = receiver.contents.map(({ answers }) => answers.join(', then '));
    const evidence = [...new Set(ways)].map(
      (way) => `${ways.filter((each) => each === way).length} webhooks answered ${way}`,
    );
    const advice = ADVICE_ON_ACKNOWLEDGEMENT[found];
    const finding = { question: 'acknowledgement', answer: found, evidence } as const;
    return { findings: [advice === undefined ? finding : { ...finding, advice }] };
  }
}

const ADVICE_ON_ACKNOWLEDGEMENT = {
  plain: undefined,
  signed: 'QI wants signed acknowledgements: the service signs them when QI_WEBHOOK_AUTH is encoded-body-v1.',
  neither:
    'A plain acknowledgement is not enough, and a signed one is not either or there was no key to sign it: ask QI.',
  not_known_yet: 'Webhooks were still coming again: run with a longer --ack-wait.',
} as const;
