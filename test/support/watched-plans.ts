import { Client, type Pool } from 'pg';

/** A table read by one node of a plan. */
export interface TableRead {
  readonly table: string;
  readonly rows: number;
  /** By which index, or none. */
  readonly index: string | undefined;
  readonly statement: string;
}

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

interface ExplainedStatement {
  readonly 'Query Text': string;
  readonly Plan: PlanNode;
}

/** `auto_explain`, which comes with PostgreSQL, tells whoever runs a statement how it was run. Only a superuser may order it. */
const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_level': 'notice',
  'auto_explain.log_format': 'json',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
};

/**
 * From now on every statement that this process runs over a new connection to the database tells `onRead` which tables it
 * really read, and how much of them; those that a function or a trigger runs too.
 * @returns what ends it
 */
export async function watchReads(sql: Pool, onRead: (read: TableRead) => void): Promise<() => void> {
  const { rows } = await sql.query<{ name: string }>('SELECT current_database() AS name');
  for (const [setting, value] of Object.entries(SETTINGS))
    await sql.query(`ALTER DATABASE ${rows[0]?.name ?? ''} SET ${setting} = '${value}'`);
  const emit = Reflect.get(Client.prototype, 'emit') as (...args: readonly unknown[]) => boolean;
  Reflect.set(Client.prototype, 'emit', function (this: Client, ...args: readonly unknown[]) {
    const [event, notice] = args as [string, { readonly message?: string } | undefined];
    if (event === 'notice') for (const read of readsOf(notice?.message ?? '')) onRead(read);
    return Reflect.apply(emit, this, args);
  });
  return () => Reflect.set(Client.prototype, 'emit', emit);
}

function readsOf(message: string): readonly TableRead[] {
  const [, plan] = /^duration: .* plan:\n(\{.*)$/s.exec(message) ?? [];
  if (plan === undefined) return [];
  const { 'Query Text': text, Plan } = JSON.parse(plan) as ExplainedStatement;
  const statement = text.replaceAll(/\s+/g, ' ').trim();
  return nodesOf(Plan).flatMap((node) => {
    const table = node['Relation Name'];
    const rows = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
    return table === undefined ? [] : [{ table, rows, index: node['Index Name'], statement }];
  });
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
