/** What every command needs first: the locked dependencies, and a build of the present sources. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const stampFile = join(root, 'dist', '.sources');
const lockFile = join(root, '.prepare.lock');
const sourceDirectories = [
  'src',
  'sandbox',
  'launcher',
  'demo',
  'test/bench',
  'test/chaos',
  'test/simulation',
  'test/support',
  'console',
];
const buildFiles = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
/** The service with what belongs to it, and the console. Types are checked by `npm test`: waiting for that helps nobody here. */
export const builds = [
  ['node_modules/typescript-native/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck'],
  ['node_modules/vite/bin/vite.js', 'build', '--config', 'console/vite.config.mjs', '--logLevel', 'warn'],
];

/** Progress goes to standard error: standard output belongs to the command. */
export function progress(line) {
  process.stderr.write(`${line}\n`);
}

/** Installs and builds where needed; quiet and quick where not. Ends the process with a message on failure. */
export async function prepare() {
  requireNode();
  if (isInstalled() && isBuilt()) return;
  await alone(async () => {
    await installIfOutdated();
    await buildIfStale();
  });
}

/** Packages of ours are ES modules, and are taken with require(): 21 and the first versions of 22 refuse that. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isLateEnough = major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22;
  if (isLateEnough && process.features.require_module === true) return;
  fail(
    `Node ${process.version} cannot run this: 20.19 or newer of 20, or 22.12 or newer, is needed (https://nodejs.org), with require() of ES modules left on.`,
  );
}

async function installIfOutdated() {
  if (isInstalled()) return;
  const done = announce('Installing the locked dependencies (npm ci)');
  // Nothing of ours needs the packages' installation scripts, so none is run.
  const options = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  // .npmrc silences npm; here its errors are wanted.
  const { code, output } = await runNpm(['ci', ...options, '--loglevel=error']);
  done();
  if (code !== 0) fail(`${output}\nnpm ci failed.`);
}

/** Whether what npm noted as installed is what the lockfile asks for. */
function isInstalled() {
  const wanted = packagesIn('package-lock.json');
  const present = packagesIn('node_modules/.package-lock.json');
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const installed = present[path];
    // An optional package may be missing: it is for another platform.
    return installed === undefined ? optional === true : installed.version === version;
  });
}

function packagesIn(name) {
  const file = join(root, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

async function buildIfStale() {
  if (isBuilt()) return;
  const fingerprint = fingerprintOfSources();
  const done = announce('Building');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const results = await Promise.all(builds.map((build) => run(process.execPath, build)));
  const complaints = results.filter(({ code }) => code !== 0).map(({ output }) => output);
  if (complaints.length > 0) fail(`${complaints.join('\n')}\nThe build failed.`);
  const kept = await run(process.execPath, ['dist/launcher/keep-compiled.js']);
  if (kept.code !== 0) fail(`${kept.output}\nWhat was built cannot be loaded.`);
  done();
  writeFileSync(stampFile, fingerprint);
}

function isBuilt() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprintOfSources();
}

function fingerprintOfSources() {
  const files = [...sourceDirectories.flatMap(sourcesIn), ...buildFiles.map((name) => join(root, name))];
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function sourcesIn(name) {
  const directory = join(root, name);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true })
    .map((entry) => join(directory, entry))
    .filter((file) => !file.endsWith('.spec.ts') && statSync(file).isFile());
}

/** Two commands at once must not install or build over each other. */
async function alone(work) {
  for (let waits = 0; !takeLock(); waits++) {
    if (waits === 5) progress('Waiting for another command that installs or builds here ...');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => rmSync(lockFile, { force: true });
  process.once('exit', release);
  await work();
  process.off('exit', release);
  release();
}

function takeLock() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!lockHolderLives()) rmSync(lockFile, { force: true });
    return false;
  }
}

function lockHolderLives() {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'));
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs a command in the project's directory; what it prints comes back as one text. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) =>
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString().trim() }),
    );
  });
}

/** Runs a Node script with our terminal as its own. Resolves with its exit code. */
export function runAttached(args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', ...options });
    // Ctrl-C reaches the child by itself, a signal to us alone does not: we stay to hand its exit code on.
    process.on('SIGINT', () => undefined);
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** The npm that runs us, or the one on the PATH. */
export function runNpm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args]);
  return run('npm', args, { shell: process.platform === 'win32' });
}

function announce(what) {
  const since = Date.now();
  const seconds = () => `${Math.round((Date.now() - since) / 1000)} s`;
  progress(`${what} ...`);
  const ticker = setInterval(() => progress(`  ... ${seconds()}`), 15_000);
  return () => {
    clearInterval(ticker);
    progress(`${what}: ${seconds()}`);
  };
}

export function fail(message) {
  progress(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await prepare();
