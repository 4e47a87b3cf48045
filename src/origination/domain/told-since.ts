interface Told {
  readonly kind: string;
  readonly summary: Readonly<Record<string, unknown>>;
}

const tellings = (events: readonly Told[]): readonly Told[] =>
  events.filter(({ kind }) => kind === 'borrower_described');

/** How often something of the borrower was told: what a form is filled in upon. */
export const borrowerRevision = (events: readonly Told[]): number => tellings(events).length;

/** Which of the fields somebody has told since, so that they would be overwritten unseen. */
export function toldSince(
  events: readonly Told[],
  revision: number,
  fields: readonly string[],
): readonly string[] {
  const told = tellings(events)
    .slice(revision)
    .flatMap(({ summary }) => summary['fields']);
  return fields.filter((field) => told.includes(field));
}
