/** What we lend, by the words on QI's wire. */
export const PRODUCTS = ['private_payroll', 'fgts', 'federal_payroll'] as const;
export type Product = (typeof PRODUCTS)[number];

/** Those that no auction brings: the borrower comes to us, and a person has time to look. */
export const DIRECT_PRODUCTS = ['fgts', 'federal_payroll'] as const satisfies readonly Product[];
export type DirectProduct = (typeof DIRECT_PRODUCTS)[number];

/** As the credit team says it. */
export const PRODUCT_LABELS: Readonly<Record<Product, string>> = {
  private_payroll: 'Consignado privado',
  fgts: 'FGTS saque-aniversário',
  federal_payroll: 'SIAPE',
};

export function isDirectProduct(name: unknown): name is DirectProduct {
  return DIRECT_PRODUCTS.some((product) => product === name);
}
