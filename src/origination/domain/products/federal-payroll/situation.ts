/** What a functional situation means for a loan. */
export interface FunctionalSituation {
  readonly name: string;
  /** The post ends on a day. */
  readonly isTemporary: boolean;
  readonly isPension: boolean;
}

export interface ReadSituation {
  /** The legal regime: EST of a statutory servant. */
  readonly regime: string | undefined;
  /** Without zeros at the left. */
  readonly number: string;
}

const SITUATION = /^([A-Z]{3})?[\s-]*0*(\d{1,3})(?!\d)/;

/** The number, and the regime if there is one, of `EST01-PERMANENT ACTIVE`; undefined when there is no number. */
export function readSituation(text: string | undefined): ReadSituation | undefined {
  const [, regime, number] = SITUATION.exec(text?.trim().toUpperCase() ?? '') ?? [];
  return number === undefined ? undefined : { regime, number };
}
