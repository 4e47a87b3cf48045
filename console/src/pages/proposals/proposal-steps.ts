import type { ProposalDetail } from '../../api/client';

export type StepState = 'done' | 'now' | 'stopped' | 'ahead';

export interface ProposalStep {
  readonly name: string;
  readonly state: StepState;
}

const STEPS = ['Consulta', 'Saldo', 'Oferta', 'Aceite', 'Emissão', 'Operação'] as const;

/** How many steps are behind each status, and how the next one stands. */
const REACHED: Readonly<Record<ProposalDetail['status'], readonly [number, StepState]>> = {
  draft: [0, 'now'],
  querying: [0, 'now'],
  balance_failed: [0, 'stopped'],
  balance_known: [2, 'now'],
  not_eligible: [2, 'stopped'],
  in_review: [2, 'now'],
  simulated: [2, 'now'],
  offered: [3, 'now'],
  accepted: [4, 'now'],
  issuing: [4, 'now'],
  issued: [5, 'now'],
  withdrawn: [0, 'stopped'],
};

/** The way of a proposal, as far as it has come. */
export function stepsOf(
  proposal: Pick<ProposalDetail, 'status' | 'balance' | 'simulations' | 'offer'>,
): readonly ProposalStep[] {
  const [behind, state] = REACHED[proposal.status];
  const reached = proposal.status === 'withdrawn' ? behindWithdrawn(proposal) : behind;
  return STEPS.map((name, at) => ({
    name,
    state: at < reached ? 'done' : at === reached ? state : 'ahead',
  }));
}

/** Its status no longer says how far it had come. */
function behindWithdrawn({ balance, simulations, offer }: Parameters<typeof stepsOf>[0]): number {
  if (offer !== null) return 4;
  if (simulations.some(({ figures }) => figures !== null)) return 3;
  return balance === null ? 0 : 2;
}
