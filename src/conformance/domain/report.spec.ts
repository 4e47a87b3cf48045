import type { ConformanceReport } from './finding';
import { reportAsJson, reportAsMarkdown } from './report';

const report: ConformanceReport = {
  baseUrl: 'https://qi.example',
  startedAt: new Date('2026-08-18T12:00:00Z'),
  stopped: undefined,
  findings: [
    {
      question: 'request_signing',
      answer: 'jwt-v2',
      evidence: ['jwt-v2: 200'],
      settings: { QI_SIGNING: 'jwt-v2' },
    },
    { question: 'second_proposal', answer: 'accepted beside the first', evidence: [], advice: 'Take care.' },
  ],
};

describe('the report', () => {
  it('tells people the settings, what to do, what was found and what is open', () => {
    const text = reportAsMarkdown(report);
    expect(text).toContain('Went through to the end.');
    expect(text).toContain('```\nQI_SIGNING=jwt-v2\n```');
    expect(text).toContain('## To do\n\n- Take care.');
    expect(text).toContain('### How must our requests be signed?\n\n**jwt-v2**\n\n- jwt-v2: 200');
    expect(text).toMatch(/## Still open\n\n(- .*\n){12}$/);
  });

  it('says why it stopped, and that nothing was found', () => {
    const text = reportAsMarkdown({ ...report, stopped: 'QI said no', findings: [] });
    expect(text).toContain('**Stopped: QI said no.**');
    expect(text).toContain('None were found.');
    expect(text).not.toContain('## To do');
  });

  it('tells programmes the same', () => {
    expect(JSON.parse(reportAsJson(report))).toMatchObject({
      base_url: 'https://qi.example',
      stopped: null,
      settings: { QI_SIGNING: 'jwt-v2' },
      findings: [
        { question: 'request_signing', answer: 'jwt-v2', advice: null },
        { question: 'second_proposal', settings: {}, advice: 'Take care.' },
      ],
    });
  });
});
