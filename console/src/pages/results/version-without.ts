/** Two versions of the policy that are held against each other. */
export type Versions = readonly [string, string];

export const NO_VERSION = 'Ela não existe, ou não decidiu nenhum leilão: não há com que comparar.';

/** The first of the two of which nothing is counted: what is far from nothing is no difference. */
export function versionWithout(
  { total }: { readonly total: readonly { readonly [side in 'a' | 'b']: { readonly sample: number } }[] },
  versions: Versions | undefined,
): string | undefined {
  if (versions === undefined) return undefined;
  const [a, b] = versions;
  if (total.every((figure) => figure.a.sample === 0)) return a;
  return total.every((figure) => figure.b.sample === 0) ? b : undefined;
}
