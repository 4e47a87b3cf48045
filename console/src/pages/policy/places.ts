import { placeInSection, PRODUCTS, type Product } from './product-view';

/** The tabs of a version's page, as they stand in the address. */
export const TABS = [
  'tabelas',
  'regras',
  'limites',
  'listas',
  'casos',
  'revisao',
  'conferencias',
  'mudancas',
  'impacto',
  'sombra',
] as const;
export type Tab = (typeof TABS)[number];

export const TAB_LABEL: Readonly<Record<Tab, string>> = {
  tabelas: 'Tabelas',
  regras: 'Regras',
  limites: 'Limites',
  listas: 'Listas',
  casos: 'Casos de teste',
  revisao: 'Revisão',
  conferencias: 'Conferências',
  mudancas: 'O que muda',
  impacto: 'Impacto',
  sombra: 'Sombra',
};

const SECTION: Readonly<Record<string, Tab>> = {
  tables: 'tabelas',
  rules: 'regras',
  lists: 'listas',
  test_cases: 'casos',
};

/** Where a place of the document is edited. */
export function tabOf(path: string): Tab {
  return SECTION[/^[a-z_]*/.exec(placeInSection(path))?.[0] ?? ''] ?? 'limites';
}

export interface PolicySearch {
  readonly aba?: Tab;
  readonly produto?: Product;
  /** A rule to be shown among the others. */
  readonly regra?: string;
}

export function readPolicySearch(search: Record<string, unknown>): PolicySearch {
  const aba = TABS.find((tab) => tab === search['aba']);
  const produto = PRODUCTS.find((product) => product === search['produto']);
  const { regra } = search;
  return {
    ...(aba !== undefined && { aba }),
    ...(produto !== undefined && { produto }),
    ...(typeof regra === 'string' && { regra }),
  };
}
