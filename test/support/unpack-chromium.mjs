/**
 * node test/support/unpack-chromium.mjs: unpacks the Chromium of the npm package with its libraries and fonts into
 * $TMPDIR. A program of its own because the package unpacks to wherever TMPDIR points, and what it unpacks depends on
 * the name of its surroundings.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// So called, the package brings the libraries too that a bare machine does not have.
process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x';
const { default: chromium } = await import('@sparticuz/chromium');
await chromium.executablePath();

// Where it will have been moved to: the fonts of the package first, the machine's for what they lack.
const home = process.env.CHROMIUM_HOME ?? tmpdir();
const preferOpenSans = ['sans-serif', 'system-ui'].map(
  (family) => `<alias><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`,
);
writeFileSync(
  join(tmpdir(), 'fonts', 'fonts.conf'),
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${join(home, 'fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${join(home, 'fonts-cache')}</cachedir>
${preferOpenSans.join('\n')}
</fontconfig>
`,
);
