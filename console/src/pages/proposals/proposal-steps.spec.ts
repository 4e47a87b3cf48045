import { stepsOf } from './proposal-steps';

const nothing = { balance: null, simulations: [], offer: null };
const shown = (proposal: Parameters<typeof stepsOf>[0]) =>
  stepsOf(proposal)
    .map(({ state }) => state)
    .join(' ');

describe('the steps of a proposal', () => {
  it.each([
    ['querying', 'now ahead ahead ahead ahead ahead'],
    ['balance_failed', 'stopped ahead ahead ahead ahead ahead'],
    ['not_eligible', 'done done stopped ahead ahead ahead'],
    ['offered', 'done done done now ahead ahead'],
    ['issuing', 'done done done done now ahead'],
    ['issued', 'done done done done done now'],
    ['withdrawn', 'stopped ahead ahead ahead ahead ahead'],
  ] as const)('%s', (status, states) => {
    expect(shown({ ...nothing, status })).toBe(states);
  });

  it('of one that was given up stop where it was', () => {
    const balance = {
      reference_date: null,
      received_at: '2026-11-27T12:00:00Z',
      periods: [],
      cedable: [],
      active_contracts: null,
      has_unavailable_balance: null,
      links: [],
    };
    expect(shown({ ...nothing, status: 'withdrawn', balance })).toBe('done done stopped ahead ahead ahead');
  });
});
