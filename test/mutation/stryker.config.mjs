import { SUBJECTS } from './subjects.mjs';

const subject = process.env.MUTATION_SUBJECT;
const { code } = SUBJECTS[subject];

export default {
  mutate: [...code.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.ts`)), '!**/*.spec.ts'],
  plugins: ['./test/mutation/test-runner.mjs'],
  testRunner: 'in-one-process',
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 30_000,
  ignorePatterns: ['.data', 'dist', 'console', 'coverage', 'reports'],
  reporters: ['clear-text', 'progress-append-only', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName: `reports/mutation/${subject}.json` },
  incremental: true,
  incrementalFile: `reports/mutation/${subject}-incremental.json`,
  thresholds: { high: 95, low: 85, break: 85 },
  tempDirName: '.stryker-tmp',
};
