import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { run } from '../../launcher/processes';

/** A project of five files, and what Node makes of it with and without what was kept. */
describe('modules kept compiled', () => {
  const ours = resolve('dist/launcher/compiled-modules.js');
  let root: string;
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const node = async (script: string): Promise<string> => {
    const { code, output } = await run(process.execPath, ['-e', script], {});
    if (code !== 0) throw new Error(output);
    return output.trim();
  };
  const keep = (): Promise<string> =>
    node(`require(${JSON.stringify(ours)}).keepCompiled('${root}', '${root}/dist/main.js')`);
  const load = (): Promise<string> =>
    node(
      `require(${JSON.stringify(ours)}).loadCompiled('${root}'); require('${root}/dist/main.js').then(console.log)`,
    );

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'arremate-modules-'));
    write('node_modules/.package-lock.json', '{}');
    write('node_modules/a/index.js', `module.exports = 'a1';`);
    write('node_modules/b/package.json', '{"type": "module"}');
    write('node_modules/b/index.mjs', `export const b = 'b1';`);
    write('dist/ours.js', `module.exports = 'ção 1 ' + __filename.endsWith('dist/ours.js') + ' €';`);
    write('dist/later.js', `exports.later = async () => (await import('b/index.mjs')).b;`);
    write(
      'dist/main.js',
      `const a = require('a'), ours = require('./ours'), { later } = require('./later');
      module.exports = later().then((b) => [a, ours, b].join());`,
    );
    await keep();
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('are loaded from what was kept, whatever their kind', async () => {
    expect(await load()).toBe('a1,ção 1 true €,b1');
    // Nobody but an installation changes a package: it is not looked at again.
    write('node_modules/a/index.js', `module.exports = 'a2';`);
    expect(await load()).toBe('a1,ção 1 true €,b1');
  });

  it('are loaded anew when they are ours and were built since', async () => {
    write('dist/ours.js', `module.exports = 'ours 2';`);
    expect(await load()).toBe('a1,ours 2,b1');
  });

  it('are all loaded anew after an installation', async () => {
    write('node_modules/a/index.js', `module.exports = 'a2';`);
    write('node_modules/.package-lock.json', '{ }');
    expect(await load()).toBe('a2,ção 1 true €,b1');
  });

  it('are loaded as ever where nothing that can be read was kept', async () => {
    write('dist/modules.json', readFileSync(join(root, 'dist/modules.json'), 'utf8').slice(1));
    write('node_modules/a/index.js', `module.exports = 'a2';`);
    expect(await load()).toBe('a2,ção 1 true €,b1');
  });
});
