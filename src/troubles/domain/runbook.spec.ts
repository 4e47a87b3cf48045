import { runbookIn } from './runbook';

describe('a runbook', () => {
  it('is the Portuguese section of its page', () => {
    const page = [
      '# QI is down',
      '## Em português: QI fora',
      '',
      'A QI não',
      'responde.',
      '',
      '1. Espere.',
      '2. Avise a QI,',
      '   com a hora.',
      '',
      '## More',
      'English.',
    ].join('\n');
    expect(runbookIn(page)).toEqual({
      title: 'QI fora',
      about: ['A QI não responde.'],
      steps: ['Espere.', 'Avise a QI, com a hora.'],
    });
    expect(runbookIn('# Nothing of it')).toBeUndefined();
  });
});
