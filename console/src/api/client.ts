import createClient from 'openapi-fetch';
import { authenticate } from '../session/session';
import { fetchInTime } from './fetch-in-time';
import { noConnection, perhapsDone, problemOf, type ApiProblem } from './problem';
import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type AuctionRow = Schemas['HistoryPage_Output']['items'][number];
export type AuctionDetail = Schemas['AuctionDetail'];
export type Overview = Schemas['OverviewDto_Output'];
export type Charts = Schemas['ChartsDto_Output'];
export type Results = Schemas['ResultsDto_Output'];
export type Comparison = Schemas['ComparisonDto_Output'];
export type Compared = Comparison['total'][number];
export type Pivot = Schemas['PivotDto_Output'];
export type WinCurves = Schemas['WinCurveDto_Output'];
export type Fairness = Schemas['FairnessDto_Output'];
export type RateModels = Schemas['RateModelList_Output'];
export type RateModel = Schemas['RateModelDetail_Output'];
export type Dashboard = Schemas['DashboardDto_Output'];
export type ExportSchedule = Schemas['ScheduleDto_Output'];
export type RateShiftAnswer = Schemas['RateShiftDto_Output'];
export type TimelineItem = Schemas['TimelineDto_Output']['items'][number];
export type SystemReport = Schemas['SystemDto_Output'];
export type WebhookEvent = Schemas['WebhookEventPage_Output']['items'][number];
export type Session = Schemas['SessionDto_Output'];
export type Task = Schemas['TaskDto_Output'];
export type BulkResult = Schemas['BulkResultDto_Output'];
export type Operation = Schemas['OperationPageDto_Output']['items'][number];
export type OperationDetail = Schemas['OperationDetailDto_Output'];
export type Evidence = Schemas['EvidenceDto_Output'];
export type Proposal = Schemas['ProposalPageDto_Output']['items'][number];
export type BorrowerBody = Schemas['BorrowerDto'];
export type BatchPreview = Schemas['BatchPreviewDto_Output'];
export type OutcomesPreview = Schemas['OutcomesPreviewDto_Output'];
export type Estimate = Schemas['EstimatedDto_Output'];
export type ProposalDetail = Schemas['ProposalDetailDto_Output'];
export type Approval = Schemas['ApprovalPageDto_Output']['items'][number];
export type PolicyVersion = Schemas['PolicyVersionView_Output'];
export type PolicySummary = Schemas['PolicyPage_Output']['items'][number];
export type PolicyReview = Schemas['PolicyReviewView_Output'];
export type PolicyChange = Schemas['PolicyDiff_Output']['changes'][number];
export type SheetPreview = Schemas['SheetPreview_Output'];
export type Backtest = Schemas['BacktestView_Output'];
export type BacktestList = Schemas['BacktestList_Output'];
export type Dictionary = Schemas['DictionaryView_Output'];
export type FilterState = Schemas['FilterStateView_Output'];
export type FilterChange = NonNullable<FilterState['open']>;
export type NotificationEndpoint = Schemas['EndpointList_Output']['items'][number];
export type NotificationDelivery = Schemas['DeliveryPage_Output']['items'][number];
export type NotificationType = Schemas['EndpointRequest']['event_types'][number];
export type AlertList = Schemas['AlertList_Output'];
export type Alert = AlertList['open'][number];
export type MailServer = NonNullable<Schemas['MailServerView_Output']['server']>;
export type Examination = Schemas['ExaminationView_Output'];
export type User = Schemas['UserPage_Output']['items'][number];
export type Role = Schemas['UserRequest']['roles'][number];
export type ApiToken = Schemas['TokenPage_Output']['items'][number];
export type AuditRow = Schemas['AuditPage_Output']['items'][number];
export type Recoveries = Schemas['RecoveriesDto_Output'];
export type Recovery = Recoveries['items'][number];
export type Lookup = Schemas['LookupResult_Output'];
export type Loss = Schemas['LossDto_Output'];
export type Trouble = Schemas['TroublesDto_Output']['items'][number];
export type SetupStep = Schemas['SetupDto_Output']['steps'][number];
export type ConformanceRun = Schemas['ConformanceRunDto_Output'];
export type ConformanceFinding = ConformanceRun['findings'][number];
export type KillSwitch = Schemas['KillSwitchDto_Output'];

/** Told when the service no longer knows us. */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** What is posted and changes nothing: it is too long for an address, or too personal. */
const LOOKS = /\/(check|estimate|evidence|inspect|lookup|preview|quotes|reveal|session)$/;

function toldOf({ method, url }: Request, problem: ApiProblem): ApiProblem {
  const isChange = method !== 'GET' && !LOOKS.test(new URL(url).pathname);
  return isChange && problem.isUnanswered ? perhapsDone(problem) : problem;
}

/** Told when a change was refused, and nothing done, because another tab has signed in since. */
let onOtherSession: () => Promise<void> = () => Promise.resolve();
export function whenSessionIsAnother(listener: () => Promise<void>): void {
  onOtherSession = listener;
}

const client = createClient<paths>({ baseUrl: window.location.origin, fetch: fetchInTime });
client.use({
  onRequest({ request }) {
    authenticate(request.headers, request.method);
    return request;
  },
  async onResponse({ response, request }) {
    if (response.ok) return undefined;
    const isSignIn = new URL(request.url).pathname === '/api/v1/session' && request.method === 'POST';
    if (response.status === 401 && !isSignIn) onSignedOut();
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    const problem = problemOf(response.status, body, response.headers.get('retry-after'));
    if (problem.type === 'csrf') await onOtherSession();
    throw toldOf(request, problem);
  },
  onError({ request }) {
    return toldOf(request, noConnection());
  },
});

export const api = client;

/** The body of an answer; what is not a success has been thrown as an ApiProblem. */
export async function bodyOf<Body>(call: Promise<{ data?: Body }>): Promise<NonNullable<Body>> {
  const { data } = await call;
  if (data === undefined || data === null) throw noConnection();
  return data;
}

/** A key under which the service does a thing once, however often the request reaches it. */
export function idempotencyKey(): string {
  return crypto.randomUUID();
}
