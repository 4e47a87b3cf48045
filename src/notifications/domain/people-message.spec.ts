import { Decimal } from '../../kernel';
import { TRIAL_TYPE } from './event-types';
import { mailText, messageFor, slackBody } from './people-message';

const event = (type: string, minute: number, data = {}) => ({
  id: 'e',
  type,
  subject: 'a',
  occurredAt: new Date(Date.UTC(2026, 10, 28, 10, minute)),
  data,
});
const down = event('alert.qi_down', 13, {
  status: 'raised',
  since: '2026-11-28T10:13:00Z',
  count: new Decimal(12),
  detail: 'no_answer',
});
const over = event('alert.disk_full', 20, {
  status: 'resolved',
  since: '2026-11-28T09:00:00Z',
  count: new Decimal(1),
  detail: '/var <&>',
});

describe('a message to people', () => {
  const message = messageFor([over, down], 'https://arremate.example');

  it('has a line for each event, oldest first, in words', () => {
    expect(message).toEqual({
      subject:
        'QI fora: a QI recebe e não responde, desde 28/11 07:13, 12 lances não enviados ou sem resposta (e mais 1)',
      lines: [
        'QI fora: a QI recebe e não responde, desde 28/11 07:13, 12 lances não enviados ou sem resposta',
        'Resolvido: Disco quase cheio: /var <&>, desde 28/11 06:00, 1 por cento livre',
      ],
      link: 'https://arremate.example/plantao',
      linkName: 'Abrir o plantão',
    });
    expect(mailText(message)).toContain('Abrir o plantão: https://arremate.example/plantao');
  });

  it('cannot be taken for markup by Slack', () => {
    const { text } = JSON.parse(slackBody(message)) as { text: string };
    expect(text).toContain('/var &lt;&amp;&gt;');
    expect(text).toContain('<https://arremate.example/plantao|Abrir o plantão>');
  });

  it('is told to be a trial', () => {
    expect(messageFor([event(TRIAL_TYPE, 0)], 'x').subject).toMatch(/^Teste/);
  });
});
