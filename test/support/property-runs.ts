/** How often a property is tried; PROPERTY_RUNS caps it, for mutation testing, where each mutant runs the tests anew. */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: Math.min(count, Number(process.env['PROPERTY_RUNS'] ?? count)) };
}
