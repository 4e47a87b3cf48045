import { createHmac } from 'node:crypto';
import { signWebhook, writeSecret } from './standard-webhook';

describe('Standard Webhooks', () => {
  // The example that the specification's own libraries are tested with.
  const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    at: new Date(1_614_265_330_000),
    body: '{"test": 2432232314}',
  };

  it('signs the published example as published', () => {
    expect(signWebhook(message, [secret])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
    expect(writeSecret(secret)).toBe('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  });

  it('bears one signature per secret, in order', () => {
    const other = Buffer.alloc(24, 1);
    const expected = [secret, other].map(
      (key) =>
        `v1,${createHmac('sha256', key).update(`${message.id}.1614265330.${message.body}`).digest('base64')}`,
    );
    expect(signWebhook(message, [secret, other])['webhook-signature']).toBe(expected.join(' '));
  });

  it('dates by whole seconds, rounded down', () => {
    const at = new Date(1_614_265_330_999);
    expect(signWebhook({ ...message, at }, [secret])).toEqual(signWebhook(message, [secret]));
  });
});
