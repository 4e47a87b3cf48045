import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { errorCode, run } from '../../launcher/processes';

/** A Chromium that the machine already has; CHROMIUM names another one. */
const INSTALLED = [process.env['CHROMIUM'], '/usr/bin/chromium'];

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  // All pages are ours: none needs a process apart, nor one kept ready for the next.
  '--renderer-process-limit=1',
  '--disable-features=SpareRendererForSitePerProcess',
  // Nothing but this machine can be reached, whatever a page asks for.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** The machine's Chromium or, where it has none, the one inside the npm package, which needs nothing installed. */
export async function launchChromium(): Promise<Browser> {
  const installed = INSTALLED.find((path) => path !== undefined && existsSync(path));
  const { executablePath, env } = installed
    ? { executablePath: installed, env: {} }
    : await unpackedChromium();
  return chromium.launch({ executablePath, args: ARGUMENTS, env: { ...process.env, ...env } });
}

/** Unpacked once per machine and version (some 6 seconds), whole or not at all. */
async function unpackedChromium(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const { version } = JSON.parse(readFileSync('node_modules/@sparticuz/chromium/package.json', 'utf8')) as {
    version: string;
  };
  const home = join(tmpdir(), `arremate-chromium-${version}`);
  if (!existsSync(home)) await unpack(home);
  return {
    executablePath: join(home, 'chromium'),
    env: { LD_LIBRARY_PATH: join(home, 'al2023', 'lib'), FONTCONFIG_PATH: join(home, 'fonts') },
  };
}

async function unpack(home: string): Promise<void> {
  const unfinished = `${home}.${randomUUID()}`;
  mkdirSync(unfinished);
  try {
    const { code, output } = await run(process.execPath, [resolve('test/support/unpack-chromium.mjs')], {
      env: { ...process.env, TMPDIR: unfinished, CHROMIUM_HOME: home },
    });
    if (code !== 0) throw new Error(`Chromium could not be unpacked; set CHROMIUM to one.\n${output}`);
    renameSync(unfinished, home);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another test file was quicker.
    if (!['ENOTEMPTY', 'EEXIST'].includes(String(errorCode(error)))) throw error;
  }
}
