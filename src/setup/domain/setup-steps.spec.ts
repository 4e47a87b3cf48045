import { SETUP_STEPS, setupSteps, type SetupFacts, type SetupStepName } from './setup-steps';

const READY: SetupFacts = {
  people: [['admin'], ['policy_author'], ['policy_approver', 'operator'], ['operations_approver']],
  keys: { signing: 'jwt-v2', webhookAuth: 'jwt-v2', hasOurs: true, hasTheirs: true },
  conformance: { state: 'done', writes: true, otherSettings: [] },
  policy: { isOurs: true, openCaps: [] },
  isFilterSent: true,
  hasHeldBack: true,
  isDryRun: false,
  isBiddingStopped: false,
  isReleasedByTwo: true,
  isLive: false,
};

const gapsOf = (facts: SetupFacts) =>
  Object.fromEntries(
    setupSteps(facts).flatMap(({ name, gaps }) => (gaps.length === 0 ? [] : [[name, gaps] as const])),
  );

test('an installation that has everything lacks nothing, and one that bids needs no rehearsal', () => {
  expect(gapsOf(READY)).toEqual({});
  const bidding = { isLive: true, hasHeldBack: false, isReleasedByTwo: false, isBiddingStopped: true };
  expect(gapsOf({ ...READY, ...bidding })).toEqual({});
});

test.each<[string, Partial<SetupFacts>, SetupStepName, readonly string[]]>([
  ['nobody', { people: [] }, 'people', ['policy_pair', 'operations_pair']],
  [
    'one person with all roles',
    { people: [['policy_author', 'policy_approver', 'operator', 'operations_approver']] },
    'people',
    ['policy_pair', 'operations_pair'],
  ],
  [
    'authors of values alone',
    { people: [['policy_value_author'], ['policy_approver'], ['operator']] },
    'people',
    ['operations_pair'],
  ],
  ['no key of ours', { keys: { ...READY.keys, hasOurs: false } }, 'keys', ['our_key']],
  ['unsigned webhooks', { keys: { ...READY.keys, webhookAuth: 'none' } }, 'keys', ['their_key']],
  ['no run', { conformance: undefined }, 'conformance', ['conformance_missing']],
  [
    'signatures alone',
    { conformance: { state: 'done', writes: false, otherSettings: [] } },
    'conformance',
    ['conformance_without_auction'],
  ],
  [
    'other settings',
    { conformance: { state: 'done', writes: true, otherSettings: ['QI_DEADLINE_ZONE'] } },
    'conformance',
    ['settings_differ'],
  ],
  [
    'a run that broke off',
    { conformance: { state: 'abandoned', writes: true, otherSettings: ['QI_SIGNING'] } },
    'conformance',
    ['conformance_stopped'],
  ],
  ['the first version', { policy: { isOurs: false, openCaps: [] } }, 'policy', ['policy_of_the_start']],
  ['an open limit', { policy: { isOurs: true, openCaps: ['total'] } }, 'caps', ['caps_open']],
  ['no filter', { isFilterSent: false }, 'filters', ['filter_not_sent']],
  [
    'no filter, which a dry run does not send',
    { isFilterSent: false, isDryRun: true, isLive: true },
    'filters',
    ['filter_not_sent', 'dry_run_is_on'],
  ],
  ['no dry run', { hasHeldBack: false }, 'dry_run', ['nothing_held_back']],
  [
    'a dry run that goes on',
    { isDryRun: true, isBiddingStopped: true, isReleasedByTwo: false },
    'live',
    ['dry_run_is_on', 'bidding_is_stopped', 'not_released_by_two'],
  ],
])('%s', (_, change, step, gaps) => {
  expect(gapsOf({ ...READY, ...change })).toEqual({ [step]: gaps });
});

test('the dry run, in which no filter is sent, comes before it', () => {
  expect(setupSteps(READY).map(({ name }) => name)).toEqual(SETUP_STEPS);
  expect(SETUP_STEPS.slice(-3)).toEqual(['dry_run', 'filters', 'live']);
});
