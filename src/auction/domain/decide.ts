import { decideOn, type Decision, type DecisionTerms } from '../../decision/domain';
import { deriveFacts, type FactsContext } from './derive-facts';
import type { ProposalRequest } from './proposal-request';

/** Everything the decision on an auction depends on. The same inputs give the same decision, byte for byte. */
export interface DecisionInputs extends Omit<DecisionTerms, 'birthDate' | 'auctionKey'> {
  readonly request: ProposalRequest;
  readonly context: FactsContext;
}

/** The answer to an auction: a bid, or no bid with every reason for it. */
export function decide(inputs: DecisionInputs): Decision {
  return decideOn(deriveFacts(inputs.request, inputs.context), termsOf(inputs));
}

/** For a caller who has derived the facts already: they are the same under every policy. */
export function termsOf(inputs: DecisionInputs): DecisionTerms {
  const { request } = inputs;
  return { ...inputs, birthDate: request.borrower.birthDate, auctionKey: request.key };
}
