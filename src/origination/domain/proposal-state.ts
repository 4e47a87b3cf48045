/** Where a proposal stands on its way to a loan. Public words: they appear in the API and in the console. */
export const PROPOSAL_STATUSES = [
  'draft',
  'querying',
  'balance_failed',
  'balance_known',
  'not_eligible',
  'in_review',
  'simulated',
  'offered',
  'accepted',
  'issuing',
  'issued',
  'withdrawn',
] as const;
export type ProposalStatus = (typeof PROPOSAL_STATUSES)[number];

/** Nothing leaves these: the loan is an operation now, or nobody wants it any more. */
export const FINAL_PROPOSAL_STATUSES: readonly ProposalStatus[] = ['issued', 'withdrawn'];

export function isProposalFinal(status: ProposalStatus): boolean {
  return FINAL_PROPOSAL_STATUSES.includes(status);
}

/** What can move a proposal: what we do, what QI answers, what the borrower says. */
export const PROPOSAL_FACTS = [
  'balance_asked',
  'balance_received',
  'balance_refused',
  'declined',
  'review_needed',
  'simulated',
  'offered',
  'offer_expired',
  'offer_voided',
  'accepted',
  'issue_asked',
  'issue_refused',
  'issued',
  'withdrawn',
  'noted',
] as const;
export type ProposalFact = (typeof PROPOSAL_FACTS)[number];

const BEFORE_OFFER = [
  'draft',
  'querying',
  'balance_failed',
  'balance_known',
  'not_eligible',
  'in_review',
  'simulated',
] as const;
export const BEFORE_ISSUE = [...BEFORE_OFFER, 'offered', 'accepted'] as const;

/** Where a balance is there to be simulated on. */
export const SIMULATED_FROM = ['balance_known', 'in_review', 'simulated', 'offered', 'not_eligible'] as const;

/**
 * The life of a proposal as data. Unlike a loan's, its order is ours: each step is asked for by us, and QI only answers.
 * A fact in any status that is not named here is late or foreign, is kept, and changes nothing.
 */
export const PROPOSAL_TRANSITIONS: Readonly<
  Partial<Record<ProposalFact, { readonly to: ProposalStatus; readonly from: readonly ProposalStatus[] }>>
> = {
  /** A new snapshot makes what was offered on the old one void. */
  balance_asked: { to: 'querying', from: [...BEFORE_OFFER, 'offered'] },
  balance_received: { to: 'balance_known', from: ['querying', 'balance_failed'] },
  balance_refused: { to: 'balance_failed', from: ['querying'] },
  /** On the same balance other wishes, or another employment, may fare better. */
  declined: { to: 'not_eligible', from: ['balance_known', 'in_review', 'simulated', 'not_eligible'] },
  review_needed: { to: 'in_review', from: ['balance_known', 'simulated', 'not_eligible'] },
  simulated: { to: 'simulated', from: SIMULATED_FROM },
  offered: { to: 'offered', from: ['simulated', 'in_review'] },
  offer_expired: { to: 'balance_known', from: ['simulated', 'offered', 'accepted'] },
  /** Something else is wished for, or known of the borrower, than what it was made for; or it ended before it could be offered. */
  offer_voided: { to: 'balance_known', from: ['in_review', 'simulated', 'offered', 'accepted'] },
  accepted: { to: 'accepted', from: ['offered'] },
  issue_asked: { to: 'issuing', from: ['accepted'] },
  /** What QI refused for its data is mended and asked for again; the acceptance holds. */
  issue_refused: { to: 'accepted', from: ['issuing'] },
  /** The debt exists, however we heard of it. */
  issued: { to: 'issued', from: [...BEFORE_ISSUE, 'issuing'] },
  withdrawn: { to: 'withdrawn', from: BEFORE_ISSUE },
};

/** Something was made of what was known, which what is known now may undo. */
export function isVoidable(status: ProposalStatus): boolean {
  return proposalStep(status, 'offer_voided').effect === 'applied';
}

/**
 * Whether a proposal has moved, be it to where it was, since somebody was shown it.
 * @param shown its `status_since` then; where that is not said, nothing is known of it
 */
export function hasMovedSince(shown: string | undefined, statusSince: Date): boolean {
  return shown !== undefined && new Date(shown).getTime() !== statusSince.getTime();
}

export interface ProposalStep {
  readonly from: ProposalStatus;
  readonly to: ProposalStatus;
  /** applied: the proposal is now where the fact says. noted: it says nothing of that. overtaken: it came too late. */
  readonly effect: 'applied' | 'noted' | 'overtaken';
}

/** Where `fact` takes a proposal that stands at `status`. Total: a fact may arrive at any time. */
export function proposalStep(status: ProposalStatus, fact: ProposalFact): ProposalStep {
  const transition = PROPOSAL_TRANSITIONS[fact];
  if (transition === undefined) return { from: status, to: status, effect: 'noted' };
  return transition.from.includes(status)
    ? { from: status, to: transition.to, effect: 'applied' }
    : { from: status, to: status, effect: 'overtaken' };
}
