/**
 * What a route may ask of its caller. Which roles have it is the access module's business; a route names exactly one.
 */
export const PERMISSIONS = [
  'account.own',
  'approvals.decide',
  'approvals.undo',
  'auctions.explain',
  'auctions.read',
  'audit.read',
  'events.replay',
  'exports.create',
  'health.read',
  'kill_switch.engage',
  'kill_switch.read',
  'kill_switch.release',
  'notifications.manage',
  'notifications.read',
  'operations.act',
  'operations.read',
  'personal_data.reveal',
  'policies.activate',
  'policies.approve',
  'policies.read',
  'policies.test',
  'policies.write_structure',
  'policies.write_values',
  'qi_filters.propose',
  'qi_filters.read',
  'qi_filters.send',
  'quotes.create',
  'reviews.request',
  'tasks.work',
  'tokens.manage',
  'users.manage',
] as const;

export type Permission = (typeof PERMISSIONS)[number];
