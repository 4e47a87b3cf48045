/** Whether it is this one of the system's or the database's, by their own names for it. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
