import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeSection } from '../support/written-section';
import { CAMPAIGNS } from './all/campaigns';
import { faultsAsMarkdown, runsOnRecord } from './faults/totals';

/**
 * Every campaign one after the other, and what they say in docs/reliability.md. Arguments: faults of the campaign that a seed
 * chooses, and the seed. With 0 faults nothing is run, and what each left when it ran alone is written down.
 */
const FAULTS = process.argv[2] ?? '60';
const IS_ONLY_WRITTEN = FAULTS === '0';
const SEED = process.argv[3] ?? String(randomInt(1_000_000));
const PAGE = 'docs/reliability.md';

async function main(): Promise<void> {
  const failed: string[] = [];
  const rows: string[] = [];
  if (!IS_ONLY_WRITTEN && (await run('faults', [FAULTS, SEED])) !== 0) failed.push('faults');
  for (const { name, what, args, told } of CAMPAIGNS) {
    const report = join('.data/reports', `${name}.json`);
    if (!IS_ONLY_WRITTEN) rmSync(report, { force: true });
    const code = IS_ONLY_WRITTEN ? 0 : await run(name, args);
    if (code !== 0) failed.push(name);
    const words = existsSync(report)
      ? told(JSON.parse(readFileSync(report, 'utf8')) as Readonly<Record<string, unknown>>)
      : 'no report';
    rows.push(`| \`${name} ${args.join(' ')}\` | ${what} | ${code === 0 ? '' : '**FAILED:** '}${words} |`);
  }
  writeSection(PAGE, { name: 'campaigns', text: sectionOf(rows) });
  process.stderr.write(
    `${PAGE} is written; ${failed.length === 0 ? 'all went well' : `failed: ${failed.join(', ')}`}\n`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function run(name: string, args: readonly string[]): Promise<number> {
  process.stderr.write(`\n=== ${name} ${args.join(' ')}\n`);
  const child = spawn(process.execPath, [join(__dirname, `${name}.chaos.js`), ...args], { stdio: 'inherit' });
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

function sectionOf(rows: readonly string[]): string {
  return [
    '## Campaigns on real processes',
    '',
    `Written by \`npm run chaos -- all\` on ${new Date().toISOString().slice(0, 10)}: two services, a PostgreSQL of their own, QI played.`,
    'After every ten faults everything heals, the auditor (`test/support/auditor.ts`) looks, and whatever was acknowledged must be',
    'applied. Of `faults`, all runs on this machine are added up.',
    '',
    faultsAsMarkdown(runsOnRecord('faults')),
    '',
    '| campaign | what happens | came of it |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}

void main();
