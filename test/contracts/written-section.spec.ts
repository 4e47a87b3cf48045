import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSection } from '../support/written-section';

it('a command writes its part of a page anew, and leaves the others', () => {
  const home = mkdtempSync(join(tmpdir(), 'arremate-section-'));
  const page = join(home, 'page.md');
  try {
    writeSection(page, { name: 'one', text: 'first' });
    writeSection(page, { name: 'another', text: 'second' });
    writeSection(page, { name: 'one', text: '\nfirst, again\n' });
    expect(readFileSync(page, 'utf8')).toBe(
      '# Reliability\n\n<!-- begin: one -->\n\nfirst, again\n\n<!-- end: one -->\n\n' +
        '<!-- begin: another -->\n\nsecond\n\n<!-- end: another -->\n',
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
