const CPF_LIKE = /\d{3}\.?\d{3}\.?\d{3}-?\d{2}/g;

/** QI's prose is kept and shown, but it may quote the borrower's CPF (or an account number): that is blotted out. */
export function withoutDocumentNumbers(prose: string): string;
export function withoutDocumentNumbers(prose: string | undefined): string | undefined;
export function withoutDocumentNumbers(prose: string | undefined): string | undefined {
  return prose?.replace(CPF_LIKE, '***');
}
