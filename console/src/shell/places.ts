import type { IconName } from './icons';

/** A page of the menu. */
export interface Place {
  readonly to:
    | '/'
    | '/historico'
    | '/graficos'
    | '/resultado'
    | '/taxa'
    | '/comparar'
    | '/explorar'
    | '/paineis'
    | '/politica'
    | '/propostas'
    | '/operacoes'
    | '/exportacoes'
    | '/saude'
    | '/plantao'
    | '/acesso';
  readonly label: string;
  readonly icon: IconName;
  /** Whoever has one of these sees it. */
  readonly permissions: readonly string[];
}

export const PLACES: readonly Place[] = [
  { to: '/', label: 'Ao vivo', icon: 'live', permissions: ['auctions.read'] },
  { to: '/historico', label: 'Histórico', icon: 'history', permissions: ['auctions.read'] },
  { to: '/graficos', label: 'Gráficos', icon: 'charts', permissions: ['auctions.read'] },
  { to: '/resultado', label: 'Resultado', icon: 'results', permissions: ['auctions.read'] },
  { to: '/taxa', label: 'Taxa', icon: 'rate', permissions: ['auctions.read'] },
  { to: '/comparar', label: 'Comparar', icon: 'compare', permissions: ['auctions.read'] },
  { to: '/explorar', label: 'Explorar', icon: 'explore', permissions: ['auctions.read'] },
  { to: '/paineis', label: 'Painéis', icon: 'columns', permissions: ['auctions.read'] },
  { to: '/politica', label: 'Política', icon: 'policy', permissions: ['policies.read'] },
  { to: '/propostas', label: 'Propostas', icon: 'proposals', permissions: ['proposals.read'] },
  { to: '/operacoes', label: 'Operações', icon: 'operations', permissions: ['operations.read'] },
  { to: '/exportacoes', label: 'Exportações', icon: 'exports', permissions: ['exports.hand_over'] },
  { to: '/plantao', label: 'Plantão', icon: 'alert', permissions: ['health.read'] },
  { to: '/saude', label: 'Saúde', icon: 'health', permissions: ['health.read'] },
  {
    to: '/acesso',
    label: 'Acesso',
    icon: 'access',
    permissions: ['users.manage', 'tokens.manage', 'audit.read'],
  },
];

/** Pages of their own beneath one of the menu. */
const BENEATH: readonly Rule[] = [{ to: '/propostas/nova', permissions: ['proposals.act'] }];

interface Rule {
  readonly to: string;
  readonly permissions: readonly string[];
}

/** Whether an address leads to a page that somebody may not see; those that no rule names are for everybody. */
export function isClosed(pathname: string, may: (permission: string) => boolean): boolean {
  const isAbove = ({ to }: Rule): boolean => pathname === to || (to !== '/' && pathname.startsWith(`${to}/`));
  return [...PLACES, ...BENEATH].some((rule) => isAbove(rule) && !rule.permissions.some(may));
}

/** Where somebody's day begins: whoever runs the house with what happens now; authors and approvers at the policy, operators at what waits. */
export function homeOf(roles: readonly string[]): Place['to'] {
  if (roles.includes('admin')) return '/';
  if (roles.some((role) => role.startsWith('policy_'))) return '/politica';
  if (roles.some((role) => role === 'operator' || role === 'operations_approver')) return '/operacoes';
  return roles.length === 1 && roles[0] === 'auditor' ? '/acesso' : '/';
}
