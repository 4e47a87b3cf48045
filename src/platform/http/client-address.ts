import { isIP } from 'node:net';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/**
 * The network address of whoever asks: behind trusted proxies (ARREMATE_TRUSTED_PROXIES) what the outermost of them saw,
 * else the other end of the connection.
 */
export const ClientAddress = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { ip, socket } = context.switchToHttp().getRequest<FastifyRequest>();
  return addressIn(ip) ?? addressIn(socket.remoteAddress ?? '') ?? 'unknown';
});

/** Some proxies write the port beside the address, and IPv4 may come dressed as IPv6. Undefined: it is no address. */
export function addressIn(text: string): string | undefined {
  const [, bracketed, bare] = /^(?:\[([^\]]+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+)$/.exec(text) ?? [];
  const address = (bracketed ?? bare ?? text).toLowerCase();
  const [, mapped] = /^::ffff:(\d+(?:\.\d+){3})$/.exec(address) ?? [];
  const plain = mapped ?? address;
  return isIP(plain) === 0 ? undefined : plain;
}
