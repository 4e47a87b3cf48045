import { readFileSync } from 'node:fs';
import { ALERT_RUNBOOKS } from './alert';
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

  it.each([...new Set(Object.values(ALERT_RUNBOOKS))])('%s says what to do, in plain text', (page) => {
    const runbook = runbookIn(readFileSync(`docs/runbooks/${page}.md`, 'utf8'));
    expect(runbook?.about.length).toBeGreaterThan(0);
    expect(runbook?.steps.length).toBeGreaterThan(0);
    // It is shown as it stands: nothing that a page would have to render.
    expect(JSON.stringify(runbook)).not.toMatch(/[*|#]|\]\(|`/);
  });
});
