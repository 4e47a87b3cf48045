import type { ProposalDetail } from '../../api/client';
import { date, reais } from '../../format/format';
import { ACCEPTANCE_CHANNEL } from '../../words/proposal-words';
import { factInWords, wordOf } from '../../words/words';

type Summary = ProposalDetail['events'][number]['summary'];

/** What an event said, in words; keys and the like are for machines. */
export function eventFacts(summary: Summary): readonly string[] {
  return Object.entries(summary).flatMap(([name, value]) => factOf(name, value));
}

function factOf(name: string, value: unknown): readonly string[] {
  switch (name) {
    case 'amounts':
      return [`cliente recebe ${texts(value).map(reais).join(' ou ')}`];
    case 'reasons':
    case 'problems':
      return messagesIn(value);
    case 'problem':
      return messagesIn([value]);
    default:
      return typeof value === 'string' || typeof value === 'number' ? plainFact(name, String(value)) : [];
  }
}

function plainFact(name: string, value: string): readonly string[] {
  switch (name) {
    case 'permitted_from':
      return [`permitida a partir de ${date(value)}`];
    case 'periods':
      return [`${value} ${value === '1' ? 'saque' : 'saques'}`];
    case 'links':
      return [`${value} ${value === '1' ? 'vínculo' : 'vínculos'}`];
    case 'channel':
      return [`canal: ${wordOf(ACCEPTANCE_CHANNEL, value)}`];
    case 'text_version':
      return [`texto: ${value}`];
    case 'active_contracts':
      return [`antecipações em curso: ${value}`];
    default: {
      const words = factInWords(name, value);
      return words === undefined ? [] : [words];
    }
  }
}

/** Why it is not offered, or waits for somebody, in the policy's words: of the last time that it was judged. */
export function whyNotOffered({ status, decision, events }: ProposalDetail): readonly string[] {
  if (status === 'balance_known')
    return messagesIn([events.findLast(({ kind }) => kind === 'choice_needed')?.summary['problem']]);
  if (status !== 'not_eligible' && status !== 'in_review') return [];
  const declined = events.findLast(({ kind }) => kind === 'declined');
  const problem = status === 'not_eligible' ? messagesIn([declined?.summary['problem']]) : [];
  return [...new Set([...messagesIn(decision?.['reasons']), ...problem])];
}

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? (value as unknown[]) : []).filter((each) => typeof each === 'string');

function messagesIn(value: unknown): readonly string[] {
  return (Array.isArray(value) ? (value as unknown[]) : []).flatMap((each) =>
    typeof each === 'object' && each !== null && 'message' in each ? [String(each.message)] : [],
  );
}
