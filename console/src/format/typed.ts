import { isDay } from './format';

/** What people type into fields, as it looks while they do, and what it means. */

const digitsOf = (text: string, most: number): string => text.replace(/\D/g, '').slice(0, most);

/** A number without what only parts it for the eye. Anything else that was typed stays, for the service to object to. */
export const unpunctuated = (text: string): string => text.replaceAll(/[\s./()-]/g, '');

/** As one types a CPF: "529.982.247-25". */
export function maskedCpf(text: string): string {
  return digitsOf(text, 11)
    .replace(/^(\d{3})(\d)/, '$1.$2')
    .replace(/^(\d{3}\.\d{3})(\d)/, '$1.$2')
    .replace(/^(\d{3}\.\d{3}\.\d{3})(\d)/, '$1-$2');
}

/** The eleven digits of a CPF that exists, else undefined. */
export function typedCpf(text: string): string | undefined {
  const digits = text.replace(/\D/g, '');
  if (!/^\d{11}$/.test(digits) || /^(\d)\1+$/.test(digits)) return undefined;
  const isRight = [9, 10].every((length) => checkDigit(digits.slice(0, length)) === Number(digits[length]));
  return isRight ? digits : undefined;
}

function checkDigit(digits: string): number {
  const sum = Array.from(digits).reduce(
    (total, each, at) => total + Number(each) * (digits.length + 1 - at),
    0,
  );
  return ((sum * 10) % 11) % 10;
}

/** As one types a date: "10/03/1985". */
export function maskedDate(text: string): string {
  return digitsOf(text, 8)
    .replace(/^(\d{2})(\d)/, '$1/$2')
    .replace(/^(\d{2}\/\d{2})(\d)/, '$1/$2');
}

/** "10/03/1985" is "1985-03-10"; undefined when there is no such day. */
export function typedDate(text: string): string | undefined {
  const [, day, month, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text.trim()) ?? [];
  const iso = `${year ?? ''}-${month ?? ''}-${day ?? ''}`;
  return isDay(iso) ? iso : undefined;
}
