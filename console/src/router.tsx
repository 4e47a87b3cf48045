import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link } from '@tanstack/react-router';
import { readHistorySearch } from './pages/history/history-search';
import { readPolicySearch } from './pages/policy/places';
import {
  readCompareSearch,
  readExploreSearch,
  readRateSearch,
  readResultSearch,
} from './pages/results/search';
import { Empty } from './parts/states';
import { Failure } from './parts/states';
import { Shell } from './shell/shell';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Empty title="Esta página não existe">
      <Link to="/" className="link">
        Voltar ao início
      </Link>
    </Empty>
  ),
});

const live = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/live/live-page'), 'LivePage'),
});
const history = createRoute({
  getParentRoute: () => root,
  path: '/historico',
  validateSearch: readHistorySearch,
  component: lazyRouteComponent(() => import('./pages/history/history-page'), 'HistoryPage'),
});
const auction = createRoute({
  getParentRoute: () => root,
  path: '/historico/$key',
  component: lazyRouteComponent(() => import('./pages/history/auction-page'), 'AuctionPage'),
});
const charts = createRoute({
  getParentRoute: () => root,
  path: '/graficos',
  validateSearch: readHistorySearch,
  component: lazyRouteComponent(() => import('./pages/history/charts-page'), 'ChartsPage'),
});
const results = createRoute({
  getParentRoute: () => root,
  path: '/resultado',
  validateSearch: readResultSearch,
  component: lazyRouteComponent(() => import('./pages/results/results-page'), 'ResultsPage'),
});
const rates = createRoute({
  getParentRoute: () => root,
  path: '/taxa',
  validateSearch: readRateSearch,
  component: lazyRouteComponent(() => import('./pages/rates/rates-page'), 'RatesPage'),
});
const comparison = createRoute({
  getParentRoute: () => root,
  path: '/comparar',
  validateSearch: readCompareSearch,
  component: lazyRouteComponent(() => import('./pages/results/compare-page'), 'ComparePage'),
});
const explore = createRoute({
  getParentRoute: () => root,
  path: '/explorar',
  validateSearch: readExploreSearch,
  component: lazyRouteComponent(() => import('./pages/results/explore-page'), 'ExplorePage'),
});
const dashboards = createRoute({
  getParentRoute: () => root,
  path: '/paineis',
  component: lazyRouteComponent(() => import('./pages/dashboards/dashboards-page'), 'DashboardsPage'),
});
const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/paineis/$id',
  component: lazyRouteComponent(() => import('./pages/dashboards/dashboard-page'), 'DashboardPage'),
});
const policies = createRoute({
  getParentRoute: () => root,
  path: '/politica',
  component: lazyRouteComponent(() => import('./pages/policy/policies-page'), 'PoliciesPage'),
});
const policy = createRoute({
  getParentRoute: () => root,
  path: '/politica/$number',
  validateSearch: readPolicySearch,
  component: lazyRouteComponent(() => import('./pages/policy/policy-page'), 'PolicyPage'),
});
const onCall = createRoute({
  getParentRoute: () => root,
  path: '/plantao',
  component: lazyRouteComponent(() => import('./pages/on-call/on-call-page'), 'OnCallPage'),
});
const tasks = createRoute({
  getParentRoute: () => root,
  path: '/operacoes',
  component: lazyRouteComponent(() => import('./pages/operations/operations-page'), 'OperationsPage'),
});
const operation = createRoute({
  getParentRoute: () => root,
  path: '/operacoes/$key',
  component: lazyRouteComponent(() => import('./pages/operations/operation-page'), 'OperationPage'),
});
const proposals = createRoute({
  getParentRoute: () => root,
  path: '/propostas',
  component: lazyRouteComponent(() => import('./pages/proposals/proposals-page'), 'ProposalsPage'),
});
const newProposal = createRoute({
  getParentRoute: () => root,
  path: '/propostas/nova',
  component: lazyRouteComponent(() => import('./pages/proposals/new-proposal-page'), 'NewProposalPage'),
});
const proposalFiles = createRoute({
  getParentRoute: () => root,
  path: '/propostas/arquivos',
  component: lazyRouteComponent(() => import('./pages/proposals/files-page'), 'FilesPage'),
});
const proposalFile = createRoute({
  getParentRoute: () => root,
  path: '/propostas/arquivos/$id',
  component: lazyRouteComponent(() => import('./pages/proposals/file-page'), 'FilePage'),
});
const proposal = createRoute({
  getParentRoute: () => root,
  path: '/propostas/$id',
  component: lazyRouteComponent(() => import('./pages/proposals/proposal-page'), 'ProposalPage'),
});
const exports = createRoute({
  getParentRoute: () => root,
  path: '/exportacoes',
  component: lazyRouteComponent(() => import('./pages/exports/exports-page'), 'ExportsPage'),
});
const health = createRoute({
  getParentRoute: () => root,
  path: '/saude',
  component: lazyRouteComponent(() => import('./pages/health/health-page'), 'HealthPage'),
});
const recovery = createRoute({
  getParentRoute: () => root,
  path: '/restauracao',
  component: lazyRouteComponent(() => import('./pages/recovery/recovery-page'), 'RecoveryPage'),
});

const firstDay = createRoute({
  getParentRoute: () => root,
  path: '/primeiros-passos',
  component: lazyRouteComponent(() => import('./pages/first-day/first-day-page'), 'FirstDayPage'),
});
const access = createRoute({
  getParentRoute: () => root,
  path: '/acesso',
  component: lazyRouteComponent(() => import('./pages/access/access-page'), 'AccessPage'),
});
const account = createRoute({
  getParentRoute: () => root,
  path: '/conta',
  component: lazyRouteComponent(() => import('./pages/access/account-page'), 'AccountPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    onCall,
    live,
    history,
    auction,
    charts,
    results,
    rates,
    comparison,
    explore,
    dashboards,
    dashboard,
    policies,
    policy,
    tasks,
    operation,
    proposals,
    newProposal,
    proposalFiles,
    proposalFile,
    proposal,
    exports,
    health,
    recovery,
    firstDay,
    access,
    account,
  ]),
  defaultPreload: 'intent',
  // What was begun about one loan is nothing to the next one, whose page may be there at once.
  defaultRemountDeps: ({ params }) => params,
  // Of every route by itself, so that the menu and what stops bidding outlive a page.
  defaultErrorComponent: ({ error }) => <Failure error={error} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
