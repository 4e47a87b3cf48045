import { homeOf } from './places';

describe('where a day begins', () => {
  it.each([
    [['policy_author'], '/politica'],
    [['policy_approver', 'analyst'], '/politica'],
    [['operator'], '/operacoes'],
    [['operations_approver'], '/operacoes'],
    [['auditor'], '/acesso'],
    [['viewer'], '/'],
    [['admin', 'policy_author'], '/'],
  ])('%j at %s', (roles, place) => {
    expect(homeOf(roles)).toBe(place);
  });
});
