import fc from 'fast-check';
import type { CommandStatus } from '../../commands/domain';
import {
  PERSONS_ACTIONS,
  nextActionsOf,
  personsActionsIn,
  PROPOSAL_ACTION_RULES,
  PROPOSAL_ACTIONS,
} from './proposal-action';
import {
  isProposalFinal,
  PROPOSAL_FACTS,
  PROPOSAL_STATUSES,
  PROPOSAL_TRANSITIONS,
  proposalStep,
  type ProposalFact,
  type ProposalStatus,
} from './proposal-state';

const after = (...facts: ProposalFact[]): ProposalStatus =>
  facts.reduce<ProposalStatus>((status, fact) => proposalStep(status, fact).to, 'draft');

describe('the graph of a proposal', () => {
  it('reaches every status', () => {
    const reached = new Set<ProposalStatus>(['draft']);
    for (let before = 0; before !== reached.size;) {
      before = reached.size;
      for (const status of [...reached])
        for (const fact of PROPOSAL_FACTS) reached.add(proposalStep(status, fact).to);
    }
    expect([...reached].sort()).toEqual([...PROPOSAL_STATUSES].sort());
  });

  it('leaves a final status by no fact, and every other by some', () => {
    for (const status of PROPOSAL_STATUSES) {
      const leaves = PROPOSAL_FACTS.some((fact) => proposalStep(status, fact).to !== status);
      expect({ status, leaves }).toEqual({ status, leaves: !isProposalFinal(status) });
    }
  });

  it('names each status at most once per fact', () => {
    for (const [fact, { from }] of Object.entries(PROPOSAL_TRANSITIONS))
      expect({ fact, from: new Set(from).size }).toEqual({ fact, from: from.length });
  });

  it('goes from the balance to the debt', () => {
    expect(
      after('balance_asked', 'balance_received', 'simulated', 'offered', 'accepted', 'issue_asked', 'issued'),
    ).toBe('issued');
  });

  it('is never withdrawn while QI may be making the debt', () => {
    expect(proposalStep('issuing', 'withdrawn').effect).toBe('overtaken');
  });

  it('is issued by nothing but a debt, and asked for by nothing but an acceptance', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PROPOSAL_FACTS), { maxLength: 40 }), (facts) => {
        const upTo = (fact: ProposalFact): number => facts.indexOf(fact);
        if (after(...facts) === 'issued') expect(upTo('issued')).toBeGreaterThanOrEqual(0);
        const asked = facts.findIndex(
          (fact, at) => fact === 'issue_asked' && after(...facts.slice(0, at)) === 'accepted',
        );
        if (asked !== -1) expect(facts.slice(0, asked)).toContain('accepted');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what may be done', () => {
  it('is nothing where the proposal has ended', () => {
    for (const status of PROPOSAL_STATUSES.filter(isProposalFinal))
      expect(personsActionsIn(status, null)).toEqual([]);
  });

  it('is something everywhere else but while QI makes the debt', () => {
    const idle = PROPOSAL_STATUSES.filter((status) => nextActionsOf(status, undefined, true).length === 0);
    expect(idle).toEqual(['issuing', 'issued', 'withdrawn']);
  });

  it('is to say what became of the debt, only while it is not being sent and once people were asked', () => {
    const order = (status: CommandStatus) => ({ action: 'issue', status }) as const;
    expect(nextActionsOf('issuing', order('unknown'), true)).toEqual(['settle_issue']);
    expect(nextActionsOf('issuing', order('intended'), true)).toEqual(['settle_issue']);
    expect(nextActionsOf('issuing', order('unknown'), false)).toEqual([]);
    expect(nextActionsOf('issuing', order('intended'), false)).toEqual([]);
    expect(nextActionsOf('issuing', order('sending'), true)).toEqual([]);
  });

  it('is to give up what is not sent, or is sent again and again without an answer', () => {
    const query = (status: CommandStatus) => ({ action: 'query_balance', status }) as const;
    expect(nextActionsOf('querying', query('intended'), true)).toEqual(['cancel_query', 'withdraw']);
    expect(nextActionsOf('querying', query('unknown'), true)).toEqual(['cancel_query', 'withdraw']);
    expect(nextActionsOf('querying', query('sending'), true)).toEqual([]);
    const givingUp = { action: 'cancel_query', status: 'unknown' } as const;
    expect(nextActionsOf('querying', givingUp, true)).toEqual(['withdraw']);
    const simulation = { action: 'simulate', status: 'unknown' } as const;
    expect(nextActionsOf('offered', simulation, true)).toEqual(['withdraw']);
  });

  it('is to simulate anew once an order has come to nothing that the rules may permit no more', () => {
    expect(personsActionsIn('accepted', 'LEG000069')).toEqual(['issue', 'withdraw']);
    for (const failure of ['issue_withheld', 'issue_not_taken']) {
      expect(personsActionsIn('accepted', failure)).toEqual(['simulate', 'issue', 'withdraw']);
      expect(personsActionsIn('issuing', failure)).toEqual(['settle_issue']);
    }
  });

  it('has each action somewhere, and each call to QI too', () => {
    for (const action of PERSONS_ACTIONS)
      expect(PROPOSAL_STATUSES.some((status) => personsActionsIn(status, null).includes(action))).toBe(true);
    for (const action of PROPOSAL_ACTIONS)
      expect(PROPOSAL_ACTION_RULES[action].sentIn.length).toBeGreaterThan(0);
  });
});
