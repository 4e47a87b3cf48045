import type { Permission } from '../../platform/domain';

/** What people and scripts are, at work. One may be several; none includes another. */
export const ROLES = [
  'viewer',
  'analyst',
  'policy_value_author',
  'policy_author',
  'policy_approver',
  'operator',
  'operations_approver',
  'auditor',
  'admin',
] as const;

export type Role = (typeof ROLES)[number];

const EVERYBODY = ROLES;
const POLICY: readonly Role[] = ['policy_value_author', 'policy_author', 'policy_approver'];

/**
 * Who may do what. Two rules stand behind it: whoever asks for something that needs two people cannot decide it by
 * the same role, and managing accounts opens nothing else.
 */
export const GRANTS: Readonly<Record<Permission, readonly Role[]>> = {
  'account.own': EVERYBODY,
  'auctions.read': EVERYBODY,
  'operations.read': EVERYBODY,
  'policies.read': EVERYBODY,
  'health.read': EVERYBODY,
  'kill_switch.read': EVERYBODY,
  'proposals.read': EVERYBODY,

  'quotes.create': ['viewer', 'analyst', ...POLICY, 'operator', 'operations_approver'],
  'exports.create': ['analyst', ...POLICY, 'operations_approver', 'auditor'],
  // Schedules whose owner has left: whoever closes accounts sees what stops, and who goes on with it.
  'exports.hand_over': ['analyst', ...POLICY, 'operations_approver', 'auditor', 'admin'],
  'auctions.explain': ['analyst', 'operator', 'operations_approver'],
  'personal_data.reveal': ['analyst', 'operator', 'operations_approver'],
  'reviews.request': ['analyst', 'operator', 'operations_approver'],

  // Cells, limits and lists; whoever may change the rules and columns may change these too.
  'policies.write_values': ['policy_value_author', 'policy_author'],
  'policies.write_structure': ['policy_author'],
  'policies.test': ['analyst', ...POLICY],
  'policies.comment': ['analyst', ...POLICY],
  'policies.approve': ['policy_approver'],
  'policies.activate': ['policy_approver'],

  // An attendant opens and carries on; what the policy leaves to people is let through by somebody else.
  'proposals.act': ['operator'],
  'proposals.review': ['operator', 'operations_approver'],

  'operations.act': ['operator'],
  'tasks.work': ['operator'],
  // Of whoever is away; those of whoever has left come back by themselves.
  'tasks.take_back': ['admin'],
  'events.replay': ['operator'],
  'approvals.decide': ['operations_approver'],
  'approvals.undo': ['operator', 'operations_approver'],

  // Stopping is safe, so many may; starting again is asked for by one and decided by another.
  'kill_switch.engage': ['policy_approver', 'operator', 'operations_approver', 'admin'],
  'kill_switch.release': ['operator', 'operations_approver'],

  // Back to the table is always safe; bidding learned rates again is asked for by one and agreed by whoever approves policies.
  'rates.return': [...POLICY, 'operator', 'operations_approver', 'admin'],
  'rates.resume': ['policy_value_author', 'policy_author'],

  // Which requests QI sends us at all: asked for by one, sent by another. Stopping them is as safe as the kill switch.
  'qi_filters.read': EVERYBODY,
  'qi_filters.propose': ['policy_value_author', 'policy_author', 'operator'],
  'qi_filters.send': ['policy_approver', 'operations_approver'],

  // It opens a fictitious auction at QI: for whoever connects us to it, and whoever is on call.
  'conformance.run': ['operator', 'admin'],

  'alerts.acknowledge': ['policy_approver', 'operator', 'operations_approver', 'admin'],
  'notifications.read': ['operator', 'operations_approver', 'auditor', 'admin'],
  'notifications.manage': ['admin'],

  'audit.read': ['auditor'],
  'tokens.manage': ['admin'],
  'users.manage': ['admin'],
};

/** True when one of the roles grants the permission. Roles nobody knows grant nothing. */
export function isGranted(permission: Permission, roles: readonly string[]): boolean {
  return GRANTS[permission].some((role) => roles.includes(role));
}
