/** What the system, the database or Node itself calls this failure; undefined where it has no such name. */
export function codeOf(error: unknown): string | undefined {
  const hasOne = typeof error === 'object' && error !== null && 'code' in error;
  return hasOne && typeof error.code === 'string' ? error.code : undefined;
}

export function hasCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}
