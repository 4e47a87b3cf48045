import { whoseWord, type Said } from './own-word';

const said = (kind: string, actor: string | null = null, summary: Said['summary'] = {}): Said => ({
  kind,
  actor,
  summary,
});
const wished = (actor: string, ...declared: string[]) => said('simulation_asked', actor, { declared });

describe('whose own word it is what a second person looks at', () => {
  it.each<[string, Said[], string[]]>([
    ['nothing else was said', [said('balance_received'), said('review_needed')], ['ana']],
    [
      'wishes are those of whoever asked last',
      [wished('bia'), wished('rui'), said('review_needed')],
      ['ana', 'rui'],
    ],
    ['wishes are judged by the policy, not by QI', [wished('bia'), said('figures_differ')], ['ana']],
    [
      'the policy was asked again since the figures differed',
      [said('figures_differ'), wished('bia'), said('review_needed')],
      ['ana', 'bia'],
    ],
    [
      'a declaration stays one, whoever wishes since',
      [wished('bia', 'functional_situation'), wished('rui'), said('figures_differ')],
      ['ana', 'bia'],
    ],
    [
      'of the borrower only that counts which is judged by',
      [
        said('borrower_described', 'bia', { fields: ['email', 'is_pep'] }),
        said('borrower_described', 'rui', { fields: ['email'] }),
        said('review_needed'),
      ],
      ['ana', 'bia'],
    ],
  ])('%s', (_, events, whose) => {
    expect(whoseWord('ana', events)).toEqual(whose);
  });
});
