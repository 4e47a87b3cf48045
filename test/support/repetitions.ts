/** What is tried many times, `npm test` tries a few of; `THOROUGH=1 npm test` as many as our claims say. */
export function times(usual: number, thorough: number): number {
  return process.env['THOROUGH'] === '1' ? thorough : usual;
}

/** How often a property is tried; PROPERTY_RUNS caps it, for mutation testing, where each mutant runs the tests anew. */
export function runs(usual: number, thorough = usual): { readonly numRuns: number } {
  const count = times(usual, thorough);
  return { numRuns: Math.min(count, Number(process.env['PROPERTY_RUNS'] ?? count)) };
}
