import { readFileSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

/** Where it is kept, and by what it is known to fit. */
interface Places {
  readonly root: string;
  readonly index: string;
  readonly code: string;
  /** Changes with every installation. */
  readonly installed: string;
}

function placesIn(root: string): Places {
  return {
    root,
    index: join(root, 'dist', 'modules.json'),
    code: join(root, 'dist', 'modules.bin'),
    installed: join(root, 'node_modules', '.package-lock.json'),
  };
}

/** What Node's loader is made of and does not describe. */
interface Internals {
  _extensions: Record<string, (module: NodeJS.Module, filename: string) => void>;
  _resolveFilename: (
    request: string,
    parent: NodeJS.Module | undefined,
    isMain: boolean,
    options?: object,
  ) => string;
  prototype: {
    _compile: (this: NodeJS.Module, source: string, filename: string, ...more: unknown[]) => unknown;
  };
  wrap: (source: string) => string;
}
const loader = Module as unknown as Internals;

type Wrapper = (
  exports: unknown,
  require: unknown,
  module: NodeJS.Module,
  filename: string,
  directory: string,
) => unknown;

interface Kept {
  /** Its place in the file of code: the source as text of one or two bytes a character, and what V8 made of it. */
  readonly at: number;
  readonly encoding: 'latin1' | 'utf16le';
  readonly sourceBytes: number;
  readonly compiledBytes: number;
  /** Of a file of ours, which may be built anew without an installation. */
  readonly version: string | undefined;
}

interface Index {
  readonly conditions: string;
  /** By path from the project's directory. */
  readonly modules: Readonly<Record<string, Kept>>;
  /** By directory of whoever asks, then by what is asked for. */
  readonly found: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Node, V8 with its flags, and the installation that the code was kept for. */
function conditions({ installed }: Places): string {
  return `${process.version} ${cachedDataVersionTag()} ${versionOf(installed)}`;
}

function versionOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${size} ${mtimeMs}`;
}

/**
 * What the service loads when it starts is kept compiled: its 2,700 files are found, read and compiled once per build and not
 * once per start, which halves the time of loading (docs/adr/compiled-modules.md). From now on modules come from there. Nothing
 * depends on it: what is missing, other or newer than what was kept is loaded as ever, and a build takes it away with `dist`.
 *
 * @param root the project's directory
 */
export function loadCompiled(root: string): void {
  const kept = readKept(placesIn(root));
  if (kept === undefined) return;
  const { index, code } = kept;
  const resolve = loader._resolveFilename;
  loader._resolveFilename = (request, parent, isMain, options) => {
    const from = options === undefined ? parent?.filename : undefined;
    const found = from && index.found[relative(root, dirname(from))]?.[request];
    return found ? join(root, found) : resolve(request, parent, isMain, options);
  };
  const load = loader._extensions['.js'];
  loader._extensions['.js'] = (module, filename) => {
    const one = index.modules[relative(root, filename)];
    if (one === undefined || (one.version !== undefined && one.version !== versionOf(filename)))
      load?.(module, filename);
    else {
      const compiled = one.at + one.sourceBytes;
      const script = new Script(code.toString(one.encoding, one.at, compiled), {
        filename,
        cachedData: code.subarray(compiled, compiled + one.compiledBytes),
      });
      run(script, module, filename);
    }
  };
}

function readKept(places: Places): { readonly index: Index; readonly code: Buffer } | undefined {
  try {
    const index = JSON.parse(readFileSync(places.index, 'utf8')) as Index;
    return index.conditions === conditions(places) ? { index, code: readFileSync(places.code) } : undefined;
  } catch {
    return undefined; // nothing was kept
  }
}

function run(script: Script, module: NodeJS.Module, filename: string): unknown {
  const require = Module.createRequire(filename);
  const wrapper = script.runInThisContext() as Wrapper;
  return wrapper.call(module.exports, module.exports, require, module, filename, dirname(filename));
}

/**
 * Loads a module of the build, and keeps what that needed.
 *
 * @param root the project's directory
 */
export function keepCompiled(root: string, entry: string): void {
  const places = placesIn(root);
  const packages = join(root, 'node_modules', '');
  const scripts: { readonly filename: string; readonly source: string; readonly script: Script }[] = [];
  const found: Record<string, Record<string, string>> = {};
  const resolve = loader._resolveFilename;
  loader._resolveFilename = (request, parent, isMain, options) => {
    const file = resolve(request, parent, isMain, options);
    if (options === undefined && parent?.filename !== undefined && isAbsolute(file))
      (found[relative(root, dirname(parent.filename))] ??= {})[request] = relative(root, file);
    return file;
  };
  const compile = loader.prototype._compile;
  loader.prototype._compile = function (source, filename, ...more) {
    const wrapped = loader.wrap(source.replace(/^#!/, '//'));
    const script = scriptOf(wrapped, filename);
    if (script === undefined) return compile.call(this, source, filename, ...more);
    scripts.push({ filename, source: wrapped, script });
    return run(script, this, filename);
  };
  Module.createRequire(entry)(entry);
  const modules: Record<string, Kept> = {};
  const parts: Buffer[] = [];
  let at = 0;
  for (const { filename, source, script } of scripts) {
    const encoding = /^[\0-\xff]*$/.test(source) ? 'latin1' : 'utf16le';
    const text = Buffer.from(source, encoding);
    const compiled = script.createCachedData();
    modules[relative(root, filename)] = {
      at,
      encoding,
      sourceBytes: text.length,
      compiledBytes: compiled.length,
      version: filename.startsWith(packages) ? undefined : versionOf(filename),
    };
    parts.push(text, compiled);
    at += text.length + compiled.length;
  }
  writeFileSync(places.code, Buffer.concat(parts));
  writeFileSync(
    places.index,
    JSON.stringify({ conditions: conditions(places), modules, found } satisfies Index),
  );
}

/** @returns undefined for what Node loads in ways of its own: ES modules, and what imports one when it needs it */
function scriptOf(source: string, filename: string): Script | undefined {
  if (/\bimport\s*\(/.test(source)) return undefined;
  try {
    return new Script(source, { filename });
  } catch {
    return undefined;
  }
}
