/** What the registry knows against the locked packages. Where it does not answer, nobody knows, and that is said. */
import { runNpm } from '../prepare.mjs';

const GRAVE = ['high', 'critical'];

/** @returns {Promise<{answered: boolean, why?: string, grave: string[], others: string[]}>} */
export async function advisories() {
  const { output } = await runNpm(['audit', '--json', '--loglevel=silent']);
  const report = reportIn(output);
  if (report?.vulnerabilities === undefined) {
    const why = report?.message ?? report?.error?.summary ?? output.slice(0, 200);
    return { answered: false, why: String(why).split('\n')[0], grave: [], others: [] };
  }
  const found = Object.values(report.vulnerabilities).flatMap(({ name, severity, via }) =>
    via
      .filter((one) => typeof one === 'object')
      .map(({ title, url }) => ({ name, severity, line: `${name} (${severity}): ${title} ${url}` })),
  );
  const isGrave = ({ severity }) => GRAVE.includes(severity);
  return {
    answered: true,
    grave: found.filter(isGrave).map(({ line }) => line),
    others: found.filter((one) => !isGrave(one)).map(({ line }) => line),
  };
}

function reportIn(output) {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}
