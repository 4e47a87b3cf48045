import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../kernel';
import { CLOCK, FieldCipher, NameResolver, SETTINGS, type Settings } from '../platform';
import {
  CLOUD_EVENT_TYPE,
  mailText,
  messageFor,
  signWebhook,
  slackBody,
  teamsBody,
  writeCloudEvent,
  type NotificationEvent,
} from './domain';
import { sendMail, TAKEN_BY_ALL } from './mail-sender';
import { MailServers } from './mail-server.service';
import { recipientsIn, type Channel } from './channel';
import { WebhookSender, type SendResult } from './webhook-sender';

/** An endpoint as sending needs it. */
export interface SendingEndpoint {
  readonly endpoint_id: string;
  readonly channel: Channel;
  readonly url: string;
  readonly secret_key_id: string;
  readonly secret_ciphertext: Buffer;
  readonly former_secret_key_id: string | null;
  readonly former_secret_ciphertext: Buffer | null;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** One message, in the way of its channel: people get several events in one, systems each by itself and signed. */
@Injectable()
export class ChannelSender {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly sender: WebhookSender,
    private readonly mailServers: MailServers,
    private readonly names: NameResolver,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @param events at least one; of a webhook exactly one.
   * @param takenBy which recipients of a mail have it already
   */
  send(
    endpoint: SendingEndpoint,
    events: readonly [NotificationEvent, ...NotificationEvent[]],
    takenBy: readonly string[],
  ): Promise<SendResult> {
    if (endpoint.channel === 'webhook') return this.#sign(endpoint, events[0]);
    const message = messageFor(events, this.settings.ARREMATE_PUBLIC_URL);
    if (endpoint.channel === 'email') {
      const { host } = new URL(this.settings.ARREMATE_PUBLIC_URL);
      const to = recipientsIn(endpoint.url).filter((recipient) => !takenBy.includes(recipient));
      return this.#mail(to, message, `<${events[0].id}@${host.replace(/:\d+$/, '')}>`);
    }
    const body = endpoint.channel === 'slack' ? slackBody(message) : teamsBody(message);
    const [address = Buffer.alloc(0)] = this.#secretsOf(endpoint);
    return this.sender.send({ url: address.toString(), headers: { 'content-type': JSON_TYPE }, body });
  }

  #sign(endpoint: SendingEndpoint, event: NotificationEvent): Promise<SendResult> {
    const body = writeCloudEvent(event, this.settings.ARREMATE_PUBLIC_URL);
    const signature = signWebhook({ id: event.id, body, at: this.clock.now() }, this.#secretsOf(endpoint));
    return this.sender.send({
      url: endpoint.url,
      headers: { 'content-type': CLOUD_EVENT_TYPE, ...signature },
      body,
    });
  }

  async #mail(
    to: readonly string[],
    message: ReturnType<typeof messageFor>,
    messageId: string,
  ): Promise<SendResult> {
    // Whom it did not reach may be no recipient any more.
    if (to.length === 0) return TAKEN_BY_ALL;
    const server = await this.mailServers.toSendBy();
    if (server === undefined) return { kind: 'no_answer', error: 'no_mail_server' };
    const mail = {
      to,
      subject: `[Arremate] ${message.subject}`,
      text: mailText(message),
      messageId,
    };
    return sendMail(server, mail, this.settings.engine.notifications.timeout_ms, this.names);
  }

  #secretsOf(endpoint: SendingEndpoint): Buffer[] {
    const { endpoint_id: id } = endpoint;
    const secret = this.cipher.decrypt(
      { keyId: endpoint.secret_key_id, ciphertext: endpoint.secret_ciphertext },
      'notification_endpoint.secret_ciphertext',
      id,
    );
    const { former_secret_key_id: keyId, former_secret_ciphertext: ciphertext } = endpoint;
    if (keyId === null || ciphertext === null) return [secret];
    const former = { keyId, ciphertext };
    return [secret, this.cipher.decrypt(former, 'notification_endpoint.former_secret_ciphertext', id)];
  }
}
