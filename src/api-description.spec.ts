import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describeApiUnstarted } from './api-description';

const run = promisify(execFile);

describe('what the console knows of the API', () => {
  it('is the API as it is (else: npm run describe-api)', async () => {
    const known: unknown = JSON.parse(readFileSync('console/openapi.json', 'utf8'));
    const present: unknown = JSON.parse(JSON.stringify(await describeApiUnstarted()));
    expect(present).toEqual(known);
  });

  it('is what its types were made from (else: npm run describe-api)', async () => {
    const generator = resolve('node_modules/openapi-typescript/bin/cli.js');
    const { stdout } = await run(process.execPath, [generator, 'console/openapi.json'], {
      maxBuffer: 16_000_000,
    });
    expect(readFileSync('console/src/api/schema.d.ts', 'utf8')).toBe(stdout);
  });
});
