import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decideScenario, outcomeOf, readScenario } from './scenario';

/** exemplary/ teaches what the default policy does; supplemental/ holds the ugly cases. */
describe.each(['exemplary', 'supplemental'])('%s scenarios', (folder) => {
  const files = readdirSync(join(__dirname, folder)).filter((name) => name.endsWith('.json'));

  it.each(files.map((name) => [name, join(__dirname, folder, name)]))('%s', (_name, file) => {
    const scenario = readScenario(file);
    const decision = decideScenario(scenario, readFileSync(file, 'utf8'));
    const { expect: expected } = scenario;
    expect(outcomeOf(decision, expected)).toEqual({ ...expected, reasons: [...expected.reasons].sort() });
  });

  it('are not missing', () => {
    expect(files.length).toBeGreaterThan(10);
  });
});
