import type { Random } from './random';

/** Documents that pass their check digits, drawn from a seed. None is meant to be anybody's. */

export function drawCpf(random: Random): string {
  const stem = random.digits(9);
  const digits = /^(\d)\1{8}$/.test(stem) ? '123456780' : stem;
  const first = cpfCheckDigit(digits);
  return digits + first + cpfCheckDigit(digits + first);
}

/** A CNPJ; with `letters`, of the alphanumeric kind issued from July 2026 (IN RFB 2.229/2024). */
export function drawCnpj(random: Random, letters = false): string {
  const alphabet = letters ? '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ' : '0123456789';
  const root = Array.from({ length: 8 }, () => alphabet.charAt(random.integer(0, alphabet.length - 1))).join(
    '',
  );
  const stem = `${letters ? root : random.integer(1, 9).toString() + root.slice(1)}0001`;
  const first = cnpjCheckDigit(stem);
  return stem + first + cnpjCheckDigit(stem + first);
}

function cpfCheckDigit(digits: string): string {
  const sum = Array.from(digits).reduce(
    (total, digit, i) => total + Number(digit) * (digits.length + 1 - i),
    0,
  );
  return String(((sum * 10) % 11) % 10);
}

function cnpjCheckDigit(stem: string): string {
  const sum = Array.from(stem).reduce(
    (total, character, i) => total + (character.charCodeAt(0) - 48) * (((stem.length - 1 - i) % 8) + 2),
    0,
  );
  return String(sum % 11 < 2 ? 0 : 11 - (sum % 11));
}
