import { rightsOf, type Keeper } from './token-rights';
import { ROLES, type Role } from './roles';

const NOW = new Date('2026-03-02T12:00:00Z');
const SOON = new Date('2026-03-02T12:00:01Z');
const keeper = (...roles: string[]): Keeper => ({ roles, isDisabled: false });

describe('what a token may do now', () => {
  it.each<[string, readonly Role[], Keeper | undefined, string, readonly Role[]]>([
    ['nobody answers for it', ['operator', 'admin'], undefined, 'active', ['operator', 'admin']],
    ['its keeper has the role', ['operator'], keeper('operator', 'viewer'), 'active', ['operator']],
    ['its keeper may all of it by another role', ['viewer'], keeper('analyst'), 'active', ['viewer']],
    ['its keeper lost one of two roles', ['operator', 'viewer'], keeper('viewer'), 'active', ['viewer']],
    ['its keeper lost the role', ['operator'], keeper('viewer'), 'unkept', []],
    ['its keeper may all but one thing of it', ['viewer'], keeper('admin'), 'unkept', []],
    ['its keeper is disabled', ['viewer'], { roles: ['viewer'], isDisabled: true }, 'unkept', []],
    ['its keeper has a role nobody knows', ['viewer'], keeper('root'), 'unkept', []],
    ['its keeper is everything', ROLES, keeper(...ROLES), 'active', ROLES],
  ])('when %s', (_, roles, kept, status, left) => {
    const token = { roles, expiresAt: SOON, isRevoked: false, keeper: kept };
    expect(rightsOf(token, NOW)).toEqual({ status, roles: left });
  });

  it('is nothing from the moment it ends or is revoked, whoever keeps it', () => {
    const token = { roles: ['viewer'] as const, expiresAt: NOW, isRevoked: false, keeper: keeper('viewer') };
    expect(rightsOf(token, NOW)).toEqual({ status: 'expired', roles: [] });
    expect(rightsOf({ ...token, isRevoked: true }, NOW)).toEqual({ status: 'revoked', roles: [] });
  });
});
