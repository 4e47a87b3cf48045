import { WEBHOOK_STATUSES, webhookSourcesOf } from './webhook-status';

describe('the life of a webhook', () => {
  it('applies only what is new, and nothing twice', () => {
    expect(webhookSourcesOf('done')).toEqual(['new']);
    for (const to of WEBHOOK_STATUSES) expect(webhookSourcesOf(to)).not.toContain('done');
  });

  it('parks what was tried and what waited, and lets a person try it again', () => {
    expect(webhookSourcesOf('parked')).toEqual(['new', 'waiting']);
    expect(webhookSourcesOf('new')).toEqual(['parked', 'waiting']);
  });
});
