import { JUDGED_BY } from './borrower-data';

/** What of a timeline tells who has said something. */
export interface Said {
  readonly kind: string;
  readonly actor: string | null;
  readonly summary: Readonly<Record<string, unknown>>;
}

/**
 * Whose own word it is what a second person is to look at: whoever opened the proposal, has said since what the policy judges by,
 * or asked for the wishes that the policy leaves to people. That QI's figures differ from ours is nobody's word.
 */
export function whoseWord(openedBy: string, events: readonly Said[]): readonly string[] {
  const review = events.findLast(({ kind }) => kind === 'review_needed' || kind === 'figures_differ');
  const asked = events.filter(({ kind }) => kind === 'simulation_asked');
  const wished = review?.kind === 'figures_differ' ? [] : asked.slice(-1);
  const told = events.filter(({ kind, summary }) => {
    if (kind === 'simulation_asked') return listIn(summary['declared']).length > 0;
    const fields: readonly string[] = JUDGED_BY;
    return kind === 'borrower_described' && listIn(summary['fields']).some((field) => fields.includes(field));
  });
  const said = [...told, ...wished].flatMap(({ actor }) => (actor === null ? [] : [actor]));
  return [...new Set([openedBy, ...said])];
}

function listIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
