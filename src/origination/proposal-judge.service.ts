import { Inject, Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import type { EntityManager } from 'typeorm';
import { DebtBook } from '../exposure';
import { HOUR_MS, DAY_MS, calendarDateAt, canonicalText, SAO_PAULO, type Clock } from '../kernel';
import { CLOCK, FieldCipher } from '../platform';
import { ActivePolicy } from '../policy';
import { productPolicy } from '../policy/domain';
import { openBorrower } from './borrower-file';
import { ClaimBook } from './claim-book';
import { reasonsAgainst, type Problem } from './domain';
import { OfferRules } from './offer-rules.service';
import { OfferTermsSource } from './offer-terms.service';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalLife, type ProposalChanges } from './proposal-life.service';
import { ProposalTasks } from './proposal-tasks';
import type { ProposalEntity } from './proposal.entity';
import { ProposalProducts } from './products/proposal-products';
import type { ProposalVerdict } from './products/proposal-product';
import {
  hasFigures,
  offeredFigures,
  UNREADABLE,
  type StoredOffer,
  type StoredSimulation,
  type StoredWishes,
} from './stored';

/** Where a verdict is not wanted twice: a person has let it through, or somebody is there to hear what is impossible. */
interface Asked {
  readonly wishes?: StoredWishes;
  /** Whose wishes they are. */
  readonly actor?: string;
  readonly isCleared?: boolean;
}

/**
 * Judges what is known of a proposal and makes the offers that the policy allows. Deciding and pricing is done by its
 * product; here the inputs are gathered and the verdict is written down.
 */
@Injectable()
export class ProposalJudge {
  constructor(
    private readonly life: ProposalLife,
    private readonly commands: ProposalCommandBook,
    private readonly claims: ClaimBook,
    private readonly debts: DebtBook,
    private readonly tasks: ProposalTasks,
    private readonly products: ProposalProducts,
    private readonly rules: OfferRules,
    private readonly terms: OfferTermsSource,
    private readonly policies: ActivePolicy,
    private readonly cipher: FieldCipher,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Judges on the balance at hand. What the borrower wishes and cannot have, or that they can have nothing, is told to
   * whoever asks for it now; where nobody does, the most there is takes its place.
   * @returns what stands against `asked.wishes`; then nothing was written
   */
  async consider(
    tx: EntityManager,
    proposal: ProposalEntity,
    asked: Asked = {},
  ): Promise<readonly Problem[] | undefined> {
    if (proposal.balance === null || proposal.balanceAt === null) return undefined;
    const wishes = asked.wishes ?? proposal.wishes;
    const verdict = await this.#judge(tx, proposal, wishes);
    if (asked.wishes !== undefined) {
      const problems = problemsOf(verdict);
      if (problems !== undefined) return problems;
    }
    if (asked.actor !== undefined) await this.#noteWishes(tx, proposal, wishes, asked.actor);
    if (verdict.kind !== 'impossible') {
      await this.#write(tx, proposal, verdict, wishes, asked.isCleared === true);
      return undefined;
    }
    await this.life.note(tx, proposal, {
      kind: 'wishes_impossible',
      summary: { problems: verdict.problems },
    });
    const most = this.products.of(proposal.product).mostOf(wishes);
    const instead = await this.#judge(tx, proposal, most);
    if (instead.kind !== 'impossible')
      await this.#write(tx, proposal, instead, most, asked.isCleared === true);
    return undefined;
  }

  /** Whatever comes of other wishes, what was offered on those before is over. */
  async #noteWishes(
    tx: EntityManager,
    proposal: ProposalEntity,
    wishes: StoredWishes,
    actor: string,
  ): Promise<void> {
    const { declarations } = this.products.of(proposal.product);
    const declared = declarations.filter(
      (name) => wishes[name] !== undefined && wishes[name] !== proposal.wishes[name],
    );
    await this.life.note(tx, proposal, { kind: 'simulation_asked', actor, summary: { declared } });
    if (proposal.status === 'offered' || proposal.status === 'accepted') {
      await this.life.voidOffer(tx, proposal, actor);
      await this.tasks.settle(tx, proposal, actor);
    }
  }

  /** QI has simulated the same beside us. Figures that agree are offered; a person looks at others first. */
  async offer(
    tx: EntityManager,
    proposal: ProposalEntity,
    simulations: readonly StoredSimulation[],
  ): Promise<void> {
    const differing = simulations.filter(({ differences }) => differences.length > 0);
    const summary = {
      differences: Object.fromEntries(differing.map((each) => [each.fee_table, each.differences])),
    };
    const step = await this.life.advance(
      tx,
      proposal,
      'simulated',
      { kind: 'simulated', summary },
      { simulations },
    );
    if (step?.effect !== 'applied') return;
    if (differing.length === 0) {
      await this.#offer(tx, proposal);
      return;
    }
    await this.life.advance(tx, proposal, 'review_needed', { kind: 'figures_differ', summary });
    const isUnreadable = differing.some(({ differences }) => differences.includes(UNREADABLE));
    await this.tasks.openReview(
      tx,
      proposal,
      isUnreadable ? 'simulation_unreadable' : 'figures_differ',
      isUnreadable
        ? 'A resposta da QI à simulação não pôde ser lida. Conferir os valores com a QI antes de oferecer.'
        : 'A simulação da QI não confere com a nossa. Comparar os valores antes de oferecer.',
    );
  }

  /** A person has looked. What was simulated is offered; else it is simulated now. */
  async clear(tx: EntityManager, proposal: ProposalEntity): Promise<void> {
    const isSimulated = proposal.simulations?.some(
      ({ qi, differences }) => qi !== null || differences.length > 0,
    );
    if (isSimulated === true) await this.#offer(tx, proposal);
    else await this.consider(tx, proposal, { isCleared: true });
  }

  async #judge(tx: EntityManager, proposal: ProposalEntity, wishes: StoredWishes): Promise<ProposalVerdict> {
    const { balance, balanceAt } = proposal;
    if (balance === null || balanceAt === null) throw new Error('a proposal without a balance is judged');
    const borrower = openBorrower(proposal, this.cipher);
    if (borrower === undefined) throw new Error('the borrower of an open proposal was erased');
    const terms = await this.terms.inForce(tx, proposal.product);
    const standing = await this.debts.standingOf(tx, proposal.borrowerIndex ?? undefined, terms.now);
    const heldUntil = await this.claims.heldUntil(tx, proposal, calendarDateAt(terms.now));
    const subject = { proposal, borrower, balance, balanceAt, wishes, standing, heldUntil };
    return this.products.of(proposal.product).judge(tx, subject, terms);
  }

  async #write(
    tx: EntityManager,
    proposal: ProposalEntity,
    verdict: Exclude<ProposalVerdict, { kind: 'impossible' }>,
    wishes: StoredWishes,
    isCleared: boolean,
  ): Promise<void> {
    if (verdict.kind === 'undecided') {
      await this.life.note(
        tx,
        proposal,
        { kind: 'choice_needed', summary: { problem: verdict.problem } },
        { wishes },
      );
      return;
    }
    const { judgement } = verdict;
    const changes: ProposalChanges = {
      wishes,
      decision: JSON.parse(canonicalText(judgement)) as Record<string, unknown>,
      policyVersion: judgement.policy.version,
      policyHash: judgement.policy.hash,
    };
    if (verdict.kind === 'not_eligible') {
      const { problem } = verdict;
      const reasons = judgement.reasons.map(({ code, message }) => ({ code, message }));
      await this.life.advance(
        tx,
        proposal,
        'declined',
        { kind: 'declined', summary: { reasons, ...(problem && { problem }) } },
        { ...changes, simulations: null, failureCode: null, failureText: problem?.message ?? null },
      );
      return;
    }
    const { simulations, doubts } = verdict;
    if ((verdict.needsReview || doubts.length > 0) && !isCleared) {
      const why = [
        ...judgement.reasons.filter(({ severity }) => severity === 'review').map(({ message }) => message),
        ...doubts,
      ];
      await this.life.advance(
        tx,
        proposal,
        'review_needed',
        { kind: 'review_needed', summary: { problems: doubts.map((message) => ({ message })) } },
        { ...changes, simulations },
      );
      const words = why.length === 0 ? 'A política pede que uma pessoa confira a oferta.' : why.join(' ');
      await this.tasks.openReview(tx, proposal, 'policy_review', words);
      return;
    }
    await this.life.change(tx, proposal, { ...changes, simulations });
    await this.commands.intend(tx, { subject: proposal.id, action: 'simulate', actor: 'system' });
  }

  /** What is over before anybody sees it, for QI or a person took long, is judged anew. */
  async #offer(tx: EntityManager, proposal: ProposalEntity): Promise<void> {
    const offers = (proposal.simulations ?? []).filter(hasFigures);
    const offerExpiresAt = await this.#endOf(tx, proposal, offers);
    if (offerExpiresAt <= this.clock.now()) {
      await this.life.voidOffer(tx, proposal);
      await this.consider(tx, proposal);
      return;
    }
    const amounts = offers.map((each) => offeredFigures(each).disbursed_issue_amount);
    await this.life.advance(
      tx,
      proposal,
      'offered',
      { kind: 'offered', summary: { amounts } },
      { offerExpiresAt, disbursedIssueAmount: amounts[0] ?? null },
    );
  }

  /** As long as the balance is young enough, the policy says, the money can be paid that day, and the rules stay the same. */
  async #endOf(tx: EntityManager, proposal: ProposalEntity, offers: readonly StoredOffer[]): Promise<Date> {
    const now = this.clock.now();
    const { compiled } = await this.policies.inForce(tx);
    const section = productPolicy(compiled, proposal.product)?.section;
    const [ages, days] = [
      section?.settings.snapshot_max_age_hours ?? 0,
      section?.pricing.days_to_expiration ?? 0,
    ];
    const byBalance = (proposal.balanceAt ?? now).getTime() + ages * HOUR_MS;
    const paidBy = offers.map(({ figures }) => endOfDay(figures.disbursement_date).getTime());
    const end = Math.min(byBalance, now.getTime() + days * DAY_MS, ...paidBy);
    const lastDay = this.rules.lastDay(
      proposal.product,
      offers,
      calendarDateAt(now),
      calendarDateAt(new Date(end)),
    );
    return new Date(Math.min(end, endOfDay(lastDay).getTime()));
  }
}

/** The last instant of a day in São Paulo: figures are of the day of payment that they were made for. */
function endOfDay(date: string): Date {
  return DateTime.fromISO(date, { zone: SAO_PAULO }).endOf('day').toJSDate();
}

/** What somebody who asks for it now is told; undefined where there are offers. */
function problemsOf(verdict: ProposalVerdict): readonly Problem[] | undefined {
  switch (verdict.kind) {
    case 'impossible':
      return verdict.problems;
    case 'undecided':
      return [verdict.problem];
    case 'not_eligible':
      return reasonsAgainst(verdict);
    case 'offers':
      return undefined;
  }
}
