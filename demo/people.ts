import type { Actor } from '../src/platform';

const person = (name: string, ...roles: string[]): Actor => ({ id: `user:${name}@example.com`, roles });

/** Who works in the story. None of them has an account: the first administrator is whoever starts the demo. */
export const HELENA = person('helena.prado', 'policy_author');
export const CAIO = person('caio.nunes', 'policy_approver');
export const BRUNA = person('bruna.sales', 'operator');
export const RUI = person('rui.tavares', 'operations_approver');
