const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A piece of personal data. Printing, logging, inspecting or serialising it shows the mask;
 * only `reveal()` gives the value, so every use of the value is a word one can search for.
 */
export class Personal {
  readonly #value: string;
  readonly #mask: string;

  protected constructor(value: string, mask: string) {
    this.#value = value;
    this.#mask = mask;
  }

  /** A person's name: initials stay. "Maria da Silva" -> "M*** d* S***". */
  static personName(name: string): Personal {
    return new Personal(name, maskWords(name));
  }

  /** Anything else personal (registration, birth date, address): nothing stays. */
  static text(value: string): Personal {
    return new Personal(value, '***');
  }

  reveal(): string {
    return this.#value;
  }

  get masked(): string {
    return this.#mask;
  }

  toString(): string {
    return this.#mask;
  }

  toJSON(): string {
    return this.#mask;
  }

  [inspect](): string {
    return this.#mask;
  }
}

function maskWords(name: string): string {
  return name
    .trim()
    .split(/\s+/)
    .map((word) => `${word.slice(0, 1)}${'*'.repeat(Math.min(Math.max(word.length - 1, 1), 3))}`)
    .join(' ');
}

/** A CPF (Brazilian taxpayer number of a person), 11 digits. Masked as ***.456.789-**. */
export class Cpf extends Personal {
  private constructor(digits: string) {
    super(digits, `***.${digits.slice(3, 6)}.${digits.slice(6, 9)}-**`);
  }

  /**
   * Reads a CPF as QI writes it: punctuated or not, left zeros possibly lost.
   * Check digits are not required (QI's own samples break them): ask `isValid`.
   */
  static parse(text: string): Cpf | undefined {
    if (!/^[\d.\-\s]{1,20}$/.test(text)) return undefined;
    const digits = text.replace(/\D/g, '');
    return digits.length >= 1 && digits.length <= 11 ? new Cpf(digits.padStart(11, '0')) : undefined;
  }

  get isValid(): boolean {
    return hasValidCpfCheckDigits(this.reveal());
  }

  equals(other: Cpf): boolean {
    return this.reveal() === other.reveal();
  }
}

/** Both modulo-11 check digits right, and not one digit repeated (which passes the arithmetic). */
export function hasValidCpfCheckDigits(digits: string): boolean {
  if (!/^\d{11}$/.test(digits) || /^(\d)\1{10}$/.test(digits)) return false;
  const digit = (at: number): number => digits.charCodeAt(at) - 48;
  const checkDigit = (length: number): number => {
    let sum = 0;
    for (let i = 0; i < length; i += 1) sum += digit(i) * (length + 1 - i);
    return ((sum * 10) % 11) % 10;
  };
  return checkDigit(9) === digit(9) && checkDigit(10) === digit(10);
}
