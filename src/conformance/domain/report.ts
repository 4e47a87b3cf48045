import { QUESTIONS, settingsOf, type ConformanceReport } from './finding';

/** For people. */
export function reportAsMarkdown(report: ConformanceReport): string {
  const settings = Object.entries(settingsOf(report));
  const advice = report.findings.flatMap(({ advice: text }) => (text === undefined ? [] : [`- ${text}`]));
  return [
    `# Conformance with ${report.baseUrl}`,
    `Started ${report.startedAt.toISOString()}. ${report.stopped === undefined ? 'Went through to the end.' : `**Stopped: ${report.stopped}.**`}`,
    '## Settings to use',
    settings.length === 0
      ? 'None were found.'
      : fenced(settings.map(([name, value]) => `${name}=${value}`).join('\n')),
    ...(advice.length === 0 ? [] : ['## To do', advice.join('\n')]),
    '## Findings',
    ...report.findings.map(({ question, answer, evidence }) =>
      [`### ${QUESTIONS[question]}`, `**${answer}**`, evidence.map((each) => `- ${each}`).join('\n')]
        .filter((part) => part !== '')
        .join('\n\n'),
    ),
    ...unanswered(report),
  ]
    .join('\n\n')
    .concat('\n');
}

/** For programmes. */
export function reportAsJson(report: ConformanceReport): string {
  const { baseUrl, startedAt, stopped, findings } = report;
  const document = {
    base_url: baseUrl,
    started_at: startedAt.toISOString(),
    stopped: stopped ?? null,
    settings: settingsOf(report),
    findings: findings.map(({ question, answer, evidence, settings, advice }) => ({
      question,
      answer,
      evidence,
      settings: settings ?? {},
      advice: advice ?? null,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function unanswered({ findings }: ConformanceReport): string[] {
  const answered = new Set<string>(findings.map(({ question }) => question));
  const open = Object.entries(QUESTIONS).filter(([question]) => !answered.has(question));
  return open.length === 0 ? [] : ['## Still open', open.map(([, text]) => `- ${text}`).join('\n')];
}

function fenced(text: string): string {
  return ['```', text, '```'].join('\n');
}
