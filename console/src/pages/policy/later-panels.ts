import { lazy } from 'react';

/*
 * The panels behind the tabs of a policy: each is loaded when its tab is opened; the tables, which open first, are not here. What
 * two people disagree about is seldom asked for.
 */

export const BacktestPanel = lazy(() =>
  import('./backtest-panel').then((panel) => ({ default: panel.BacktestPanel })),
);
export const CasesPanel = lazy(() =>
  import('./cases-panel').then((panel) => ({ default: panel.CasesPanel })),
);
export const ConflictAlert = lazy(() =>
  import('./conflict-alert').then((alert) => ({ default: alert.ConflictAlert })),
);
export const DiffPanel = lazy(() => import('./diff-panel').then((panel) => ({ default: panel.DiffPanel })));
export const ExaminationPanel = lazy(() =>
  import('./examination-panel').then((panel) => ({ default: panel.ExaminationPanel })),
);
export const ListsPanel = lazy(() =>
  import('./lists-panel').then((panel) => ({ default: panel.ListsPanel })),
);
export const ProductSettings = lazy(() =>
  import('./product-settings').then((panel) => ({ default: panel.ProductSettings })),
);
export const ReviewPanel = lazy(() =>
  import('./review-panel').then((panel) => ({ default: panel.ReviewPanel })),
);
export const RulesPanel = lazy(() =>
  import('./rules-panel').then((panel) => ({ default: panel.RulesPanel })),
);
export const SettingsPanel = lazy(() =>
  import('./settings-panel').then((panel) => ({ default: panel.SettingsPanel })),
);
export const ShadowPanel = lazy(() =>
  import('./shadow-panel').then((panel) => ({ default: panel.ShadowPanel })),
);
