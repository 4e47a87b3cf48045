import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface PrometheusRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

export const RULES_FILE = 'config/observability/alerts.yaml';

export function prometheusRules(): readonly PrometheusRule[] {
  const { groups } = parse(readFileSync(RULES_FILE, 'utf8')) as { groups: { rules: PrometheusRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** The PromQL of every panel. */
export function dashboardExpressions(): readonly string[] {
  const { panels } = JSON.parse(readFileSync('config/observability/dashboard.json', 'utf8')) as {
    panels: { targets: { expr: string }[] }[];
  };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

/** The names of metrics in an expression, all but `up`, which Prometheus makes itself. */
export function metricsIn(expression: string): readonly string[] {
  return [...new Set(expression.match(/\b(?:arremate|nodejs|process)_[a-z0-9_]+/g) ?? [])];
}

/** The names of the samples that an exposition has or can have: a histogram has three. */
export function metricsOf(exposition: string): ReadonlySet<string> {
  const families = [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    families.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

/** The values of the samples of an exposition that an expression speaks of. */
export function samplesFor(expression: string, exposition: string): readonly number[] {
  const selectors = [...expression.matchAll(/\b(arremate_\w+)(?:\{([^}]*)\})?/g)];
  return [...exposition.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)]
    .filter(([, name, labels = '']) =>
      selectors.some(([, wanted, matchers = '']) => name === wanted && isMatched(labels, matchers)),
    )
    .map(([, , , value]) => Number(value));
}

function isMatched(labels: string, matchers: string): boolean {
  const values = new Map([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  return [...matchers.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].every(
    ([, name, operator = '', pattern = '']) => {
      const value = values.get(name) ?? '';
      const isFound = operator.endsWith('~') ? new RegExp(`^(?:${pattern})$`).test(value) : value === pattern;
      return isFound !== operator.startsWith('!');
    },
  );
}
