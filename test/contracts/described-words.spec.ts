import { readFileSync } from 'node:fs';
import { ALERT_TYPE, CHANNEL } from '../../console/src/words/alert-words';
import { CHECK } from '../../console/src/words/decision-words';
import { DIMENSION, MEASURE, NO_MARGIN, STEP, WITHOUT_MARGIN } from '../../console/src/words/result-words';
import {
  RATE_REFUSAL,
  RATE_DOUBT,
  RATE_FALLBACK,
  RATE_PRICED_PER,
  RATE_RETURN,
  RATE_RUN_STATE,
  RATE_STAGE,
  RATE_VERSION_STATE,
  RATE_WAIT,
  WHAT_IF_REFUSAL,
} from '../../console/src/words/rate-words';
import { FAIRNESS_GROUP } from '../../console/src/words/fairness-words';
import { TROUBLE } from '../../console/src/words/trouble-words';
import {
  ACCEPTANCE_CHANNEL,
  PROPOSAL_ACTION,
  PROPOSAL_REQUEST,
  PROPOSAL_STATUS,
} from '../../console/src/words/proposal-words';
import {
  ACTION,
  APPROVAL_ACTION,
  ATTEMPT_OUTCOME,
  AUCTION_STATUS,
  BID_STATUS,
  COMMAND_STATUS,
  DECISION,
  EXPORT_STATUS,
  FIELD,
  FINDING,
  GUARANTEE_OUTCOME,
  LIMIT,
  MARGIN_STATUS,
  NO_DECISION,
  NOTIFICATION_TYPE,
  OPERATION_STATUS,
  POLICY_STATE,
  PRODUCT,
  RECOVERY_SIGN,
  ROLE,
  SIGN_IN_METHOD,
  STATUS_REASON,
  TASK_KIND,
  WEBHOOK_RESULT,
  type Words,
} from '../../console/src/words/words';

/** A closed list of the API by one of its places, and what reads it: words, or the file of the console that has them. */
type Reader = Words | string;
const PAGES = 'console/src/pages';

/** An alert is a notification too, whose type begins so. */
const KIND_OF_ALERT: Words = Object.fromEntries(
  Object.entries(ALERT_TYPE).map(([type, word]) => [type.replace('alert.', ''), word]),
);

const READ: Readonly<Record<string, Reader>> = {
  'FairnessDto.by': FAIRNESS_GROUP,
  'RateShiftDto.tried.refused': WHAT_IF_REFUSAL,
  'WinCurveDto.by': DIMENSION,
  'AuctionDetail.status': AUCTION_STATUS,
  'AuctionDetail.bid.status': BID_STATUS,
  'AuctionDetail.bid.attempts.outcome': ATTEMPT_OUTCOME,
  'AuctionDetail.decision.outcome': DECISION,
  'AuctionDetail.no_decision': NO_DECISION,
  'AuctionDetail.decision.reasons.severity': `${PAGES}/policy/severity.ts`,
  'ReplayView.other.difference': `${PAGES}/history/other-version.tsx`,
  'TimelineDto.items.kind': `${PAGES}/history/timeline-list.tsx`,
  'ChartsDto.funnel.step': `${PAGES}/history/charts-page.tsx`,
  'OperationDetailDto.status': OPERATION_STATUS,
  'OperationDetailDto.margin_status': MARGIN_STATUS,
  'OperationDetailDto.commands.action': ACTION,
  'OperationDetailDto.commands.status': COMMAND_STATUS,
  'OperationDetailDto.guarantee.outcome': GUARANTEE_OUTCOME,
  'ApprovalPageDto.items.action': APPROVAL_ACTION,
  'ApprovalPageDto.items.status': `${PAGES}/operations/approval-list.tsx`,
  'TaskPageDto.items.kind': TASK_KIND,
  'BulkDto.action': `${PAGES}/operations/task-dialogs.tsx`,
  'BulkDto.outcome': `${PAGES}/operations/task-dialogs.tsx`,
  'ProposalDetailDto.status': PROPOSAL_STATUS,
  'ProposalDetailDto.next_actions': PROPOSAL_ACTION,
  'ProposalDetailDto.commands.action': PROPOSAL_REQUEST,
  'OfferAcceptanceDto.channel': ACCEPTANCE_CHANNEL,
  'GET /api/v1/operations product': PRODUCT,
  'ProposalPageDto.items.product': PRODUCT,
  'EstimateDto.product': PRODUCT,
  'PolicyVersionView.state': POLICY_STATE,
  'PolicyDiff.changes.kind': `${PAGES}/policy/diff-panel.tsx`,
  'BacktestView.state': `${PAGES}/policy/backtest-panel.tsx`,
  'ExaminationView.tests.expected.outcome': `${PAGES}/policy/outcome.tsx`,
  'ExaminationView.findings.severity': FINDING,
  'PastCaseView.window': `${PAGES}/policy/case-form.tsx`,
  'POST /api/v1/policies/lists field': FIELD,
  'UserRequest.roles': ROLE,
  'TokenDto.status': `${PAGES}/access/tokens-panel.tsx`,
  'SessionListDto.items.method': SIGN_IN_METHOD,
  'WebhookEventDto.status': WEBHOOK_RESULT,
  'WebhookEventDto.reason': STATUS_REASON,
  'ReplayedDto.types.status': WEBHOOK_RESULT,
  'GapPage.items.kind': `${PAGES}/health/reconciliation.tsx`,
  'RunPage.items.result': `${PAGES}/health/reconciliation.tsx`,
  'EndpointRequest.event_types': NOTIFICATION_TYPE,
  'DeliveryPage.items.status': `${PAGES}/health/deliveries.tsx`,
  'FilterChangeView.status': `${PAGES}/health/qi-filters.tsx`,
  'ExportDto.status': EXPORT_STATUS,
  'OverviewDto.limits.name': LIMIT,
  'OperationDetailDto.authorization.name': CHECK,
  'ScheduleDto.every': `${PAGES}/exports/recurrence.ts`,
  'EndpointView.channel': CHANNEL,
  'SecretRotation.keeps': `${PAGES}/health/rotate-secret.tsx`,
  'MailServerBody.security': `${PAGES}/health/mail-server.tsx`,
  'AlertList.open.kind': KIND_OF_ALERT,
  'ResultsDto.by': DIMENSION,
  'PivotDto.measures': MEASURE,
  'GET /api/v1/history/results by': DIMENSION,
  'ResultsDto.without_margin.why': WITHOUT_MARGIN,
  'HistoryPage.items.margin_unknown': NO_MARGIN,
  'GET /api/v1/history/auctions sort': `${PAGES}/history/sorting.ts`,
  'ResultsDto.waterfall.step': STEP,
  'LossDto.segments.by': `${PAGES}/history/loss.tsx`,
  'TroublesDto.items.kind': TROUBLE,
  'ConformanceRunDto.findings.question': 'console/src/words/conformance-words.ts',
  'SetupDto.steps.name': 'console/src/words/first-day-words.ts',
  'SetupDto.steps.gaps': 'console/src/words/first-day-words.ts',
  'RecoveryDto.sign': RECOVERY_SIGN,
  'RateModelList.line.returned.code': RATE_RETURN,
  'RateModelList.versions.figures.doubts': RATE_DOUBT,
  'RateModelList.fallback': RATE_FALLBACK,
  'RateModelDetail.priced_per': RATE_PRICED_PER,
  'RateModelList.versions.state': RATE_VERSION_STATE,
  'RateModelList.versions.stage': RATE_STAGE,
  'RateModelList.versions.waits_for': RATE_WAIT,
  'RateModelList.runs.state': RATE_RUN_STATE,
  'RateModelList.runs.reason': RATE_REFUSAL,
};

/** Lists that no person reads, and why. */
const NOBODY_READS: Readonly<Record<string, string>> = {
  'GET /api/v1/policies/{number}/tables/{table} format': 'file formats are called by their names',
  'ExportDto.format': 'file formats are called by their names',
  'GET /api/v1/history/auctions direction': 'an arrow at the heading',
  'POST /api/v1/policies/lists stop_on_error': 'yes and no in an address',
  'RevealedData.values.(names)': 'the page asks for four of them, each with its label',
  'OutcomesRequest.outcomes.status': 'the body of a script, or a column of a file',
  'OutcomesPreviewDto.asks_for': 'a button says how many it replaces',
  'RateShiftDto.verdict': 'a sentence where nothing can be judged',
  'SignatureSubmissionDto.type': 'the body of a script',
  'SignatureSubmissionDto.signatures.authentication_type': 'the body of a script',
  'KeptDocumentDto.kind': 'file formats are called by their names',
  'OperationDetailDto.origin': 'the page links to the auction or the proposal',
  'OperationDetailDto.events.effect': 'only a contradiction is marked, in words of its own',
  'ProposalDetailDto.events.effect': 'only a late fact is marked, in words of its own',
  'TaskPageDto.items.status': 'told by who has it and until when it sleeps',
  'GET /api/v1/tasks snoozed': 'a check box',
  'DecidedDto.status': 'the answer to a button',
  'BulkResultDto.results.outcome': 'counted',
  'GapPage.items.closed_as': 'open gaps are shown',
  'GET /api/v1/reconciliation/gaps status': 'a check box',
  'FilterChangeView.kind': 'the body says it',
  'LookupResult.kind': 'leads to a page',
  'LookupResult.keys.kind': 'leads to a page; the finder has its words beside it',
  'SavedViewDto.page': 'leads to a page',
  'ExportDto.content': 'told by the name of the view',
  'SystemDto.database.privilege': 'a sentence where it is not as it should be',
  'ImportedList.imported.asks_for': 'a dialog',
  'TroublesDto.items.severity': 'a colour beside the words of what is wrong',
  'ConformanceRunDto.state': 'sentences of the page: it runs, it is over, it was stopped',
  'DictionaryView.fields.type': 'chooses the input',
  'DictionaryView.fields.stage': 'chooses the input',
  'DictionaryView.operators.operand': 'chooses the input',
  'AuctionDetail.bid.rebates.amount_type': 'shown as per cent or reais',
  'AuctionDetail.deadline_reading': 'the text as QI wrote it stands beside the time',
  'BorrowerDto.person.marital_status': 'asked for by scripts only',
  'BorrowerDto.person.gender': 'asked for by scripts only',
  'BorrowerDto.person.document_identification_type': 'two of them are offered, with their names',
  'BorrowerDto.account.account_type': 'asked for by scripts only',
};

interface ClosedList {
  readonly values: readonly string[];
  readonly places: readonly string[];
}

/** Every enumeration of the description, with all its places: `Schema.property.property` or `VERB /path parameter`. */
function closedLists(): readonly ClosedList[] {
  const description = JSON.parse(readFileSync('console/openapi.json', 'utf8')) as Readonly<
    Record<'paths' | 'components', Readonly<Record<string, unknown>>>
  >;
  const found = new Map<string, { values: string[]; places: string[] }>();
  const visit = (node: unknown, place: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('enum' in node && Array.isArray(node.enum)) {
      const values = node.enum as string[];
      const list = found.get(JSON.stringify([...values].sort())) ?? { values, places: [] };
      found.set(JSON.stringify([...values].sort()), { ...list, places: [...list.places, place] });
    }
    for (const [name, part] of Object.entries(node)) {
      if (name === 'properties')
        for (const [property, schema] of Object.entries(part as object)) visit(schema, `${place}.${property}`);
      else if (name === 'propertyNames') visit(part, `${place}.(names)`);
      else visit(part, place);
    }
  };
  for (const [name, schema] of Object.entries(description.components['schemas'] as object))
    visit(schema, name.replace(/_Output$/, ''));
  for (const [path, verbs] of Object.entries(description.paths))
    for (const [verb, { parameters = [] }] of Object.entries(
      verbs as Record<string, { parameters?: { name: string; schema: unknown }[] }>,
    ))
      for (const { name, schema } of parameters) visit(schema, `${verb.toUpperCase()} ${path} ${name}`);
  return [...found.values()];
}

describe('the closed lists that the API describes', () => {
  const lists = closedLists();
  const listAt = (place: string): ClosedList | undefined => lists.find(({ places }) => places.includes(place));

  it('are all read in words, or by nobody for a reason', () => {
    const known = [...Object.keys(READ), ...Object.keys(NOBODY_READS)];
    const forgotten = lists.filter(({ places }) => !places.some((place) => known.includes(place)));
    expect(forgotten).toEqual([]);
    expect(known.filter((place) => listAt(place) === undefined)).toEqual([]);
  });

  it.each(Object.entries(READ))('%s has a word for every code', (place, reader) => {
    const values = listAt(place)?.values ?? [];
    const source = typeof reader === 'string' ? readFileSync(reader, 'utf8') : undefined;
    const isRead = (value: string): boolean =>
      source === undefined
        ? Object.hasOwn(reader as Words, value)
        : new RegExp(`(^|[{ ,])${value}:|'${value}'`, 'm').test(source);
    expect(values.filter((value) => !isRead(value))).toEqual([]);
  });
});
