import { homeOf, isClosed } from './places';

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

describe('a page that is closed to somebody', () => {
  const viewer = (permission: string): boolean =>
    permission.endsWith('.read') && !/^(audit|notif)/.test(permission);
  it.each([
    ['/', false],
    ['/propostas', false],
    ['/propostas/nova', true],
    ['/propostas/arquivos', false],
    ['/exportacoes', true],
    ['/acesso', true],
    ['/conta', false],
  ])('%s for who may only read: %s', (address, closed) => {
    expect(isClosed(address, viewer)).toBe(closed);
  });
});
