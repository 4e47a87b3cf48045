import { readFileSync } from 'node:fs';
import { RUNBOOKS, runbookIn } from '../../troubles/domain';
import { ALERT_RUNBOOKS } from './alert';

describe('the runbook of an alert or a trouble', () => {
  it.each([...new Set([...Object.values(ALERT_RUNBOOKS), ...Object.values(RUNBOOKS)])])(
    '%s says what to do, in plain text',
    (page) => {
      const runbook = runbookIn(readFileSync(`docs/runbooks/${page}.md`, 'utf8'));
      expect(runbook?.about.length).toBeGreaterThan(0);
      expect(runbook?.steps.length).toBeGreaterThan(0);
      // It is shown as it stands: nothing that a page would have to render.
      expect(JSON.stringify(runbook)).not.toMatch(/[*|#]|\]\(|`/);
    },
  );
});
