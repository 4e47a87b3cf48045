import type { Decimal } from './decimal';

/** A decimal as Brazilians write it, with at least `places` decimals and no digit lost: 1234.5 is "1.234,50". */
export function showDecimal(value: Decimal, places: number): string {
  const text = value.toFixed();
  const first = text.startsWith('-') ? 1 : 0;
  const point = text.includes('.') ? text.indexOf('.') : text.length;
  let whole = text.slice(0, point);
  for (let at = point - 3; at > first; at -= 3) whole = `${whole.slice(0, at)}.${whole.slice(at)}`;
  const decimals = text.slice(point + 1).padEnd(places, '0');
  return decimals === '' ? whole : `${whole},${decimals}`;
}

/** "R$ 1.234,56" */
export function showReais(amount: Decimal): string {
  return `R$ ${showDecimal(amount, 2)}`;
}

/** A fraction as a percentage: 0.0249 is "2,49%". */
export function showPercent(fraction: Decimal): string {
  return `${showDecimal(fraction.times(100), 2)}%`;
}

/** A day, YYYY-MM-DD, as people read it: 05/12/2026. */
export function showDate(date: string): string {
  return date.split('-').reverse().join('/');
}
