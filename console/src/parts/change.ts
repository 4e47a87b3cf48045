import { share } from '../format/format';

/** "120, antes 100: +20 (+20,00%)". Without anything before there is nothing to take a share of. */
export function changeInWords(now: number, before: number, write: (n: number) => string): string {
  return `${write(now)}, antes ${write(before)}: ${shortChange(now, before, write)}`;
}

/** "+20 (+20,00%)" */
export function shortChange(now: number, before: number, write: (n: number) => string): string {
  const difference = now - before;
  if (difference === 0) return 'igual';
  const sign = difference > 0 ? '+' : '';
  const relative = before > 0 ? ` (${sign}${share(difference / before)})` : '';
  return `${sign}${write(difference)}${relative}`;
}
