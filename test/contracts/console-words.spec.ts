import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUCTION_STATUSES } from '../../src/auction/domain/auction-status';
import { BID_STATUSES } from '../../src/auction/domain/bid-status';
import { STATUS_REASONS } from '../../src/auction/domain/status-reasons';
import { ENGINE_REASON_CODES } from '../../src/decision/domain';
import { AUTHORIZATION_CHECKS } from '../../src/operation/domain/authorization-checks';
import { GUARANTEE_OUTCOMES } from '../../src/operation/domain/guarantee-trouble';
import { MARGIN_STATUSES } from '../../src/operation/domain/margin-state';
import { OPERATION_ACTIONS } from '../../src/operation/domain/operation-action';
import { OPERATION_STATUSES } from '../../src/operation/domain/operation-state';
import { TASK_KINDS } from '../../src/operation/domain/task';
import { acceptanceSchema } from '../../src/origination/domain/acceptance';
import { NO_MARGIN as NO_MARGINS } from '../../src/decision/domain';
import { DIMENSION_NAMES } from '../../src/history/explore/dimensions';
import { MEASURE_NAMES, measureOf } from '../../src/history/explore/measures';
import { MARGIN_PARTS } from '../../src/history/results/results.dto';
import { PERSONS_ACTIONS, PROPOSAL_ACTIONS } from '../../src/origination/domain/proposal-action';
import { TIMELINE_KINDS } from '../../src/operation/domain/timeline-kind';
import { FIELD_NAMES } from '../../src/policy/domain/fields';
import { OWN_FAILURES } from '../../src/origination/domain/balance-failure';
import { BALANCE_FAILURES } from '../../src/origination/domain/products/fgts/balance-failures';
import { MARGIN_FAILURES } from '../../src/origination/domain/products/federal-payroll/balance-failures';
import { PROPOSAL_EVENT_KINDS } from '../../src/origination/domain/proposal-event';
import { PROPOSAL_STATUSES } from '../../src/origination/domain/proposal-state';
import { AUDIT_ACTIONS } from '../../src/platform/domain';
import { ALERT_TYPE } from '../../console/src/words/alert-words';
import { AUDIT_ACTION } from '../../console/src/words/audit-words';
import { EVENT_TYPES } from '../../src/notifications/domain';
import { QI_FAILURES, TROUBLE_KINDS } from '../../src/troubles/domain/trouble';
import { PARK_REASONS, WEBHOOK_STATUSES } from '../../src/inbox/domain';
import {
  ACTION,
  AUCTION_COLOR,
  AUCTION_STATUS,
  BID_STATUS,
  FIELD,
  GUARANTEE_OUTCOME,
  MARGIN_COLOR,
  MARGIN_STATUS,
  NOTIFICATION_TYPE,
  OPERATION_COLOR,
  OPERATION_FACT,
  OPERATION_STATUS,
  REASON,
  STATUS_REASON,
  TASK_KIND,
  WEBHOOK_RESULT,
} from '../../console/src/words/words';

import { conformanceAnswer } from '../../console/src/words/conformance-words';
import {
  ACCEPTANCE_CHANNEL,
  PROPOSAL_ACTION,
  PROPOSAL_COLOR,
  PROPOSAL_CONSEQUENCE,
  PROPOSAL_EVENT,
  PROPOSAL_NEXT,
  PROPOSAL_REQUEST,
  PROPOSAL_STATUS,
  PROPOSAL_UNDO,
} from '../../console/src/words/proposal-words';
import { DIMENSION, kindOf, MARGIN_PART, MEASURE, NO_MARGIN } from '../../console/src/words/result-words';

import { CHECK } from '../../console/src/words/decision-words';
import { BALANCE_FAILURE } from '../../src/words';
import { QI_FAILURE, TROUBLE } from '../../console/src/words/trouble-words';

const seed = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as unknown;
const seedCodes = [...JSON.stringify(seed).matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code);

describe('the words for the closed lists of the server', () => {
  it.each([
    ['statuses of auctions', AUCTION_STATUS, AUCTION_STATUSES],
    ['their colours', AUCTION_COLOR, AUCTION_STATUSES],
    ['statuses of bids', BID_STATUS, BID_STATUSES],
    ['reasons of statuses', STATUS_REASON, [...STATUS_REASONS, ...PARK_REASONS]],
    ['reasons of decisions', REASON, [...ENGINE_REASON_CODES, ...seedCodes]],
    ['statuses of operations', OPERATION_STATUS, OPERATION_STATUSES],
    ['their colours', OPERATION_COLOR, OPERATION_STATUSES],
    ['statuses of margins', MARGIN_STATUS, MARGIN_STATUSES],
    ['their colours', MARGIN_COLOR, MARGIN_STATUSES],
    ['what others are told of', NOTIFICATION_TYPE, EVENT_TYPES],
    ['kinds of tasks', TASK_KIND, TASK_KINDS],
    ['what is asked of QI about operations', ACTION, OPERATION_ACTIONS],
    ['outcomes of guarantees', GUARANTEE_OUTCOME, GUARANTEE_OUTCOMES],
    ['statuses of proposals', PROPOSAL_STATUS, PROPOSAL_STATUSES],
    ['their colours', PROPOSAL_COLOR, PROPOSAL_STATUSES],
    ['what comes next of each', PROPOSAL_NEXT, PROPOSAL_STATUSES],
    ['what people do to proposals', PROPOSAL_ACTION, PERSONS_ACTIONS],
    ['what follows from it', PROPOSAL_CONSEQUENCE, PERSONS_ACTIONS],
    ['whether it can be undone', PROPOSAL_UNDO, PERSONS_ACTIONS],
    ['what a signature is proven with', CHECK, AUTHORIZATION_CHECKS],
    ['what proposals ask of QI', PROPOSAL_REQUEST, PROPOSAL_ACTIONS],
    ['what happens to proposals', PROPOSAL_EVENT, PROPOSAL_EVENT_KINDS],
    [
      'why a balance was not told',
      BALANCE_FAILURE,
      Object.keys({ ...OWN_FAILURES, ...BALANCE_FAILURES, ...MARGIN_FAILURES }),
    ],
    ['what can be wrong', TROUBLE, TROUBLE_KINDS],
    ['how QI fails', QI_FAILURE, QI_FAILURES],
    ['dimensions of figures', DIMENSION, DIMENSION_NAMES],
    ['measures', MEASURE, MEASURE_NAMES],
    ['parts of a margin', MARGIN_PART, MARGIN_PARTS],
    ['why there is no margin', NO_MARGIN, NO_MARGINS],
    ['what happens to operations', OPERATION_FACT, TIMELINE_KINDS],
    ['what the audit trail records', AUDIT_ACTION, AUDIT_ACTIONS],
    ['what a policy speaks of', FIELD, FIELD_NAMES],
    ['where offers are accepted', ACCEPTANCE_CHANNEL, acceptanceSchema.shape.channel.options],
  ])('%s: every code has a word, and every word a code', (_, words, codes) => {
    expect(Object.keys(words).sort()).toEqual([...new Set(codes)].sort());
  });

  it('names no figure in what people are told of: the settings say from which on', () => {
    expect(Object.values(ALERT_TYPE).filter((words) => /\d/.test(words))).toEqual([]);
  });

  it.each(MEASURE_NAMES)('shows %s as the kind that it is', (name) => {
    expect(kindOf(name)).toBe(measureOf(name).kind);
  });

  it('knows what becomes of a webhook', () => {
    expect(Object.keys(WEBHOOK_RESULT)).toEqual(expect.arrayContaining([...WEBHOOK_STATUSES]));
  });
});

test('every answer that the conformance programme writes out has words', () => {
  const directory = 'src/conformance';
  const answers = readdirSync(directory)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(join(directory, name), 'utf8').matchAll(/answer: '([^']+)'/g)])
    .map(([, answer = '']) => answer);
  expect(answers.length).toBeGreaterThan(10);
  expect(answers.filter((answer) => conformanceAnswer(answer) === answer)).toEqual([]);
});
