/** Whether it can be stored and compared as it is: PostgreSQL's text knows no NUL, and half a character is none. */
export function isPlainText(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
