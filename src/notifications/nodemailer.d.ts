/** What we use of nodemailer, which brings no types. */
declare module 'nodemailer' {
  import type { Socket } from 'node:net';

  interface TransportOptions {
    readonly host: string;
    readonly port: number;
    readonly secure: boolean;
    readonly requireTLS: boolean;
    readonly ignoreTLS: boolean;
    readonly auth: { readonly user: string; readonly pass: string } | undefined;
    readonly connectionTimeout: number;
    readonly greetingTimeout: number;
    readonly socketTimeout: number;
    readonly getSocket: (
      options: unknown,
      done: (error: Error | null, opened?: { readonly connection: Socket }) => void,
    ) => void;
    readonly disableFileAccess: true;
    readonly disableUrlAccess: true;
  }
  interface Mail {
    readonly from: string;
    readonly to: readonly string[];
    readonly subject: string;
    readonly text: string;
    readonly messageId: string;
  }
  /** It was taken for one recipient at least; rejected by whom, and why, in the same order. */
  interface SentMail {
    readonly rejected: readonly string[];
    readonly rejectedErrors?: readonly unknown[];
  }
  interface Transport {
    sendMail(mail: Mail): Promise<SentMail>;
    close(): void;
  }
  export function createTransport(options: TransportOptions): Transport;
}
