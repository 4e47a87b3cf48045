import type { PolicyDocument, PriceTable, ProductSection, Rule, Table } from './document';
import { isPriceTable } from './document';
import { member } from './json-parts';
import { DIRECT_PRODUCTS, type Product } from './product';

/** What decides about one product, wherever in the document it stands. */
export interface Section {
  readonly product: Product;
  /** Where it stands: nothing before it is private payroll, which the document itself is about. */
  readonly at: readonly string[];
  readonly rules: readonly Rule[];
  readonly tables: readonly Table[];
  readonly limits: Ranges;
  /** Every way in which an offer comes to its price, and the ranges in which it has to find one. */
  readonly prices: readonly PriceSource[];
  /** The names of its loss tables that are asked. */
  readonly losses: readonly string[];
}

interface PriceSource {
  /** Of the fee table, where there are several. */
  readonly id?: string;
  readonly table: string;
  readonly limits: Ranges;
}

/** Within what something may be offered: the part of limits that every product has. */
export type Ranges = Pick<PolicyDocument['limits'], 'amount' | 'installments' | 'table'>;

/** The private payroll, and the products that the document has a section for. */
export function sectionsOf(document: PolicyDocument): readonly Section[] {
  const { rules, tables, limits, pricing, late_bidding: late, economics } = document;
  const onTime = { table: pricing.table, limits };
  const prices = late.enabled ? [onTime, { table: late.table, limits: late.limits }] : [onTime];
  const direct = DIRECT_PRODUCTS.flatMap((product): readonly Section[] => {
    const section: ProductSection | undefined = document.products?.[product];
    if (section === undefined) return [];
    return [
      {
        product,
        at: placeOf(product),
        rules: section.rules,
        tables: section.tables,
        limits: section.limits,
        prices: section.pricing.fee_tables.map(({ id, table }) => ({ id, table, limits: section.limits })),
        losses: [],
      },
    ];
  });
  const losses = economics?.inputs.map((entry) => entry.losses) ?? [];
  return [{ product: 'private_payroll', at: [], rules, tables, limits, prices, losses }, ...direct];
}

/** The members that lead to a product's section. */
export function placeOf(product: Product): readonly string[] {
  return product === 'private_payroll' ? [] : ['products', product];
}

/** A product's section in a document that may be wrong anywhere. */
export function sectionAt(json: unknown, product: Product): unknown {
  return placeOf(product).reduce(member, json);
}

/** As paths in findings begin: empty, or `products.fgts.`. */
export function prefixOf({ at }: Pick<Section, 'at'>): string {
  return at.map((name) => `${name}.`).join('');
}

/** A table of a document: names of tables are unique in a product's section only. */
export interface TableAddress {
  readonly product: Product;
  readonly table: string;
}

/** Undefined when there is none of this name. */
export function findTable(document: PolicyDocument, { product, table }: TableAddress): Table | undefined {
  const section = sectionsOf(document).find((one) => one.product === product);
  return section?.tables.find(({ id }) => id === table);
}

/** The price tables of a section. */
export function priceTablesOf({ tables }: Pick<Section, 'tables'>): readonly PriceTable[] {
  return tables.filter(isPriceTable);
}
